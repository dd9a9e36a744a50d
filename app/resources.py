"""Where the files are that come with the program: `static`, `templates`, `sample_images`."""

from __future__ import annotations

from pathlib import Path


def resource(name: str) -> Path:
    """The folder or file `name`: inside the package in an installed wheel, beside it in the checkout.

    Inside is asked first, since beside an installed package lies somebody else's code.
    Raises FileNotFoundError.
    """
    package = Path(__file__).resolve().parent
    for place in (package / name, package.parent / name):
        if place.exists():
            return place
    raise FileNotFoundError(f"{name} is neither in {package} nor beside it: the installation is incomplete.")
