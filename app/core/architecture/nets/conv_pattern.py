"""The pattern of a square convolution, of which known networks have many."""

from __future__ import annotations


def write_conv(maps: int, side: int, stride: int = 1, groups: int = 1, reads: str = "", has_bias: bool = True) -> str:
    """A convolution with so much padding that at stride 1 the maps keep their size; `reads` is its `from`."""
    options = [] if has_bias else ["bias=none"]
    options += [f"stride={stride}"] if stride > 1 else []
    options += [f"padding={side // 2}"] if side > 1 else []
    options += [f"groups={groups}"] if groups > 1 else []
    options += [reads] if reads else []
    return ",".join((f"conv:{maps}@{side}x{side}", *options))


def write_normalized_conv(maps: int, side: int, stride: int = 1, groups: int = 1, reads: str = "") -> str:
    """A convolution without biases and its normalization."""
    return f"{write_conv(maps, side, stride, groups, reads, has_bias=False)}~batchnorm"
