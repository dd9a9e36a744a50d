"""`convoscope train NAME --data …`: from data on disk to the files of a model."""

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
    """Add the subcommand to those of the program."""
    parser: argparse.ArgumentParser = commands.add_parser("train", help="train one of the models that come with it")
    parser.add_argument("name", choices=sorted(RECIPES), metavar="NAME", help=", ".join(sorted(RECIPES)))
    parser.add_argument(
        "--data", type=Path, required=True, help="idx files, CIFAR-10's binary files, a folder by class, or an .npz"
    )
    parser.add_argument("--out", type=Path, default=Path("trained"), help="the folder to write into (trained)")
    parser.add_argument("--resume", action="store_true", help="go on where an interrupted run stopped")
    return parser


def train(asked: argparse.Namespace, square: SquareDecoder) -> None:
    """Train the model that is asked for and write its files.

    `square` decodes picture files. Raises ImportError where PyTorch is missing, ValueError in a sentence for data
    that is none, OSError.
    """
    from .data.dataset_files import PictureShape, read_dataset
    from .loop import Training
    from .output_files import write_files
    from .progress_bar import TrainingProgressBar

    recipe: Recipe = RECIPES[asked.name]
    print(f"Reading {asked.data}", flush=True)
    data = read_dataset(asked.data, PictureShape(recipe.side, recipe.prepare.channels), square)
    asked.out.mkdir(parents=True, exist_ok=True)
    checkpoint = asked.out / f"{recipe.name}.checkpoint"
    training = Training(recipe, data)
    if asked.resume and checkpoint.exists():
        training.load(checkpoint)
        print(f"Going on after step {training.step:,}")
    bar = TrainingProgressBar(recipe.name, sys.stdout)
    try:
        training.run(bar, checkpoint)
    finally:
        bar.end()
    card = write_files(training, data, asked.out)
    checkpoint.unlink(missing_ok=True)
    print(f"{recipe.name}: {card['accuracy']:.2%} on {card['accuracy_on']}; {card['parameters']:,} parameters")
