"""Exercises as a sheet to print: one HTML page with a sheet for each seed, and the key on pages of its own."""

from __future__ import annotations

from ...render.templates import load_templates
from .question_html import ExerciseFile, encode_png_text

PAPERS = ("A4", "letter")


def write_print_sheet(file: ExerciseFile, paper: str = PAPERS[0]) -> bytes:
    """The page, in UTF-8. It loads nothing, and its style is in it."""
    pictures = {
        (one.seed, number): f"data:image/png;base64,{encode_png_text(file.draw(one))}"
        for sheet in file.sheets
        for number, one in enumerate(sheet, 1)
    }
    template = load_templates().get_template("exercise-sheet.html")
    return template.render(sheets=file.sheets, pictures=pictures, paper=paper).encode()
