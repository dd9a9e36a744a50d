"""The imports of a program; `static/pure/tabs/code/dialects.js` has the same rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

_IMPORTS = {
    "math": "import math",
    "np": "import numpy as np",
    "ndimage": "from scipy import ndimage",
    "signal": "from scipy import signal",
    "special": "from scipy import special",
    "jax": "import jax",
    "jnp": "import jax.numpy as jnp",
    "lax": "from jax import lax",
    "ops": "from keras import ops",
    "torch": "import torch",
    "F": "import torch.nn.functional as F",
}
"""A name that stands before a point, and the line that imports it, in the order of the lines."""


def list_imports(text: str) -> Iterator[str]:
    """The lines that import what a program names before a point; comments do not count."""
    code = re.sub(r"#.*", "", text)
    for name, line in _IMPORTS.items():
        if re.search(rf"(?<![\w.]){name}\.", code):
            yield line
