"""The user's word in a comment: `# reload: keep | rerun | never | ignore[CODES]`."""

from __future__ import annotations

import re

from ..values import dataclass

_MARKER = re.compile(r"#\s*reload:\s*(keep|rerun|never|ignore)(?:\[([A-Z0-9,\s]*)\])?")


@dataclass(frozen=True, slots=True)
class Markers:
    """What comments say about one statement or a whole module."""

    keep: bool = False
    rerun: bool = False
    never: bool = False
    ignored: frozenset[str] = frozenset()

    def joined(self, other: Markers) -> Markers:
        """What either of two places says."""
        return Markers(
            self.keep or other.keep,
            self.rerun or other.rerun,
            self.never or other.never,
            self.ignored | other.ignored,
        )


NONE = Markers()


def markers_at(lines: list[str], line: int) -> Markers:
    """The markers at the end of a statement's first line (0-based), or alone on the line above."""
    texts = [lines[line]] if line < len(lines) else []
    if 0 < line <= len(lines) and lines[line - 1].lstrip().startswith("#"):
        texts.append(lines[line - 1])
    return _read(texts)


def module_markers(lines: list[str]) -> Markers:
    """The markers of the first comment block of a file; they hold for the module."""
    block: list[str] = []
    for line in lines:
        if not line.startswith("#"):
            break
        block.append(line)
    return _read(block) if len(lines) > len(block) and not "".join(lines[len(block) : len(block) + 1]).strip() else NONE


def _read(texts: list[str]) -> Markers:
    if not any("reload:" in t for t in texts):
        return NONE
    found = [m for t in texts for m in _MARKER.finditer(t)]
    words = {m.group(1) for m in found}
    codes = {c.strip() for m in found for c in (m.group(2) or "").split(",") if c.strip()}
    return Markers("keep" in words, "rerun" in words, "never" in words, frozenset(codes))
