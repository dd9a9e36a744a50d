"""QR codes of links, as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import segno

QUIET_ZONE = 4
"""White modules on each side, as ISO/IEC 18004 requires."""


def draw_qr_svg(link: str) -> str:
    """Draw the QR code of a link as SVG, one unit per module, with the quiet zone.

    Error correction is M (15 %), or higher where the code stays as small. Raises ValueError above 2,331 bytes.
    """
    try:
        code = segno.make_qr(link, error="m")
    except segno.DataOverflowError as error:
        raise ValueError(
            f"a link of {len(link.encode())} bytes is longer than the 2,331 that a QR code holds"
        ) from error
    side = len(code.matrix) + 2 * QUIET_ZONE
    path = "".join(_draw_runs(code.matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    )


def _draw_runs(matrix: Sequence[Sequence[int]]) -> Iterator[str]:
    """Yield each run of black modules in a row as one rectangle of an SVG path."""
    for row, modules in enumerate(matrix):
        column = 0
        for black, run in groupby(modules):
            width = len(list(run))
            if black:
                yield f"M{column + QUIET_ZONE} {row + QUIET_ZONE}h{width}v1h-{width}z"
            column += width
