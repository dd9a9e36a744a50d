/**
 * The code of a stage for a stack of pictures, as `app/core/program/batched.py` writes it.
 *
 * What PyTorch computes of a whole batch is one call; any other code is a function that is called for each picture.
 */

/** A call that takes a batch: of one picture, whose only result is read. */
const WHOLE =
  /^y = (F\.(?:conv2d|conv_transpose2d|local_response_norm|interpolate))\(x\[None\](.*)\)\[0\](?: {2}#.*)?$/;
/** A call that takes a picture and a batch alike. */
const ALIKE =
  /^y = ((?:torch\.(?:relu|tanh|sigmoid)|F\.(?:relu6|gelu|silu|hardswish|leaky_relu|max_pool2d|avg_pool2d))\(x\b.*?)(?: {2}#.*)?$/;

/**
 * The lines that make `y` of stacks of pictures: of `x`, of a join also of `x2`, `x3` …, named `inputs`; `before` is how many
 * lines stand before those of one picture, 0 where they are one call.
 * @param {string} text @param {string} name of the function @param {string[]} inputs
 * @param {string} module of the library's arrays @param {string} shape of the result in words
 * @returns {{lines: string[], before: number}}
 */
export function writeBatched(text, name, inputs, module, shape) {
  const comment = `  # ${shape}`;
  const whole = module === "torch" ? WHOLE.exec(text) : null;
  if (whole && !/\bx\b/.test(whole[2])) return { lines: [`y = ${whole[1]}(x${whole[2]})${comment}`], before: 0 };
  const alike = module === "torch" ? ALIKE.exec(text) : null;
  if (alike) return { lines: [`y = ${alike[1]}${comment}`], before: 0 };
  const body = text.split("\n").map((line) => (line ? `    ${line}` : ""));
  const each =
    inputs.length === 1 ? `${name}(one) for one in x` : `${name}(*maps) for maps in zip(${inputs.join(", ")})`;
  const lines = [`def ${name}(${inputs.join(", ")}):`, ...body, "    return y"];
  return { lines: [...lines, `y = ${module}.stack([${each}])${comment}`], before: 1 };
}
