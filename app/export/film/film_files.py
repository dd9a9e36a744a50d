"""Writes the pictures of a film as an animated GIF, an animated WebP or an MP4."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from PIL import Image

from ...core.texts import make_text
from . import film_texts  # noqa: F401
from .film_frames import FigureFilm
from .gif_palette import TRANSPARENT, GifPalette

FilmKind = Literal["gif", "webp", "mp4"]
FILM_KINDS: tuple[FilmKind, ...] = get_args(FilmKind)
Progress = Callable[[int, int], None]
"""Called after each picture with how many are drawn, and of how many."""
PALETTE_PICTURES = 6
"""Of so many pictures a GIF takes its 256 colors."""
HALF_OPAQUE = 128
QUALITY = 85
INSTALL_MP4 = "pip install 'convoscope[mp4]'"


class NoFFmpeg(ValueError):
    """This installation has no ffmpeg; the message says how to get it."""


def write_film(film: FigureFilm, kind: FilmKind, progress: Progress | None = None) -> bytes:
    """Write a film. Law: the same film and libraries give the same bytes, but for MP4.

    Raises NoFFmpeg for an MP4 where there is no ffmpeg.
    """
    pictures = _count(film, progress or (lambda done, count: None))
    match kind:
        case "gif":
            return _write_gif(film, pictures)
        case "webp":
            return _write_webp(film, pictures)
        case "mp4":
            return _write_mp4(film, pictures)


def _count(film: FigureFilm, progress: Progress) -> Iterator[Image.Image]:
    for number, picture in enumerate(film.draw(), 1):
        yield picture
        progress(number, len(film.frames))


def _write_gif(film: FigureFilm, pictures: Iterator[Image.Image]) -> bytes:
    """Write a GIF with one palette for all pictures, so that what rests takes no bytes."""
    palette = GifPalette(_choose_pictures(film))
    indexed = (_apply(palette, one) for one in pictures)
    options = {"transparency": TRANSPARENT, "disposal": 2} if film.settings.transparent else {"disposal": 1}
    return _save_all(film, indexed, "GIF", optimize=True, **options)


def _write_webp(film: FigureFilm, pictures: Iterator[Image.Image]) -> bytes:
    return _save_all(film, pictures, "WEBP", quality=QUALITY, method=2, minimize_size=False, allow_mixed=True)


def _save_all(film: FigureFilm, pictures: Iterator[Image.Image], format: str, **options: object) -> bytes:
    file, first = io.BytesIO(), next(pictures)
    times = [frame.milliseconds for frame in film.frames]
    once = {} if format == "GIF" else {"loop": 1}
    loop = {"loop": 0} if film.settings.loop else once
    first.save(file, format, save_all=True, append_images=pictures, duration=times, **loop, **options)
    return file.getvalue()


def _choose_pictures(film: FigureFilm) -> Iterator[Image.Image]:
    """Pictures from the whole film, which have its colors."""
    last = len(film.figures) - 1
    for step in sorted({round(index * last / (PALETTE_PICTURES - 1)) for index in range(PALETTE_PICTURES)}):
        yield film.draw_at_rest(step)


def _apply(palette: GifPalette, picture: Image.Image) -> Image.Image:
    indexed = palette.apply(picture)
    if picture.mode == "RGBA":
        indexed.paste(TRANSPARENT, mask=picture.getchannel("A").point(lambda value: 255 * (value < HALF_OPAQUE)))
    return indexed


def find_ffmpeg() -> str | None:
    """Find the program ffmpeg: that of imageio-ffmpeg, or that of the system; None without one."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe  # the extra [mp4]

        return str(get_ffmpeg_exe())
    except (ImportError, RuntimeError):
        return shutil.which("ffmpeg")


def _write_mp4(film: FigureFilm, pictures: Iterator[Image.Image]) -> bytes:
    """Write an MP4 that PowerPoint and Keynote play: H.264, yuv420p, its index in front."""
    program = find_ffmpeg()
    if program is None:
        raise NoFFmpeg(str(make_text("film_no_mp4", command=INSTALL_MP4)))
    width, height = (side - side % 2 for side in (film.settings.width, film.settings.height))
    rate = film.settings.frames_a_second
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "film.mp4"
        with subprocess.Popen(
            _make_command(program, (width, height), rate, file), stdin=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdin is not None
            for picture, times in zip(pictures, _list_repeats(film, rate), strict=True):
                data = np.asarray(picture.convert("RGB"))[:height, :width].tobytes()
                for _ in range(times):
                    process.stdin.write(data)
            _, said = process.communicate()
        if process.returncode:
            raise OSError(said.decode(errors="replace")[-500:])
        return file.read_bytes()


def _make_command(program: str, size: tuple[int, int], rate: int, file: Path) -> Sequence[str]:
    raw = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", str(rate), "-i", "-")
    colors = ("-vf", "scale=out_color_matrix=bt709", "-colorspace", "bt709", "-color_primaries", "bt709")
    coded = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-preset", "veryfast", "-crf", "18", "-tune", "animation")
    quiet, written = ("-hide_banner", "-loglevel", "error"), ("-movflags", "+faststart", "-y", str(file))
    return (program, *quiet, *raw, "-an", *colors, "-color_trc", "bt709", *coded, *written)


def _list_repeats(film: FigureFilm, rate: int) -> Iterator[int]:
    """How often each picture is shown at so many pictures a second. Law: none is left out, and no time is lost."""
    now = shown = 0
    for frame in film.frames:
        now += frame.milliseconds
        times = max(1, round(now * rate / 1000) - shown)
        shown += times
        yield times
