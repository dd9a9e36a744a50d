"""Films: what they show and when, and what Pillow and ffprobe find in their files."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.export.export_options import ExportLimits
from app.export.export_writer import estimate_film, write_export
from app.export.film.film_files import find_ffmpeg, write_film
from app.export.film.film_frames import make_film
from app.export.film.film_plan import FilmSettings, plan_film
from app.render.figure.png_backend import draw_picture
from app.render.figure.primitives import CellImage, TextLine
from tests.export.exported import COLORS, FACE, GRID, choose, make_figure

SMALL = {"width": "600", "height": "315"}
STOPS = f"{FACE}&stops=0,0;3,4&notes=The first window;An edge"


def read_animation(data: bytes) -> tuple[list[Image.Image], list[int]]:
    """The pictures of a GIF or a WebP, and how many milliseconds each is shown."""
    with Image.open(io.BytesIO(data)) as film:
        frames, times = [], []
        for number in range(getattr(film, "n_frames", 1)):
            film.seek(number)
            frames.append(film.convert("RGBA"))
            times.append(film.info.get("duration", 0))
        return frames, times


def how_far(one: Image.Image, other: Image.Image) -> float:
    pixels = [np.asarray(picture.convert("RGB"), np.float64) for picture in (one, other)]
    return float(np.abs(pixels[0] - pixels[1]).mean())


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_a_film_begins_and_ends_with_the_pictures_of_its_steps(kind: str):
    figure = make_figure(FACE)
    frames, times = read_animation(write_export(figure, choose(kind, show="step", **SMALL)).data)
    beats = ["window", "products", "sum", "write"]
    first, last = (draw_picture(figure.lay_out(replace(figure.view, beat=beats[end])), 600) for end in (0, -1))
    assert how_far(frames[0], first) < 1.5
    assert how_far(frames[-1], last) < 1.5
    assert sum(times) == 4 * 600 + 2000
    assert times[-1] >= 2000


@pytest.mark.parametrize("seconds", [4, 6, 12])
@pytest.mark.parametrize("link", [FACE, COLORS, "image=chelsea&layers=maxpool:2", ""])
def test_a_film_is_no_longer_than_asked_for_and_each_step_has_its_time(link: str, seconds: int):
    figure = make_figure(link)
    for show in ("story", "step", "map"):
        settings = FilmSettings(show, seconds=seconds)
        plan = plan_film(figure, settings)
        film = make_film(figure, settings, plan)
        assert plan.seconds <= seconds + 1e-6
        assert all(two.time - one.time > 0.04 for one, two in pairwise(plan.steps))
        starts, now = {}, 0
        for frame in film.frames:
            starts.setdefault(frame.step, now)
            now += frame.milliseconds
        assert now == pytest.approx(plan.seconds * 1000, abs=10)
        for index, step in enumerate(plan.steps):
            assert starts[index] == pytest.approx(step.time * 1000, abs=10), (show, index)


def test_the_map_is_written_cell_by_cell_and_the_last_picture_has_all():
    figure = make_figure(GRID)
    plan = plan_film(figure, FilmSettings("map"))
    shown = [step.view.at for step in plan.steps]
    assert shown == [(0, 0), *((row, column) for row in range(3) for column in range(3))]
    last = figure.lay_out(plan.steps[-1].view)
    assert not last.select(TextLine, "output-to-come")


def test_stops_are_shown_beat_by_beat_or_once_and_their_notes_stand_below():
    figure = make_figure(STOPS)
    beats, once = (plan_film(figure, FilmSettings("stops", pace)) for pace in ("beats", "positions"))
    assert [(step.view.at, step.view.beat) for step in beats.steps] == [
        (cell, beat) for cell in ((0, 0), (3, 4)) for beat in ("window", "products", "sum", "write")
    ]
    assert {step.view.at for step in once.steps} == {(0, 0), (3, 4)}
    assert [step.note for step in beats.steps] == ["The first window"] * 4 + ["An edge"] * 4
    settings = FilmSettings("stops", width=600, height=315)
    film = make_film(figure, settings, beats)
    rows = np.asarray(film.draw_at_rest(0).convert("L"))[-24:]
    assert rows.min() < 120  # the words
    silent = make_film(figure, settings, replace(beats, steps=[replace(step, note="") for step in beats.steps]))
    assert silent.unit > film.unit  # without them the figure takes their room


def test_what_moves_arrives_where_the_step_has_it():
    figure = make_figure(COLORS)
    settings = FilmSettings("step", width=1200, height=630)
    film = make_film(figure, settings, plan_film(figure, settings))
    assert sum(motion is not None for motion in film.motions) >= len(film.motions) - 2
    for index, motion in enumerate(film.motions):
        if motion is None:
            continue
        at_rest = {id(one) for one in motion.after.figure.primitives}
        kept = {id(one) for one in motion.resting.primitives}
        arrived = motion.list_marks(1)
        back = {id(one) for one in arrived}
        lost = [
            one
            for one in motion.after.figure.primitives
            if id(one) in at_rest - kept - back and one.part not in ("input-window", "output-cell", "hairlines")
        ]
        assert lost == [], (index, {one.part for one in lost})
        window = [one for one in arrived if one.part == "input-window"]
        assert window in ([], list(motion.after.figure.select(type(window[0]), "input-window")) if window else [])


def test_a_question_is_not_answered_by_its_film():
    figure = make_figure(f"{GRID}&predict=cell")
    plan = plan_film(figure, FilmSettings("story"))
    assert len(plan.steps) == 1
    maps = figure.lay_out(plan.steps[0].view).select(CellImage, "output")
    whole = make_figure(GRID).trace.stages[1].output[0, 0, 1]
    texts = figure.lay_out(plan.steps[0].view).texts("result")
    assert f"+{whole:g}" not in texts
    assert maps


def test_a_film_without_a_background_shows_what_is_behind_it():
    for kind in ("gif", "webp"):
        made = write_export(make_figure(f"{GRID}&transparent=1"), choose(kind, show="step", **SMALL))
        frames, _ = read_animation(made.data)
        assert all(frame.getpixel((2, 2))[3] == 0 for frame in frames)
        assert all(np.asarray(frame)[..., 3].max() == 255 for frame in frames)


def test_a_film_plays_once_where_it_is_not_repeated():
    for kind in ("gif", "webp"):
        made = [write_export(make_figure(GRID), choose(kind, show="step", repeat=one, **SMALL)) for one in ("0", "1")]
        loops = [Image.open(io.BytesIO(one.data)).info.get("loop") for one in made]
        assert loops[1] == 0
        assert loops[0] in (None, 1)


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_the_same_figure_gives_the_same_bytes(kind: str):
    figure, options = make_figure(GRID), choose(kind, show="step", **SMALL)
    assert write_export(figure, options).data == write_export(make_figure(GRID), options).data


def test_a_common_color_of_a_gif_is_exact():
    figure = make_figure("image=coffee&channels=rgb&layers=conv:random*2@3x3,groups=1&at=3,4")
    frames, _ = read_animation(write_export(figure, choose("gif", show="step", **SMALL)).data)
    assert frames[0].getpixel((2, 2)) == (255, 255, 255, 255)
    drawn = draw_picture(figure.lay_out(replace(figure.view, beat="window")), 600)
    assert how_far(frames[0], drawn) < 1


@pytest.mark.skipif(find_ffmpeg() is None or not shutil.which("ffprobe"), reason="there is no ffmpeg")
def test_an_mp4_is_what_powerpoint_and_keynote_play(tmp_path: Path):
    file = tmp_path / "film.mp4"
    file.write_bytes(write_export(make_figure(FACE), choose("mp4", show="step", width="641", height="361")).data)
    entries = "stream=codec_name,pix_fmt,width,height,nb_frames,duration"
    said = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", entries, "-of", "json", str(file)], capture_output=True, check=True
    )
    stream = json.loads(said.stdout)["streams"][0]
    assert (stream["codec_name"], stream["pix_fmt"]) == ("h264", "yuv420p")
    assert (stream["width"], stream["height"]) == (640, 360)  # H.264 halves the colors: its sides are even
    assert float(stream["duration"]) == pytest.approx(4.4, abs=0.04)
    assert file.read_bytes().index(b"moov") < file.read_bytes().index(b"mdat")


def test_an_estimate_says_the_pictures_the_seconds_and_about_the_bytes():
    figure, options = make_figure(FACE), choose("gif", **SMALL)
    estimate, made = estimate_film(figure, options), write_export(figure, options)
    frames, times = read_animation(made.data)
    assert estimate.frames >= len(frames)
    assert estimate.seconds == pytest.approx(sum(times) / 1000, abs=0.02)
    assert len(made.data) / 4 < estimate.bytes < 4 * len(made.data)
    assert "story=1" in estimate.first


@pytest.mark.parametrize(
    ("link", "given", "words"),
    [
        (GRID, {"show": "stops"}, "no stops"),
        ("", {"show": "map", "pace": "beats"}, "at most 200 can be seen"),
        ("title=日本語", {}, "no 日 本 語"),
        (STOPS.replace("An edge", "กขค"), {"show": "stops"}, "no ก ข ค"),
    ],
)
def test_what_cannot_be_filmed_is_said_in_a_sentence(link: str, given: dict[str, str], words: str):
    with pytest.raises(ValueError, match=words):
        write_export(make_figure(link), choose("gif", **given))


def test_too_large_a_film_is_refused_with_what_would_fit():
    with pytest.raises(ValueError, match="at most 40 of this size"):
        write_export(make_figure(""), choose("gif"), ExportLimits(40, 10**9))


def test_the_progress_counts_every_picture():
    figure, settings = make_figure(GRID), FilmSettings("step", width=600, height=315)
    film, told = make_film(figure, settings, plan_film(figure, settings)), []
    write_film(film, "gif", lambda done, all: told.append((done, all)))
    assert told == [(number, len(film.frames)) for number in range(1, len(film.frames) + 1)]


@pytest.mark.long
def test_a_film_of_the_opening_figure_is_small():
    made = write_export(make_figure(""), choose("gif", seconds="20"))
    frames, _ = read_animation(made.data)
    assert len(frames) >= 130
    assert len(made.data) * 150 / len(frames) < 3_000_000
