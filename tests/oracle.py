"""Convolution and pooling as the textbooks write them: nested loops over plain Python numbers.

Slow on purpose. Nothing here knows of padding arrays, strides in memory or matrix products, and
nothing is shared with the code under test.
"""

from __future__ import annotations

from itertools import product

Maps = list[list[list[float]]]


def at(plane: list[list[float]], row: int, col: int, mode: str = "zeros") -> float:
    """A cell of the picture, continued beyond its edges by the padding mode."""
    height, width = len(plane), len(plane[0])
    if mode == "zeros":
        return plane[row][col] if 0 <= row < height and 0 <= col < width else 0
    return plane[_inside(row, height, mode)][_inside(col, width, mode)]


def _inside(index: int, size: int, mode: str) -> int:
    if mode == "circular":
        return index % size
    if mode == "replicate":
        return min(max(index, 0), size - 1)
    while not 0 <= index < size:  # reflect: the edge cell is the mirror
        index = -index if index < 0 else 2 * (size - 1) - index
    return index


def conv2d(
    x, weight, bias=None, *, stride=(1, 1), padding=(0, 0, 0, 0), dilation=(1, 1), groups=1,
    padding_mode="zeros", flip=False,
) -> Maps:  # fmt: skip
    """Slide each filter over the channels of its group; padding is (top, bottom, left, right)."""
    top, bottom, left, right = padding
    kernel_rows, kernel_cols = len(weight[0][0]), len(weight[0][0][0])
    out_rows = (len(x[0]) + top + bottom - dilation[0] * (kernel_rows - 1) - 1) // stride[0] + 1
    out_cols = (len(x[0][0]) + left + right - dilation[1] * (kernel_cols - 1) - 1) // stride[1] + 1
    out = [[[0.0] * out_cols for _ in range(out_rows)] for _ in weight]
    for k, row, col in product(range(len(weight)), range(out_rows), range(out_cols)):
        total = 0
        first = k // (len(weight) // groups) * len(weight[k])
        for c, i, j in product(range(len(weight[k])), range(kernel_rows), range(kernel_cols)):
            w = weight[k][c][kernel_rows - 1 - i][kernel_cols - 1 - j] if flip else weight[k][c][i][j]
            seen_row, seen_col = row * stride[0] - top + i * dilation[0], col * stride[1] - left + j * dilation[1]
            total += w * at(x[first + c], seen_row, seen_col, padding_mode)
        out[k][row][col] = total + (bias[k] if bias is not None else 0)
    return out


def conv_transpose2d(
    x, weight, bias=None, *, stride=(1, 1), padding=(0, 0), output_padding=(0, 0), dilation=(1, 1), groups=1
) -> Maps:
    """Add to the output a copy of each filter for each cell of its channels; then cut the padding off."""
    kernel_rows, kernel_cols = len(weight[0][0]), len(weight[0][0][0])
    rows = (len(x[0]) - 1) * stride[0] + dilation[0] * (kernel_rows - 1) + 1 + output_padding[0]
    cols = (len(x[0][0]) - 1) * stride[1] + dilation[1] * (kernel_cols - 1) + 1 + output_padding[1]
    out = [[[0.0] * cols for _ in range(rows)] for _ in weight]
    for k in range(len(weight)):
        first = k // (len(weight) // groups) * len(weight[k])
        for c, r, q in product(range(len(weight[k])), range(len(x[0])), range(len(x[0][0]))):
            for i, j in product(range(kernel_rows), range(kernel_cols)):
                row, col = r * stride[0] + i * dilation[0], q * stride[1] + j * dilation[1]
                out[k][row][col] += weight[k][c][i][j] * x[first + c][r][q]
    down, across = padding
    return [
        [[total + (bias[k] if bias is not None else 0) for total in row[across : cols - across]]
         for row in plane[down : rows - down]]
        for k, plane in enumerate(out)
    ]  # fmt: skip


def pool2d(
    x, kind, kernel_size, stride, padding=(0, 0, 0, 0), *, ceil_mode=False, count_include_pad=True, dilation=(1, 1),
    divisor_override=None,
) -> Maps:  # fmt: skip
    """Walk the window until it no longer starts (ceil) or no longer ends (floor) inside the padded maps."""
    top, bottom, left, right = padding
    height, width = len(x[0]), len(x[0][0])
    reach = [step * (cells - 1) + 1 for step, cells in zip(dilation, kernel_size, strict=True)]
    rows = _starts(height, top, bottom, reach[0], stride[0], ceil_mode)
    cols = _starts(width, left, right, reach[1], stride[1], ceil_mode)
    out = []
    for plane in x:
        result = []
        for row in rows:
            line = []
            for col in cols:
                taps = range(row, row + reach[0], dilation[0]), range(col, col + reach[1], dilation[1])
                window = list(product(*taps))
                cells = [plane[r][c] for r, c in window if 0 <= r < height and 0 <= c < width]
                counted = [1 for r, c in window if -top <= r < height + bottom and -left <= c < width + right]
                count = divisor_override or (len(counted) if count_include_pad else len(cells))
                line.append(_pooled(kind, cells, count))
            result.append(line)
        out.append(result)
    return out


def _starts(size: int, before: int, after: int, kernel: int, stride: int, ceil_mode: bool) -> list[int]:
    starts, start, ended = [], -before, False
    while not ended and start < size:
        ended = start + kernel >= size + after
        if start + kernel <= size + after or ceil_mode:
            starts.append(start)
        start += stride
    return starts


def _pooled(kind: str, cells: list[float], count: int) -> float:
    if kind == "max":
        return max(cells)
    if kind == "min":
        return min(cells)
    if kind == "avg":
        return sum(cells) / count
    return sum(cell * cell for cell in cells) ** 0.5
