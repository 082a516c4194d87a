"""`reload-lsp check`: would these changes reload in a running program? Told from texts alone, for CI and pre-commit."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..findings.catalogue import entry
from ..findings.values import Finding, Range
from ..server.rules import Rules
from ..server.settings import from_pyproject, merged
from ..source.text import UnreadableSource, decode
from ..verdict.graph import edges_of, load_order
from ..verdict.module import ModuleText
from ..verdict.plan import Plan
from ..verdict.program import Program
from ..verdict.verdict import plan_of
from .check_formats import FORMATS
from .revisions import DISK, INDEX, NoRevision, Tree, names_of, root_of, split_range, tree

NEEDS_MORE = frozenset(("held", "refused", "applied-risk", "stale", "rolled-back"))


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a check: the files that differ, the plan of changing them, what to say, and the new texts."""

    changed: tuple[str, ...]
    plan: Plan
    findings: tuple[Finding, ...]
    texts: dict[str, str]

    @property
    def reloads(self) -> bool:
        """Would everything be live, with nothing held and nothing to warn of?"""
        return not any(f.verdict in NEEDS_MORE and f.severity != "hint" for f in self.findings)


def main(argv: list[str]) -> int:
    """0 where the changes would reload, 1 where not, 2 where that cannot be told."""
    options = _options(argv)
    before, after = split_range(options.revisions)
    after = INDEX if options.staged and after == DISK else after
    try:
        root = root_of(options.under)
        rules = merged(from_pyproject_of(root))[0].rules
        checked = check(tree(root, before), tree(root, after), rules)
    except NoRevision as error:
        print(f"reload-lsp check: {error}", file=sys.stderr)
        return 2
    print(FORMATS[options.format](checked.reloads, checked.plan, checked.findings, checked.changed, checked.texts))
    return 0 if checked.reloads else 1


def from_pyproject_of(root: str) -> dict[str, object]:
    from pathlib import Path

    return from_pyproject(Path(root))[0]


def check(before: Tree, after: Tree, rules: Rules | None = None) -> Checked:
    """The verdict on the way from one tree to another; new files are loaded by no program yet."""
    old = {path: text for path, data in before.files.items() if (text := _text(data)) is not None}
    changed = [path for path, data in after.files.items() if path in old and data != before.files[path]]
    gone = [path for path in old if path not in after.files]
    findings: list[Finding] = []
    texts: dict[str, str] = {}
    for path in changed:
        text = _text(after.files[path])
        wrong = _problem(path, text)
        texts[path] = text or ""
        findings += [wrong] if wrong else []
    program = program_of(old)
    parsed = {p: t for p, t in texts.items() if not any(f.path == p for f in findings)}
    plan = plan_of(program, parsed)
    findings += [_said_aloud(f) for f in plan.findings]
    findings += [f for path in gone for f in _importers(program, path, set(gone))]
    lines = {**old, **texts}
    shown = (rules or Rules()).applied(findings, lambda path: lines[path].split("\n"))
    return Checked((*changed, *gone), plan, tuple(sorted(shown, key=_order)), lines)


def program_of(texts: dict[str, str]) -> Program:
    """The modules of a tree, those that cannot be parsed left out, in the order in which they import each other."""
    names = names_of(list(texts))
    modules = [ModuleText(names[path], path, text) for path, text in texts.items()]
    program = Program(m for m in modules if _is_python(m))
    for order, name in enumerate(load_order(edges_of(program))):
        module = program.named(name)
        if module is not None:
            module.order = order
    return Program(program.all())


def _is_python(module: ModuleText) -> bool:
    try:
        _ = module.statements
    except (SyntaxError, ValueError):
        return False
    return True


def _text(data: bytes) -> str | None:
    try:
        return decode(data)
    except UnreadableSource:
        return None


def _problem(path: str, text: str | None) -> Finding | None:
    """Why a text cannot be loaded at all."""
    try:
        if text is None:
            raise SyntaxError("it cannot be decoded")
        compile(text, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = ((error.lineno if isinstance(error, SyntaxError) else 1) or 1) - 1
        said = error.msg if isinstance(error, SyntaxError) else str(error)
        place = Range.of(line, 0, line, 200)
        return Finding(f"check:{path}", "RLD901", "refused", "error", f"refused: {said}.", path, place)
    return None


def _said_aloud(finding: Finding) -> Finding:
    """While typing, everything is quiet; here the code's own severity counts."""
    severity = entry(finding.code).severity
    return replace(finding, severity=severity, message=finding.message.removeprefix("on save: "), data={})


def _importers(program: Program, path: str, gone: set[str]) -> list[Finding]:
    """A file that goes, and is still imported."""
    edges = edges_of(program)
    names = {m.name for m in program.at(path)}
    found = [m for m in program.all() if m.path not in gone and edges[m.name] & names]
    return [
        Finding(
            f"check:{module.path}:{path}",
            "RLD516",
            "stale",
            "warning",
            f"{path} is gone, but {module.name} imports it: a running program keeps it, and a fresh start fails.",
            module.path,
            Range.of(0, 0, 0, 1),
        )
        for module in found
    ]


def _order(finding: Finding) -> tuple[str, int, str]:
    return finding.path, finding.range.start.line, finding.code


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="reload-lsp check", description=__doc__)
    parser.add_argument(
        "revisions", nargs="?", default="HEAD", help="A..B, or A to compare with the files (default: HEAD)"
    )
    parser.add_argument("--staged", action="store_true", help="compare with what is staged, not with the files")
    parser.add_argument("--format", choices=sorted(FORMATS), default="text")
    parser.add_argument(
        "--under", default=os.curdir, metavar="FOLDER", help="a folder of the repository (default: here)"
    )
    return parser.parse_args(argv)
