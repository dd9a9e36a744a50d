"""How fast a film of a figure is made, beside matplotlib, and what it costs others.

Run it as `python -m tests.bench.figure_films`. The same pictures of the opening figure become a GIF of 1280 × 720:
by the program, and by matplotlib's FuncAnimation with Pillow, which draws the primitives of the same display lists as
artists of its own, in the same run. Then a figure that is in the caches of a server is asked for again and again, first
alone, then while a film is made. Targets are in brackets.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import matplotlib as mpl

from app.export.film.film_files import write_film
from app.export.film.film_frames import FigureFilm, make_film
from app.export.film.film_plan import FilmSettings, plan_film
from app.render.figure.primitives import CellImage, DisplayList, Line, Rect, TextLine
from tests.export.exported import make_figure
from tests.serving import RunningServer

mpl.use("Agg")
from matplotlib import animation, patches, pyplot

TARGET, MOST_SLOWER, MOST_BYTES = 10, 2, 3_000_000
CACHED = "/api/trace?image=face&layers=conv:sobel-x"
FACES = {"sans": ("sans-serif", "normal"), "bold": ("sans-serif", "bold")}


def draw_with_matplotlib(axes: pyplot.Axes, sheet: DisplayList) -> None:
    """The primitives of a figure as artists."""
    axes.clear()
    axes.set_axis_off()
    axes.set_xlim(0, sheet.width)
    axes.set_ylim(sheet.height, 0)
    for one in sheet.primitives:
        match one:
            case Rect():
                box, style = one.box, {"facecolor": one.fill or "none", "edgecolor": one.stroke or "none"}
                axes.add_patch(patches.Rectangle((box.left, box.top), box.width, box.height, **style))
            case CellImage():
                edges = (one.box.left, one.box.right, one.box.bottom, one.box.top)
                axes.imshow(one.colors, extent=edges, interpolation="nearest", aspect="auto")
            case TextLine():
                family, weight = FACES.get(one.face, ("monospace", "normal"))
                axes.text(
                    one.x, one.y, one.text, color=one.color, fontsize=one.size * 0.7, family=family, weight=weight
                )
            case Line():
                axes.plot((one.x, one.to_x), (one.y, one.to_y), color=one.color, linewidth=one.width)


def time_matplotlib(film: FigureFilm, count: int, file: Path) -> float:
    """Seconds for so many of the film's pictures."""
    figure = pyplot.figure(figsize=(12.8, 7.2), dpi=100)
    axes = figure.add_axes((0, 0, 1, 1))
    frames = film.frames[:count]
    started = time.perf_counter()
    made = animation.FuncAnimation(
        figure, lambda index: draw_with_matplotlib(axes, film.figures[frames[index].step]), frames=len(frames)
    )
    made.save(file, writer=animation.PillowWriter(fps=20))
    pyplot.close(figure)
    return time.perf_counter() - started


def time_cached(url: str, seconds: float) -> float:
    """The median of a cached figure's time, in milliseconds."""
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        started = time.perf_counter()
        with urllib.request.urlopen(url + CACHED) as answer:
            answer.read()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=20, help="of matplotlib, which is slow")
    asked = parser.parse_args()
    figure, settings = make_figure(""), FilmSettings("story", seconds=20)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        film = make_film(figure, settings, plan_film(figure, settings))
        data = write_film(film, "gif")
        own = (time.perf_counter() - started) / len(film.frames)
        peer = time_matplotlib(film, asked.pictures, Path(folder) / "peer.gif") / asked.pictures
        size = len(data) * 150 / len(film.frames)
        times = f"one in {1000 * own:.0f} ms, matplotlib one in {1000 * peer:.0f} ms"
        print(f"{len(film.frames)} pictures of 1280 × 720, {times}:")
        print(f"  {peer / own:.1f} times as fast [≥ {TARGET}]")
        print(f"  150 of them take {size / 1e6:.2f} MB [≤ {MOST_BYTES / 1e6:g}]")
        with RunningServer(Path(folder)) as server:
            time_cached(server.url, 1)
            alone = time_cached(server.url, 3)
            making = threading.Thread(
                target=lambda: urllib.request.urlopen(f"{server.url}/api/export/gif?show=story").read()
            )
            making.start()
            beside = time_cached(server.url, 3)
            making.join()
            print(f"a cached figure: {alone:.2f} ms, while a film is made {beside:.2f} ms:")
            print(f"  {beside / alone:.2f} times its usual time [≤ {MOST_SLOWER}]")


if __name__ == "__main__":
    main()
