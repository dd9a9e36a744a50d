/**
 * The libraries in whose words programs are written, as `app/core/code/dialects.py` has them, and their imports, as
 * `app/core/program/imports.py` has them.
 */

/**
 * A library: how arrays are made in it.
 * @typedef {object} Dialect
 * @property {string} name in links
 * @property {string} title
 * @property {string} array what makes an array of written numbers
 * @property {string} loader the module that reads a safetensors file
 * @property {string} turned what turns a filter by 180°
 */

const TURNED = "[:, :, ::-1, ::-1]";

/** In the order of their buttons. @type {Dialect[]} */
export const DIALECTS = [
  { name: "torch", title: "PyTorch", array: "torch.tensor", loader: "safetensors.torch", turned: ".flip(2, 3)" },
  { name: "keras", title: "Keras", array: "ops.array", loader: "safetensors.numpy", turned: TURNED },
  { name: "jax", title: "JAX", array: "jnp.array", loader: "safetensors.flax", turned: TURNED },
  { name: "numpy", title: "NumPy", array: "np.array", loader: "safetensors.numpy", turned: TURNED },
  { name: "scipy", title: "SciPy", array: "np.array", loader: "safetensors.numpy", turned: TURNED },
];

/** A name that stands before a point, and the line that imports it, in the order of the lines. */
const IMPORTS = {
  math: "import math",
  np: "import numpy as np",
  ndimage: "from scipy import ndimage",
  signal: "from scipy import signal",
  special: "from scipy import special",
  jax: "import jax",
  jnp: "import jax.numpy as jnp",
  lax: "from jax import lax",
  ops: "from keras import ops",
  torch: "import torch",
  F: "import torch.nn.functional as F",
};

/** The lines that import what a program names before a point; comments do not count. @param {string[]} lines */
export function importsOf(lines) {
  const code = lines.join("\n").replaceAll(/#.*/g, "");
  return Object.entries(IMPORTS).flatMap(([name, line]) =>
    new RegExp(`(?<![\\w.])${name}\\.`).test(code) ? line : [],
  );
}
