"""The command `convoscope` as far as it understands what it is told, without doing it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import pytest

from app.cli import main


class Understood(Exception):
    """Stops the command where it would begin to do something."""

    def __init__(self, parser: argparse.ArgumentParser, told: argparse.Namespace) -> None:
        super().__init__()
        self.parser = parser
        self.told = told


def parsed(arguments: Sequence[str]) -> tuple[argparse.ArgumentParser, argparse.Namespace]:
    """The parser of the command, and what it makes of some arguments. Raises SystemExit where it refuses them."""
    parse = argparse.ArgumentParser.parse_args

    def stop(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
        raise Understood(parser, parse(parser, words))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(argparse.ArgumentParser, "parse_args", stop)
        with pytest.raises(Understood) as understood:
            main(arguments)
    return understood.value.parser, understood.value.told
