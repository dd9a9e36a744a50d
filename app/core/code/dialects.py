"""The libraries in whose words programs are written: the one list of them, in the order in which they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DialectName = Literal["torch", "keras", "jax", "numpy", "scipy"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """A library in whose words a program is written.

    `name` is its key in the Trace, `title` what readers are told. A program calls the functions of arrays in `module`,
    and makes an array of written numbers by `array`; the module `loader` reads a safetensors file, and `turned` turns
    filters by 180°.
    """

    name: DialectName
    title: str
    module: str
    array: str
    loader: str = "safetensors.numpy"
    turned: str = "[:, :, ::-1, ::-1]"


DIALECTS = (
    Dialect("torch", "PyTorch", "torch", "torch.tensor", "safetensors.torch", ".flip(2, 3)"),
    Dialect("keras", "Keras", "ops", "ops.array"),
    Dialect("jax", "JAX", "jnp", "jnp.array", "safetensors.flax"),
    Dialect("numpy", "NumPy", "np", "np.array"),
    Dialect("scipy", "SciPy", "np", "np.array"),
)
"""Every dialect. `static/pure/tabs/code/dialects.js` has the same rows."""
_BY_NAME = {dialect.name: dialect for dialect in DIALECTS}


def find_dialect(name: DialectName) -> Dialect:
    """The dialect of that name."""
    return _BY_NAME[name]
