"""The command `convoscope`: serve the figure, make files of it, add a picture or weights, train a model.

Settings, server and images are imported when they are asked for: `--version` should answer at once, and the
processes that a server starts import this module again.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import __version__
from .models.train.command import add_train, train

if TYPE_CHECKING:
    from .images.picture import Picture, Pixels
    from .settings import Settings


STRETCH = "let the picture's least number be black and its largest white, as for 12 bits in a file of 16"


class Refusal(Exception):
    """Something that was asked for and cannot be done; the message is what the user reads."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit status: 0 done, 1 refused with a sentence, 2 not understood."""
    asked = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], None] = asked.run
    try:
        run(asked)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="convoscope", description="A microscope for convolution.")
    parser.add_argument("--version", action="version", version=f"convoscope {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help="serve the figure to browsers")
    serve.add_argument("--host", help="address to listen on (127.0.0.1 is this machine only, 0.0.0.0 all)")
    serve.add_argument("--port", help="port to listen on (8000; 0 takes a free one)")
    serve.add_argument("--workers", help="server processes (1; more than one a core is of no use)")
    serve.add_argument("--open", action="store_true", help="open the page in a browser once it is served")
    serve.set_defaults(run=_serve)

    render = commands.add_parser("render", help="make HTML files of figures, which open from disk without a network")
    render.add_argument("scene", metavar="SCENE", help="a link, or a file of links, one a line: link, or name: link")
    render.add_argument("-o", "--output", type=Path, help="the file, or the folder (else named after what is in it)")
    render.add_argument("--image", type=Path, metavar="FILE", help="a picture of your own in place of the link's")
    render.add_argument("--stretch", action="store_true", help=STRETCH)
    render.add_argument("--base", default="", metavar="URL", help="the server whose Lab the files link to")
    render.set_defaults(run=_render)

    images = commands.add_parser("images", help="the samples of this installation")
    add = images.add_subparsers(required=True, metavar="command").add_parser(
        "add", help="put a picture among the samples, for good"
    )
    add.add_argument("file", type=Path, metavar="FILE", help="the picture")
    add.add_argument("--name", help="what links call it: a-z, 0-9, - and _ (else made of the file's name)")
    add.add_argument("--stretch", action="store_true", help=STRETCH)
    add.set_defaults(run=_add_image)
    models = commands.add_parser("models", help="the learned filters of this installation")
    add = models.add_subparsers(required=True, metavar="command").add_parser(
        "add", help="put the first layer of a file of weights among the learned filters, for good"
    )
    add.add_argument("file", metavar="FILE|URL", help=".safetensors, .npz, .pt, .pth or .onnx; nothing in it is run")
    add.add_argument("--name", help="what links call it: a-z, 0-9, - and _ (else made of the file's name)")
    add.set_defaults(run=_add_model)
    add_train(commands).set_defaults(run=_train)
    return parser


def _settings() -> Settings:
    from pydantic import ValidationError

    from .settings import Settings, sentences

    try:
        return Settings()
    except ValidationError as error:
        raise Refusal("\n".join(sentences(error))) from error


def _serve(asked: argparse.Namespace) -> None:
    for name in ("host", "port", "workers"):
        # By way of the environment, where each server process looks for its settings.
        if getattr(asked, name) is not None:
            os.environ[f"CONVOSCOPE_{name.upper()}"] = getattr(asked, name)
    from .server import CannotListen, serve

    try:
        serve(_settings(), open_browser=asked.open)
    except CannotListen as reason:
        raise Refusal(reason) from reason


def _render(asked: argparse.Namespace) -> None:
    from .files import Bar, Wanted, render_all, render_one, wanted_in
    from .studio import Own

    _settings()
    try:
        wanted = wanted_in(asked.scene)
        own = Own(_picture(asked.image, asked.stretch)) if asked.image else None
        if wanted == (Wanted(asked.scene),):
            print(render_one(wanted[0], asked.output or Path(), own, asked.base))
            return
        bar, done = Bar(len(wanted), sys.stderr), []
        for made in render_all(wanted, asked.output or Path(), own, asked.base):
            bar.step(made.wanted.name or made.wanted.scene)
            done.append(made)
    except OSError as error:
        raise Refusal(f"{error.filename}: {error.strerror}.") from error
    except ValueError as error:
        raise Refusal(error) from error
    for made in done:
        if made.file:
            print(made.file)
    refused = [f"{asked.scene}, line {made.wanted.line}: {made.refusal}" for made in done if made.refusal]
    if refused:
        raise Refusal("\n".join([*refused, f"{len(refused)} of {len(wanted)} figures could not be made."]))


def _add_image(asked: argparse.Namespace) -> None:
    from .images.added import add_sample, name_from
    from .images.samples import load_samples
    from .resources import resource

    settings = _settings()
    try:
        name = asked.name or name_from(asked.file)
        taken = load_samples(resource("sample_images"))
        add_sample(settings.samples, _picture(asked.file, asked.stretch).pixels, name, taken=taken)
    except OSError as error:
        raise Refusal(f"{error.filename}: {error.strerror}.") from error
    except ValueError as error:
        raise Refusal(error) from error
    print(f"{name} is among the samples from the next start on: /?image={name}")


def _picture(file: Path, stretch: bool) -> Picture:
    """The picture in a file; what was done to get it is said where no program reads."""
    from .files import picture_in

    picture = picture_in(file, stretch)
    for note in picture.notes:
        print(f"{file.name}: {note}", file=sys.stderr)
    return picture


def _add_model(asked: argparse.Namespace) -> None:
    from .models.brought import add_model, name_of
    from .models.formats import OnDisk, Source
    from .models.library import load_models
    from .models.remote import Remote
    from .resources import resource

    settings = _settings()
    try:
        name = asked.name or name_of(asked.file)
        remote = Remote(asked.file, settings.download_bytes) if "://" in asked.file else None
        source: Source = remote or OnDisk(Path(asked.file))
        layer = add_model(settings.models, source, name, taken=load_models(resource("models/data")))
    except OSError as error:
        raise Refusal(f"{error.filename}: {error.strerror}.") from error
    except ValueError as error:
        raise Refusal(error) from error
    if remote:
        print(f"{remote.fetched:,} of {remote.size:,} bytes were fetched.")
    shape = " × ".join(map(str, layer.weight.shape))
    print(f"{layer.name}, {shape}: {name} is among the learned filters from the next start on: /filters?model={name}")


def _train(asked: argparse.Namespace) -> None:
    try:
        train(asked, _square)
    except ImportError as error:
        raise Refusal(
            f"Training needs PyTorch, and {error.name} is missing: pip install 'convoscope[train]'"
        ) from error
    except OSError as error:
        raise Refusal(f"{error.filename}: {error.strerror}.") from error
    except ValueError as error:
        raise Refusal(error) from error


def _square(data: bytes, side: int) -> Pixels:
    """A picture file as the square around its centre, uint8 (3, side, side), as `train` wants it.

    What is too small for that is never enlarged: its mirror image goes on where it ends.
    """
    import numpy as np

    from .images.cut import cells
    from .images.decode import DecodeLimits, decode_picture
    from .images.picture import Picture

    pixels = decode_picture(data, DecodeLimits()).pixels
    missing = [max(0, side - length) for length in pixels.shape[:2]]
    pixels = np.pad(pixels, (*((m // 2, m - m // 2) for m in missing), (0, 0)), mode="symmetric")
    return cells(Picture.whole(pixels), (side, side), None, "rgb", "byte").astype(np.uint8)
