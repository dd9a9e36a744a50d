"""The command `convoscope`: serve the Lab, render files, add to an installation, write exercises, train a model.

It imports nothing heavy at the top: `--version` should be fast, and the worker processes of a server import this
module again.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from ..core.texts import make_text
from . import actions, exercise_actions, lesson_actions
from .actions import CommandError, describe_os_error
from .completion import SHELLS, make_script

if TYPE_CHECKING:
    from ..images.picture import Pixels


STRETCH_HELP = (
    "make the smallest value of the picture black and the largest white, such as for 12 bits in a 16-bit file"
)

INSTALL_TRAINING = "pip install 'convoscope[train]'"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit status: 0 done, 1 failed with a sentence. argparse exits with 2."""
    options = _make_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], None] = options.run
    try:
        run(options)
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    return 0


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convoscope", description="A microscope for convolution.")
    parser.add_argument("--version", action="version", version=f"convoscope {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help="serve the Lab to browsers")
    serve.add_argument("--host", help="address to listen on (127.0.0.1 is this machine only, 0.0.0.0 all)")
    serve.add_argument("--port", help="port to listen on (8000; 0 takes a free one)")
    serve.add_argument("--workers", help="server processes (1; at most one per core is useful)")
    serve.add_argument("--open", action="store_true", help="open the page in a browser")
    serve.set_defaults(run=actions.run_serve)

    render = commands.add_parser("render", help="render figures to files: HTML, films, slides, pages, tables")
    render.add_argument(
        "scene",
        nargs="?",
        metavar="SCENE",
        help="a link, or a file with one link per line: link, or name: link; - or nothing reads standard input",
    )
    render.add_argument(
        "-o", "--output", type=Path, help="the file, or the folder (default: a name made from the figure)"
    )
    render.add_argument("--image", type=Path, metavar="FILE", help="your own picture, which replaces that of the link")
    render.add_argument("--stretch", action="store_true", help=STRETCH_HELP)
    render.add_argument("--base", default="", metavar="URL", help="the server whose Lab the files link to")
    _add_export_options(render)
    render.set_defaults(run=actions.run_render)

    images = commands.add_parser("images", help="the samples of this installation")
    of_images = images.add_subparsers(required=True, metavar="command")
    add = of_images.add_parser("add", help="add a picture to the samples")
    add.add_argument("file", type=Path, metavar="FILE", help="the picture")
    add.add_argument("--name", help="its name in links: a-z, 0-9, - and _ (default: made from the file name)")
    add.add_argument("--replace", action="store_true", help="replace an added picture of the same name")
    add.add_argument("--stretch", action="store_true", help=STRETCH_HELP)
    add.set_defaults(run=actions.run_add_image)
    _add_list_and_remove(of_images, "samples", "picture")
    models = commands.add_parser("models", help="the learned filters of this installation")
    of_models = models.add_subparsers(required=True, metavar="command")
    add = of_models.add_parser("add", help="add a layer from a file of weights to the learned filters")
    add.add_argument("file", metavar="FILE|URL", help=".safetensors, .npz, .pt, .pth or .onnx; no code in it is run")
    add.add_argument("--name", help="its name in links: a-z, 0-9, - and _ (default: made from the file name)")
    add.add_argument("--layer", help="the layer of the file (default: the most likely first layer)")
    add.add_argument("--replace", action="store_true", help="replace an added model of the same name")
    add.set_defaults(run=actions.run_add_model)
    _add_list_and_remove(of_models, "models", "model")
    _add_lessons(commands)
    _add_exercises(commands)
    _add_train(commands)
    complete = commands.add_parser("completion", help="print a script for completion in a shell")
    complete.add_argument("shell", choices=list(SHELLS), help="the shell")
    complete.set_defaults(run=_print_completion)
    return parser


def _add_export_options(render: argparse.ArgumentParser) -> None:
    """Add what can be chosen of files other than HTML; docs/exports.md explains each."""
    kinds = "html, gif, webp, mp4, pptx, svg, pdf, latex, csv, xlsx, npz, safetensors or json"
    render.add_argument("--kind", default="", help=f"{kinds} (default: by the ending of the output, else html)")
    render.add_argument("--show", help="what is shown: view, step, stops, story; map in films, stages in a PDF")
    render.add_argument("--pace", help="beats or positions: how a film shows stops and the map")
    render.add_argument("--film-size", metavar="WxH", help="the pixels of a film (1280x720)")
    render.add_argument("--seconds", help="how long a film is at most (12)")
    render.add_argument("--once", action="store_true", help="a film ends, and does not begin again")
    render.add_argument("--aspect", help="the shape of slides: 16:9 or 4:3")
    render.add_argument(
        "--blank", metavar="CELLS", help="cells that stay empty, such as '0,0;1,2': a worksheet in a PDF"
    )
    render.add_argument("--paper", help="the paper of a worksheet: A4 or letter")
    render.add_argument("--values", help="what a CSV file has: map or step")


def _add_lessons(commands: Any) -> None:
    lessons = commands.add_parser("lessons", help="the lessons of this installation")
    of_lessons = lessons.add_subparsers(required=True, metavar="command")
    check = of_lessons.add_parser("check", help="say what is wrong in files of lessons")
    check.add_argument("files", type=Path, nargs="+", metavar="FILE", help="the file of a lesson, in Markdown")
    check.set_defaults(run=lesson_actions.run_check_lessons)
    add = of_lessons.add_parser("add", help="add a lesson")
    add.add_argument("file", type=Path, metavar="FILE", help="the file of the lesson, in Markdown")
    add.add_argument("--name", help="its name in links: a-z, 0-9 and - (default: made from the file name)")
    add.add_argument("--replace", action="store_true", help="replace an added lesson of the same name")
    add.set_defaults(run=lesson_actions.run_add_lesson)
    _add_list_and_remove(of_lessons, "lessons", "lesson")


def _add_exercises(commands: Any) -> None:
    exercises = commands.add_parser("exercises", help="write exercises as a file for a course, or to print")
    exercises.add_argument(
        "exercises", nargs="+", metavar="KIND", help="a kind with options: cell,size=5 (docs/exercises.md has all)"
    )
    exercises.add_argument(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="FILE",
        help=".xml (Moodle), .gift, .zip (QTI), .html, .json",
    )
    exercises.add_argument("--variants", default="", help="for how many seeds (5)")
    exercises.add_argument("--seed", default="", help="the first seed (1)")
    exercises.add_argument("--tries", default="", help="how often a student may answer (2)")
    exercises.add_argument("--tolerance", default="", help="how far a number may be from the right one (0)")
    exercises.add_argument("--paper", choices=["A4", "letter"], default="A4", help="the paper of a .html sheet (A4)")
    exercises.set_defaults(run=exercise_actions.run_exercises)


def _add_list_and_remove(commands: Any, kind: str, one: str) -> None:
    shown = commands.add_parser("list", help=f"list all {kind}, with the paths of added ones")
    shown.set_defaults(run=actions.run_list, kind=kind)
    removed = commands.add_parser("remove", help=f"remove an added {one}")
    removed.add_argument("name", metavar="NAME", help="its name in links")
    removed.set_defaults(run=actions.run_remove, kind=kind)


def _add_train(commands: Any) -> None:
    """Add the command `train`; in an installation without the folder `training`, it only says so."""
    try:
        from ..training.train_command import add_train
    except ModuleNotFoundError as error:
        if ".training" not in str(error.name):
            raise
        parser = commands.add_parser("train", help="train a model (not part of this installation)")
        parser.add_argument("arguments", nargs=argparse.REMAINDER)
        parser.set_defaults(run=_refuse_training)
    else:
        add_train(commands).set_defaults(run=_train)


def _print_completion(options: argparse.Namespace) -> None:
    print(make_script(options.shell, _make_parser()), end="")


def _refuse_training(options: argparse.Namespace) -> None:
    raise CommandError(make_text("no_training", command=INSTALL_TRAINING))


def _train(options: argparse.Namespace) -> None:
    from ..training.train_command import train

    try:
        train(options, _decode_square)
    except ImportError as error:
        raise CommandError(make_text("no_pytorch", name=str(error.name), command=INSTALL_TRAINING)) from error
    except OSError as error:
        raise CommandError(describe_os_error(error)) from error
    except ValueError as error:
        raise CommandError(error) from error


def _decode_square(data: bytes, side: int) -> Pixels:
    """Decode a picture file to the square around its center, uint8 (3, side, side).

    Pictures that are too small are not enlarged but padded with their mirror image.
    """
    import numpy as np

    from ..images.crop import crop_to_cells
    from ..images.decoding.decode import DecodeLimits, decode_picture
    from ..images.picture import Picture

    pixels = decode_picture(data, DecodeLimits()).pixels
    missing = [max(0, side - length) for length in pixels.shape[:2]]
    pixels = np.pad(pixels, (*((m // 2, m - m // 2) for m in missing), (0, 0)), mode="symmetric")
    return crop_to_cells(Picture.from_pixels(pixels), (side, side), None, "rgb", "byte").astype(np.uint8)
