"""The command `convoscope`: serve the figure, make files of it, add a picture or weights, train a model.

Settings, server and images are imported when they are asked for: `--version` should answer at once, and the
processes that a server starts import this module again.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import __version__
from .completion import SHELLS, script_for

if TYPE_CHECKING:
    from ..images.picture import Picture, Pixels
    from ..local_lab import Own
    from ..models.formats import Candidate
    from ..settings import Settings
    from .render_files import Wanted


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
    render.add_argument(
        "scene",
        nargs="?",
        metavar="SCENE",
        help="a link, or a file of links, one a line: link, or name: link; - or nothing reads them from standard input",
    )
    render.add_argument("-o", "--output", type=Path, help="the file, or the folder (else named after what is in it)")
    render.add_argument("--image", type=Path, metavar="FILE", help="a picture of your own in place of the link's")
    render.add_argument("--stretch", action="store_true", help=STRETCH)
    render.add_argument("--base", default="", metavar="URL", help="the server whose Lab the files link to")
    render.set_defaults(run=_render)

    images = commands.add_parser("images", help="the samples of this installation")
    of_images = images.add_subparsers(required=True, metavar="command")
    add = of_images.add_parser("add", help="put a picture among the samples, for good")
    add.add_argument("file", type=Path, metavar="FILE", help="the picture")
    add.add_argument("--name", help="what links call it: a-z, 0-9, - and _ (else made of the file's name)")
    add.add_argument("--replace", action="store_true", help="take the place of a picture that was added by that name")
    add.add_argument("--stretch", action="store_true", help=STRETCH)
    add.set_defaults(run=_add_image)
    _add_list_and_remove(of_images, "samples", "picture")
    models = commands.add_parser("models", help="the learned filters of this installation")
    of_models = models.add_subparsers(required=True, metavar="command")
    add = of_models.add_parser("add", help="put a layer of a file of weights among the learned filters, for good")
    add.add_argument("file", metavar="FILE|URL", help=".safetensors, .npz, .pt, .pth or .onnx; nothing in it is run")
    add.add_argument("--name", help="what links call it: a-z, 0-9, - and _ (else made of the file's name)")
    add.add_argument("--layer", help="which layer of the file (else the likeliest first one)")
    add.add_argument("--replace", action="store_true", help="take the place of a model that was added by that name")
    add.set_defaults(run=_add_model)
    _add_list_and_remove(of_models, "models", "model")
    _add_train(commands)
    complete = commands.add_parser("completion", help="a script with which a shell completes this command")
    complete.add_argument("shell", choices=list(SHELLS), help="the shell that is to read it")
    complete.set_defaults(run=_complete)
    return parser


def _add_list_and_remove(commands: Any, kind: str, one: str) -> None:
    shown = commands.add_parser("list", help=f"show all {kind}, and where those lie that were added")
    shown.set_defaults(run=_list, kind=kind)
    removed = commands.add_parser("remove", help=f"remove a {one} that was added")
    removed.add_argument("name", metavar="NAME", help="what links call it")
    removed.set_defaults(run=_remove, kind=kind)


def _add_train(commands: Any) -> None:
    """The command `train`, which says so where an installation leaves the folder `training` out."""
    try:
        from ..training.train_command import add_train
    except ModuleNotFoundError:
        parser = commands.add_parser("train", help="train a model (not part of this installation)")
        parser.add_argument("arguments", nargs=argparse.REMAINDER)
        parser.set_defaults(run=_cannot_train)
    else:
        add_train(commands).set_defaults(run=_train)


def _settings(options: Sequence[str] = ()) -> Settings:
    from pydantic import ValidationError

    from ..settings import Settings, sentences

    try:
        return Settings()
    except ValidationError as error:
        raise Refusal("\n".join(sentences(error, options))) from error


def _own_settings() -> Settings:
    """The settings of a command that serves nothing, after a word on variables that look like some and are none."""
    from ..settings import unknown_variables

    for sentence in unknown_variables():
        print(sentence, file=sys.stderr)
    return _settings()


def _serve(asked: argparse.Namespace) -> None:
    given = [name for name in ("host", "port", "workers") if getattr(asked, name) is not None]
    for name in given:
        # By way of the environment, where each server process looks for its settings.
        os.environ[f"CONVOSCOPE_{name.upper()}"] = getattr(asked, name)
    from ..resources import UnusableFile
    from ..server.serve import CannotListen, serve

    try:
        serve(_settings(given), open_browser=asked.open)
    except (CannotListen, UnusableFile) as reason:
        raise Refusal(reason) from reason


def _render(asked: argparse.Namespace) -> None:
    from ..local_lab import Own
    from .render_files import STANDARD_INPUT, Wanted, base_of, render_one, wanted_in, wanted_on

    _own_settings()
    piped = asked.scene == "-" or (asked.scene is None and not sys.stdin.isatty())
    if not piped and asked.scene is None:
        raise Refusal("Say what to render: a link, a file of links, or - for a list on standard input.")
    try:
        base = base_of(asked.base)
        wanted = wanted_on(sys.stdin.buffer) if piped else wanted_in(asked.scene)
        own = Own(_picture(asked.image, asked.stretch)) if asked.image else None
        if not piped and wanted == (Wanted(asked.scene),):
            print(render_one(wanted[0], asked.output or Path(), own, base))
            return
    except OSError as error:
        raise Refusal(f"{error.filename}: {error.strerror}.") from error
    except ValueError as error:
        raise Refusal(error) from error
    _render_list(wanted, STANDARD_INPUT if piped else asked.scene, asked.output or Path(), own, base)


def _render_list(wanted: tuple[Wanted, ...], source: str, folder: Path, own: Own | None, base: str) -> None:
    """Makes the files of a list, and says which there are, also where not all could be made."""
    from .render_files import Bar, render_all

    bar, done, broken = Bar(len(wanted), sys.stderr), [], ""
    try:
        for made in render_all(wanted, folder, own, base):
            bar.step(made.wanted.name or made.wanted.scene)
            done.append(made)
    except OSError as error:
        broken = f"{error.filename}: {error.strerror}."
    for made in done:
        if made.file:
            print(made.file)
    refused = [f"{source}, line {made.wanted.line}: {made.refusal}" for made in done if made.refusal]
    if refused or broken:
        missing = len(wanted) - len(done) + len(refused)
        said = [*refused, *([broken] if broken else []), f"{missing} of {len(wanted)} figures could not be made."]
        raise Refusal("\n".join(said))


def _add_image(asked: argparse.Namespace) -> None:
    from ..images.sample_table import read_rows_without_pictures
    from ..images.sample_writer import add_sample, make_sample_name
    from ..images.samples import load_samples
    from ..resources import resource

    settings = _own_settings()
    try:
        name = asked.name or make_sample_name(asked.file)
        taken = load_samples(resource("sample_images"))
        _must_be_free(name, (row["name"] for row in read_rows_without_pictures(settings.samples)), asked.replace)
        add_sample(settings.samples, _picture(asked.file, asked.stretch).pixels, name, taken=taken)
    except OSError as error:
        raise Refusal(f"{error.filename}: {error.strerror}.") from error
    except ValueError as error:
        raise Refusal(error) from error
    print(f"{name} is among the samples from the next start on: /?image={name}")


def _picture(file: Path, stretch: bool) -> Picture:
    """The picture in a file. Its notes are printed to standard error."""
    from .render_files import picture_in

    picture = picture_in(file, stretch)
    for note in picture.notes:
        print(f"{file.name}: {note}", file=sys.stderr)
    return picture


def _add_model(asked: argparse.Namespace) -> None:
    from ..models.custom_model import add_model, check_model_name, make_model_name
    from ..models.formats import OPERATOR_LIMITS, ByteSource, DiskSource, list_layers
    from ..models.library import load_models
    from ..models.remote_file import RemoteFile
    from ..resources import resource
    from .additions import list_models

    settings = _own_settings()
    try:
        name = asked.name or make_model_name(asked.file)
        remote = RemoteFile(asked.file, settings.download_bytes) if "://" in asked.file else None
        _must_be_free(name, (one.name for one in list_models(settings.models) if one.place), asked.replace)
        source: ByteSource = remote or DiskSource(Path(asked.file))
        check_model_name(name, load_models(resource("models/data")))
        layer = add_model(settings.models, source, name, layer=asked.layer)
        others = list_layers(source, OPERATOR_LIMITS)[1:] if asked.layer is None else ()
    except OSError as error:
        raise Refusal(f"{error.filename}: {error.strerror}.") from error
    except ValueError as error:
        raise Refusal(error) from error
    if remote:
        print(f"{remote.fetched:,} of {remote.size:,} bytes were fetched.")
    shape = " × ".join(map(str, layer.weight.shape))
    for note in layer.notes:
        print(note)
    print(f"{layer.name}, {shape}: {name} is among the learned filters from the next start on: /filters?model={name}")
    _print_others(others)


def _print_others(others: Sequence[Candidate]) -> None:
    """The layers that were not taken, with what --layer calls them."""
    if not others:
        return
    print("Other layers of this file, for --layer:")
    for one in others:
        remark = f" ({one.remark})" if one.remark else ""
        print(f"  {one.name}, {' × '.join(map(str, one.shape))}{remark}")


def _must_be_free(name: str, added: Iterable[str], replace: bool) -> None:
    if not replace and name in added:
        raise ValueError(
            f"{name} is there already. --replace puts this file in its place; --name NAME gives it another name."
        )


def _list(asked: argparse.Namespace) -> None:
    from .additions import list_models, list_samples

    folder: Path = getattr(_own_settings(), asked.kind)
    try:
        entries = {"samples": list_samples, "models": list_models}[asked.kind](folder)
    except ValueError as error:
        raise Refusal(error) from error
    names, titles = (max(len(getattr(one, key)) for one in entries) for key in ("name", "title"))
    for one in entries:
        print(f"{one.name:{names}}  {one.title:{titles}}  {one.place or 'built-in'}")


def _remove(asked: argparse.Namespace) -> None:
    from .additions import remove_model, remove_sample

    folder: Path = getattr(_own_settings(), asked.kind)
    try:
        {"samples": remove_sample, "models": remove_model}[asked.kind](folder, asked.name)
    except OSError as error:
        raise Refusal(f"{error.filename}: {error.strerror}.") from error
    except ValueError as error:
        raise Refusal(error) from error
    print(f"{asked.name} is removed; a running server shows it until its next start.")


def _complete(asked: argparse.Namespace) -> None:
    print(script_for(asked.shell, _parser()), end="")


def _cannot_train(asked: argparse.Namespace) -> None:
    raise Refusal(
        "Training is not part of this installation. Install the whole package: pip install 'convoscope[train]'"
    )


def _train(asked: argparse.Namespace) -> None:
    from ..training.train_command import train

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

    from ..images.crop import crop_to_cells
    from ..images.decoding.decode import DecodeLimits, decode_picture
    from ..images.picture import Picture

    pixels = decode_picture(data, DecodeLimits()).pixels
    missing = [max(0, side - length) for length in pixels.shape[:2]]
    pixels = np.pad(pixels, (*((m // 2, m - m // 2) for m in missing), (0, 0)), mode="symmetric")
    return crop_to_cells(Picture.from_pixels(pixels), (side, side), None, "rgb", "byte").astype(np.uint8)
