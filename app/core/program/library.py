"""The libraries in whose words programs are written; `static/pure/tabs/code/libraries.js` has the same rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_IMPORTS = {
    "math": "import math",
    "np": "import numpy as np",
    "ndimage": "from scipy import ndimage",
    "signal": "from scipy import signal",
    "special": "from scipy import special",
    "jax": "import jax",
    "jnp": "import jax.numpy as jnp",
    "lax": "from jax import lax",
    "keras": "import keras",
    "ops": "from keras import ops",
    "torch": "import torch",
    "F": "import torch.nn.functional as F",
}
"""A name that stands before a point, and the line that imports it, in the order of the lines."""


@dataclass(frozen=True, slots=True)
class Library:
    """A library of programs: its name in links, its title, and how arrays are made in it.

    `array` makes an array of written numbers, `loader` is the module that reads a safetensors file, `turned` turns
    filters by 180°.
    """

    name: str
    title: str
    array: str
    loader: str
    turned: str = "[:, :, ::-1, ::-1]"


LIBRARIES = (
    Library("torch", "PyTorch", "torch.tensor", "safetensors.torch", ".flip(2, 3)"),
    Library("keras", "Keras", "np.array", "safetensors.numpy"),
    Library("jax", "JAX", "jnp.array", "safetensors.flax"),
    Library("numpy", "NumPy", "np.array", "safetensors.numpy"),
    Library("scipy", "SciPy", "np.array", "safetensors.numpy"),
)
"""All libraries, in the order of their buttons."""


def list_imports(text: str) -> Iterator[str]:
    """The lines that import what a program names before a point; comments do not count."""
    code = re.sub(r"#.*", "", text)
    for name, line in _IMPORTS.items():
        if re.search(rf"(?<![\w.]){name}\.", code):
            yield line
