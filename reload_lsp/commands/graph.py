"""`reload-lsp graph`: the modules of a folder, or the dependents of one, as a picture in one file."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ..picture.mermaid import mermaid
from ..picture.page import page
from ..server.programs import Programs
from ..server.seen import SeenTexts
from ..verdict.graph import Edges, dependents, edges_of


def main(argv: list[str]) -> int:
    """Write the picture; 2 where the module is not there."""
    options = _options(argv)
    root = os.path.realpath(options.under)
    edges = edges_of(Programs(SeenTexts()).of_folders([root]).program)
    try:
        chosen = among(edges, options.module)
    except LookupError as error:
        print(f"reload-lsp graph: {error}", file=sys.stderr)
        return 2
    title = f"What reads {options.module}" if options.module else f"Modules of {os.path.basename(root)}"
    text = mermaid(chosen) if options.format == "mermaid" else page(title, chosen)
    if options.output:
        Path(options.output).write_text(text, encoding="utf-8")
        print(f"{len(chosen)} modules: {options.output}")
    else:
        sys.stdout.write(text)
    return 0


def among(edges: Edges, module: str | None) -> Edges:
    """The part of a graph that a change of `module` may reach, all of it for None; LookupError for an unknown name."""
    if module is None:
        return edges
    if module not in edges:
        from difflib import get_close_matches

        near = get_close_matches(module, edges, 1)
        raise LookupError(f"there is no module {module} here" + (f"; did you mean {near[0]}?" if near else ""))
    names = set(dependents(edges, [module]))
    return {name: edges[name] & names for name in names}


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="reload-lsp graph", description=__doc__)
    parser.add_argument("module", nargs="?", help="show this module and what a change of it may reach (default: all)")
    parser.add_argument("--under", default=".", metavar="FOLDER", help="the program's folder (default: here)")
    parser.add_argument("--format", choices=("html", "mermaid"), default="html")
    parser.add_argument("-o", "--output", metavar="FILE", help="write here, not to standard output")
    return parser.parse_args(argv)
