"""SVG, PDF, worksheets, slides and LaTeX: what other readers find in the files."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from pptx import Presentation

from app.export.backends.svg_backend import write_svg
from app.export.backends.tikz_backend import escape_latex, is_small_enough
from app.export.export_writer import write_deck, write_export
from app.export.exported_figure import list_shown_views
from app.export.paper.worksheet import lay_out_worksheet
from app.export.slides.presentation import write_pptx
from app.render.figure.png_backend import draw_picture
from app.render.figure.primitives import CellImage, TextLine
from tests.export.exported import COLORS, FACE, GRID, choose, make_figure
from tests.export.test_film_files import how_far

SVG = "{http://www.w3.org/2000/svg}"
VIEWS = [FACE, COLORS, f"{FACE}&tab=equation", f"{COLORS}&volume=1", "image=digit-3&size=28&layers=model:lenet5"]
KINDS = ["svg", "pdf", "pptx", "latex", "xlsx", "csv", "npz", "safetensors", "json"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_figure_gives_the_same_bytes(kind: str):
    assert write_export(make_figure(GRID), choose(kind)).data == write_export(make_figure(GRID), choose(kind)).data


@pytest.mark.parametrize("link", VIEWS)
def test_an_svg_has_the_texts_of_the_figure_as_texts_and_its_cells_as_pictures(link: str):
    figure = make_figure(link).lay_out()
    tree = ElementTree.fromstring(write_svg(figure, "A & B", "1 < 2"))
    assert [one.text for one in tree.iter(f"{SVG}text")] == [one.text or None for one in figure.select(TextLine)]
    assert len(list(tree.iter(f"{SVG}image"))) == len(figure.select(CellImage))
    assert tree.findtext(f"{SVG}title") == "A & B"
    style = tree.findtext(f"{SVG}style")
    assert style.count("@font-face") == len({one.face for one in figure.select(TextLine) if one.text})


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="there is no pdftotext")
@pytest.mark.parametrize("link", VIEWS)
def test_a_pdf_has_the_texts_and_looks_like_the_picture(link: str, tmp_path: Path):
    figure, file = make_figure(link), tmp_path / "figure.pdf"
    file.write_bytes(write_export(figure, choose("pdf")).data)
    said = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, text=True).stdout
    title = figure.lay_out().texts("title")[0]
    assert title in said
    fonts = subprocess.run(["pdffonts", str(file)], capture_output=True, check=True, text=True).stdout.splitlines()[2:]
    assert fonts
    assert all(" yes " in line for line in fonts)
    subprocess.run(["pdftoppm", "-r", "72", "-png", "-singlefile", str(file), str(tmp_path / "page")], check=True)
    assert how_far(Image.open(tmp_path / "page.png"), draw_picture(figure.lay_out(), 1200)) < 7


def test_a_pdf_has_a_page_for_each_step_or_all_layers_on_one():
    figure = make_figure(FACE)
    pages = {
        show: count_pages(write_export(figure, choose("pdf", show=show)).data) for show in ("step", "view", "stages")
    }
    assert pages == {"step": 4, "view": 1, "stages": 1}


def count_pages(data: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", data))


def test_a_worksheet_hides_its_cells_and_the_second_page_has_them():
    figure = replace(make_figure(GRID), blank=((0, 1), (2, 2)))
    task, key = lay_out_worksheet(figure, "A4")
    numbers = [one.text for one in task.select(TextLine) if one.part.startswith("output")]
    answers = [one.text for one in key.select(TextLine) if one.part.startswith("output")]
    assert len(answers) - len(numbers) == 2
    assert not task.texts("result")
    assert key.texts("answers") == ["row 0, column 1: 3", "row 2, column 2: 4"]
    assert len(task.select(type(task.primitives[-1]), "blank")) == 2
    assert count_pages(write_export(make_figure(GRID), choose("pdf", blank="0,1;2,2")).data) == 2


def test_a_cell_outside_the_map_cannot_be_left_empty():
    with pytest.raises(ValueError, match="rows 0 to 2"):
        write_export(make_figure(GRID), choose("pdf", blank="3,0"))


def open_slides(data: bytes) -> list:
    return list(Presentation(io.BytesIO(data)).slides)


def test_slides_have_shapes_with_the_same_names_so_that_morph_moves_them():
    figure = make_figure(f"{FACE}&stops=0,0;3,4", "https://lab.example/")
    slides = open_slides(write_pptx([figure]))
    assert len(slides) == 2
    windows = [next(one for one in slide.shapes if one.name == "!!input-window 3") for slide in slides]
    assert (windows[0].left, windows[0].top) != (windows[1].left, windows[1].top)
    assert "morph" not in slides[0].element.xml
    assert "morph" in slides[1].element.xml


@pytest.mark.parametrize("shape", ["16:9", "4:3"])
def test_a_slide_has_each_text_of_the_figure_and_a_link_back(shape: str):
    figure = make_figure(f"{COLORS}&title=A %26 B <1>", "https://lab.example/")
    book = Presentation(io.BytesIO(write_pptx([figure], "view", shape)))
    slide = book.slides[0]
    texts = [one.text_frame.text for one in slide.shapes if one.has_text_frame and one.name.startswith("!!")]
    assert [one for one in texts if one] == [one.text for one in figure.lay_out().select(TextLine) if one.text]
    link = next(one for one in slide.shapes if one.name == "Link")
    assert link.click_action.hyperlink.address == figure.address
    inside = [
        one.left >= 0 and one.top >= 0 and one.top + one.height <= book.slide_height
        for one in slide.shapes
        if one.name.startswith("!!input")
    ]
    assert all(inside)


def test_pictures_are_described_and_the_notes_say_the_step_in_words():
    slides = open_slides(write_pptx([make_figure(FACE)]))
    assert len(slides) == 4
    for slide in slides:
        pictures = [one for one in slide.shapes if one.shape_type == 13]
        assert pictures
        assert all(one._element.nvPicPr.cNvPr.get("descr") for one in pictures)
    assert "Row 3, column 4." in slides[-1].notes_slide.notes_text_frame.text
    assert "their sum + bias 0 0" in slides[-1].notes_slide.notes_text_frame.text


def test_the_slides_of_a_question_have_no_answer():
    figure = make_figure(f"{GRID}&predict=cell")
    (slide,) = open_slides(write_pptx([figure]))
    assert "+3" not in slide.notes_slide.notes_text_frame.text
    names = [one.text_frame.text for one in slide.shapes if one.has_text_frame and "!!result" in one.name]
    assert "+3" not in names


def test_more_slides_than_a_lecture_has_are_refused():
    stops = ";".join(f"{row},{column}" for row in range(4) for column in range(8))
    with pytest.raises(ValueError, match="32 slides"):
        write_pptx([make_figure(f"image=face&layers=conv:sobel-x&stops={stops}")])


def test_a_list_of_figures_is_one_presentation_with_a_slide_for_each():
    figures = [make_figure(FACE), make_figure(COLORS)]
    assert len(open_slides(write_deck(figures, choose("pptx")))) == 2
    assert count_pages(write_deck(figures, choose("pdf"))) == 2


def read_zip(link: str, show: str = "step") -> dict[str, bytes]:
    data = write_export(make_figure(link), choose("latex", show=show)).data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_latex_has_a_page_for_each_step_and_drawings_of_small_figures():
    files = read_zip(GRID)
    steps = len(list_shown_views(make_figure(GRID)))
    assert [name for name in files if name.startswith("figures/")] == [
        f"figures/step-{n}.pdf" for n in range(1, steps + 1)
    ]
    drawn = files["tikz/step-4.tex"].decode()
    for text in make_figure(GRID).lay_out().texts("input-title", "window-caption", "filter-caption"):
        assert f"{{{text}}}" in drawn
    assert is_small_enough(make_figure(GRID).lay_out())


def test_a_large_figure_has_no_drawing_and_the_readme_says_why():
    files = read_zip(FACE)
    assert not [name for name in files if "tikz" in name or name == "figure.tex"]
    assert "12 × 12" in files["README.txt"].decode()


def test_a_letter_that_latex_has_not_leaves_the_drawings_out_and_the_readme_says_so():
    files = read_zip(f"{GRID}&title=ђ")
    assert not [name for name in files if "tikz" in name]
    assert "no ђ" in files["README.txt"].decode()
    assert "figures/step-1.pdf" in files
    with pytest.raises(ValueError, match="no 日"):
        read_zip(f"{GRID}&title=日")  # nor has the font of the pages


@pytest.mark.parametrize(
    "link",
    [
        "image=(1,2,3;4,5,6;7,8,9)&layers=conv:(10,20;30,40),bias=5&letters=1",
        "image=(1,2,3)&layers=conv:(0,1,0.5),flip=1,padding=full&at=0,2&beat=write&signal=1",
    ],
)
def test_greek_letters_and_signs_of_formulas_are_drawn(link: str):
    assert "tikz/step-1.tex" in read_zip(link)


def test_no_character_means_something_else_in_latex():
    assert escape_latex("50 % & $1 #_{a} ~^\\") == (
        r"50 \% \& \$1 \#\_\{a\} \textasciitilde{}\textasciicircum{}\textbackslash{}"
    )
    assert escape_latex("Straße → 3×3") == r"Straße \ensuremath{\rightarrow} 3\ensuremath{\times}3"
    with pytest.raises(ValueError, match="no 日"):
        escape_latex("日")


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("pdflatex"), reason="there is no pdflatex")
def test_pdflatex_compiles_what_the_zip_holds(tmp_path: Path):
    for name, data in read_zip(f"{GRID}&title=50 %25 of A_B %26 C").items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
    for name in ("beamer.tex", "figure.tex"):
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", name], cwd=tmp_path, capture_output=True
        )
        assert done.returncode == 0, done.stdout[-2000:].decode(errors="replace")
        assert (tmp_path / name).with_suffix(".pdf").stat().st_size > 5_000


@pytest.mark.long
@pytest.mark.skipif(not shutil.which("soffice"), reason="there is no LibreOffice")
@pytest.mark.parametrize("link", [FACE, f"{COLORS}&theme=dark"])
def test_libreoffice_shows_a_slide_as_the_figure_is(link: str, tmp_path: Path):
    figure = make_figure(link)
    (tmp_path / "deck.pptx").write_bytes(write_pptx([figure], "view"))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "deck.pptx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    page = ["pdftoppm", "-scale-to-x", "1200", "-scale-to-y", "-1", "-png", "-singlefile"]
    subprocess.run([*page, str(tmp_path / "deck.pdf"), str(tmp_path / "page")], check=True)
    shown = Image.open(tmp_path / "page.png")
    top = (shown.height - 630) // 2
    assert how_far(shown.crop((0, top, 1200, top + 630)), draw_picture(figure.lay_out(), 1200)) < 8
