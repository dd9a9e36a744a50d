"""What is known of a network before it is priced."""

from __future__ import annotations

from dataclasses import dataclass

from ...arrays import Shape
from ...texts import Text, make_text


@dataclass(frozen=True, slots=True)
class NetPart:
    """A part of a network that has a name of its own, such as `conv2_x`, as a pattern.

    Of a convolution in which not every map reads every map before it, `pairs` counts the pairs of maps that are
    connected: each has F × F weights. 0 means all. A pattern that somebody typed is one part without a name.
    """

    name: str
    pattern: str
    pairs: int = 0


@dataclass(frozen=True, slots=True)
class NetDefinition:
    """One network in one version.

    `title` and `source` (who described it, where) are names; `version` says in a few words which of its versions it is.
    `shape` is the input (channels, rows, columns) that it was made for.
    """

    name: str
    title: str
    version: str
    source: str
    shape: Shape
    parts: tuple[NetPart, ...]

    @property
    def pattern(self) -> str:
        """The whole network as one pattern."""
        return "~".join(part.pattern for part in self.parts)

    @property
    def version_code(self) -> str:
        """The code of the sentence `version` in the catalogue."""
        return f"version_{self.name.replace('.', '-')}"

    @property
    def version_text(self) -> Text:
        """The sentence `version`, in any language."""
        return make_text(self.version_code)
