"""Draw docs/demo.svg from a real run: `python docs/make_demo_svg.py`, where the project is installed."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
CELL, LINE, MARGIN = 7.6, 17, 14
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "36": "#79c0ff", "2": "#8b949e"}
SPACE, HARD_SPACE = " ", "\N{NO-BREAK SPACE}"  # a browser would make one space of several
STYLED = re.compile(r"\x1b\[(\d+)m(.*?)\x1b\[0m")


def parts(line: str) -> Iterator[tuple[int, str, str]]:
    """The runs of one style in a line: column, attributes, text."""
    column, at = 0, 0
    for match in STYLED.finditer(line):
        plain = line[at : match.start()]
        yield column, "", plain
        column += len(plain)
        style = match[1]
        yield column, 'font-weight="bold"' if style == "1" else f'fill="{COLOURS[style]}"', match[2]
        column += len(match[2])
        at = match.end()
    yield column, "", line[at:]


def row(number: int, line: str) -> str:
    """One line of the terminal."""
    y = MARGIN + LINE * (number + 1)
    return "".join(
        f'<text x="{MARGIN + column * CELL:.1f}" y="{y}" textLength="{len(text) * CELL:.1f}" {style}>'
        f"{escape(text).replace(SPACE, HARD_SPACE)}</text>\n"
        for column, style, text in parts(line)
        if text.strip()
    )


def picture(output: str) -> str:
    """The whole terminal as an SVG."""
    lines = output.splitlines()
    width = max(len(STYLED.sub(r"\2", line)) for line in lines) * CELL + 2 * MARGIN
    height = LINE * (len(lines) + 1) + 2 * MARGIN
    rows = "".join(row(number, line) for number, line in enumerate(lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" '
        'font-family="ui-monospace, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="12.6" '
        'fill="#e6edf3">\n<title>reload-lsp demo</title>\n'
        f'<rect width="100%" height="100%" rx="8" fill="#0d1117"/>\n{rows}</svg>\n'
    )


def main() -> int:
    command = [sys.executable, "-m", "reload_lsp", "demo", "--color", "always"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=HERE.parent)
    (HERE / "demo.svg").write_text(picture(done.stdout), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
