"""The command `convoscope train NAME --data …`: trains a model on data from disk and writes its files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .recipe import Recipe
from .recipes import RECIPES

if TYPE_CHECKING:
    from .data.labelled_pictures import SquareDecoder


def add_train(commands: Any) -> argparse.ArgumentParser:
    """Add the subcommand `train`."""
    parser: argparse.ArgumentParser = commands.add_parser("train", help="train one of the built-in models")
    parser.add_argument("name", choices=sorted(RECIPES), metavar="NAME", help=", ".join(sorted(RECIPES)))
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        help="a folder of idx files, of CIFAR-10's binary files or of one folder per class, or an .npz file",
    )
    parser.add_argument("--out", type=Path, default=Path("trained"), help="the output folder (trained)")
    parser.add_argument("--resume", action="store_true", help="continue an interrupted run")
    return parser


def train(options: argparse.Namespace, decode_square: SquareDecoder) -> None:
    """Train the model `options.name` and write its files.

    `decode_square` decodes picture files. Raises ImportError without PyTorch, ValueError with a sentence for invalid
    data, and OSError.
    """
    from ..core.number_text import format_percent
    from .data.dataset_files import PictureShape, read_dataset
    from .loop import Training
    from .output_files import write_files
    from .progress_bar import TrainingProgressBar

    recipe: Recipe = RECIPES[options.name]
    print(f"Reading {options.data}", flush=True)
    data = read_dataset(options.data, PictureShape(recipe.side, recipe.preprocessing.channels), decode_square)
    options.out.mkdir(parents=True, exist_ok=True)
    checkpoint = options.out / f"{recipe.name}.checkpoint"
    training = Training(recipe, data)
    if options.resume and checkpoint.exists():
        training.load(checkpoint)
        print(f"Resuming after step {training.step:,}")
    bar = TrainingProgressBar(recipe.name, sys.stdout)
    try:
        training.run(bar, checkpoint)
    finally:
        bar.end()
    card = write_files(training, data, options.out)
    checkpoint.unlink(missing_ok=True)
    print(
        f"{recipe.name}: {format_percent(card['accuracy'])} on {card['accuracy_on']}; {card['parameters']:,} parameters"
    )
