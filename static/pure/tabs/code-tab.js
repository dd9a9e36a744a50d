/** The stage as code: the same layer in PyTorch, and as four loops with the figure's numbers. */

import { TABS } from "convoscope/pure/strings/tab-strings.js";

/** @import {Frame, Stage, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** @param {Trace} trace @param {Frame} frame @returns {Description} */
export function codeView(trace, frame) {
  const stage = trace.stages[frame.stage];
  const lines = (CODE[stage.op] ?? (() => [TABS.noCode]))(stage, frame);
  return [
    "div",
    { class: "code" },
    ["p", { class: "muted" }, TABS.codeTitle],
    ["pre", { tabindex: 0 }, ["code", lines.join("\n")]],
  ];
}

/** @type {Record<string, (stage: Stage, frame: Frame) => string[]>} */
const CODE = {
  input: (stage) => [`x = torch.tensor(...)   # ${stage.shape.join(" × ")}: channels, rows, columns`],
  conv: convolution,
  relu: () => ["y = torch.relu(x)"],
  leaky_relu: (stage) => [`y = F.leaky_relu(x, negative_slope=${stage.slope})`],
  sigmoid: () => ["y = torch.sigmoid(x)"],
  tanh: () => ["y = torch.tanh(x)"],
  abs: () => ["y = x.abs()"],
  softmax: () => ["y = F.softmax(x.flatten(), dim=0)"],
  maxpool: (stage) => pool("F.max_pool2d(x", stage),
  avgpool: (stage) => pool("F.avg_pool2d(x", stage),
  minpool: (stage) => pool("-F.max_pool2d(-x", stage),
  l2pool: (stage) => [...pool("F.avg_pool2d(x**2", stage, ", divisor_override=1"), "y = y.sqrt()"],
  globalavgpool: () => ["y = x.mean(dim=(1, 2), keepdim=True)"],
  globalmaxpool: () => ["y = x.amax(dim=(1, 2), keepdim=True)"],
  shift: ({ by }) => ["y = torch.zeros_like(x)", `# moved by ${by?.[0]} rows and ${by?.[1]} columns; zeros come in`],
  flatten: () => ["y = x.flatten()"],
  linear: (stage) => [
    `y = F.linear(x.flatten(), weight, bias)   # weight: ${stage.shape[0]} × ${stage.input_shape?.[0]}`,
  ],
  prepare: ({ prepare, shape, input_shape }) =>
    prepare
      ? [
          ...(shape.slice(1).join() === input_shape?.slice(1).join()
            ? []
            : [`x = F.interpolate(x[None], (${shape[1]}, ${shape[2]}), mode="area")[0]   ${TABS.areaComment}`]),
          ...(prepare.inverted ? [`x = ${prepare.white} - x`] : []),
          `mean, std = (torch.tensor(v).reshape(-1, 1, 1) for v in ([${prepare.mean.join(", ")}], ` +
            `[${prepare.std.join(", ")}]))`,
          `y = (x / ${prepare.white} - mean) / std`,
        ]
      : [],
};

/** @param {Stage} stage @param {Frame} frame */
function convolution(stage, frame) {
  const [rows, columns] = [stage.rows, stage.columns];
  if (!rows || !columns) return [];
  const padded = rows.before || rows.after || columns.before || columns.after;
  const mode = stage.padding_mode === "zeros" ? "" : `, mode="${stage.padding_mode}"`;
  const divisor = (stage.divisors?.[frame.map] ?? 1) * (stage.scales?.[frame.map] ?? 1);
  const channels = (stage.input_shape?.[0] ?? 1) / (stage.groups ?? 1);
  const shape = `${stage.shape[0]}, ${channels}, ${rows.kernel}, ${columns.kernel}`;
  return [
    "import torch, torch.nn.functional as F",
    "",
    ...weightLines(stage, frame, shape, divisor),
    ...(padded
      ? [
          `x = F.pad(x, (${columns.before}, ${columns.after}, ${rows.before}, ${rows.after})${mode})   # left, ` +
            "right, top, bottom",
        ]
      : []),
    `y = F.conv2d(x[None], weight, bias, stride=(${rows.stride}, ${columns.stride}), dilation=(${rows.dilation}, ` +
      `${columns.dilation}), groups=${stage.groups})[0]   # ${stage.shape.join(" × ")}`,
    "",
    TABS.loopsComment,
    `for row in range(${rows.positions}):`,
    `    for col in range(${columns.positions}):`,
    `        for i in range(${rows.kernel}):`,
    `            for j in range(${columns.kernel}):`,
    `                y[k, row, col] += weight[k, c, i, j] * x[c, row*${rows.stride} + i*${rows.dilation}, ` +
      `col*${columns.stride} + j*${columns.dilation}]`,
    `# y[${frame.map}, ${frame.row}, ${frame.col}] == ${frame.value}`,
  ];
}

/**
 * The weights of the map in focus, written out where they are few.
 * @param {Stage} stage @param {Frame} frame @param {string} shape @param {number} divisor
 */
function weightLines(stage, frame, shape, divisor) {
  const small = frame.channels.length === 1 && stage.shape[0] === 1;
  const by = divisor === 1 ? "" : ` / ${divisor}`;
  const lines = (frame.channels[0]?.weights ?? []).map((line) => `[${line.join(", ")}]`);
  return [
    small
      ? `weight = torch.tensor([[[${lines.join(",\n                         ")}]]], dtype=torch.float32)${by}`
      : `weight = torch.tensor(...)${by}   # ${shape}: filters, channels, rows, columns`,
    `bias = torch.tensor([${(stage.bias_text ?? []).join(", ")}])`,
  ];
}

/** @param {string} call @param {Stage} stage @param {string} [more] */
function pool(call, stage, more = "") {
  const [rows, columns] = [stage.rows, stage.columns];
  if (!rows || !columns) return [];
  const even = rows.before === rows.after && columns.before === columns.after;
  const paddingValue = stage.pool === "max" || stage.pool === "min" ? ", value=float('-inf')" : "";
  const padding = even ? `, padding=(${rows.before}, ${columns.before})` : "";
  const ceil = rows.ceil ? ", ceil_mode=True" : "";
  const excludesPadding = stage.pool === "avg" && !stage.count_include_pad ? ", count_include_pad=False" : "";
  return [
    ...(even
      ? []
      : [`x = F.pad(x, (${columns.before}, ${columns.after}, ${rows.before}, ${rows.after})${paddingValue})`]),
    `y = ${call}, kernel_size=(${rows.kernel}, ${columns.kernel}), stride=(${rows.stride}, ${columns.stride})` +
      `${padding}${ceil}${excludesPadding}${more})   # ${stage.shape.join(" × ")}`,
  ];
}
