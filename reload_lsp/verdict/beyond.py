"""What an edit would not reach, or would drop: suspended frames, closures that never captured a variable, cached results."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..findings.values import Count, Range
from ..source.codes import CodePair, pair_children, qualified_in
from .edit import Edit
from .module import ModuleText
from .planner import Planner
from .program import CALLED

_SUSPENDS = 0x20 | 0x80 | 0x200  # generators, coroutines, asynchronous generators


def say_beyond(planner: Planner) -> None:
    """Say it of every edited function, as the reload would; the process is asked who holds its code, and what caches hold."""
    for edit in planner.edits.values():
        for index, old in edit.touched:
            if old is not None and "def " in old.text and "def " in edit.new.statements[index].text:
                _held(planner, edit, index)
                _cached(planner, edit, index)
    for (name, bound), product in list(planner.changes.items()):
        module = planner.after.named(name)
        if module is not None and product.kind in CALLED:
            _dropped(planner, module, bound, _line_of(module, bound))


# who holds the code --------------------------------------------------------------------------------------------


def _held(planner: Planner, edit: Edit, index: int) -> None:
    for name, pair, line in _own_pairs(edit, index):
        lacking = sorted(set(pair.new.co_freevars) - set(pair.old.co_freevars) - {"__class__"})
        if not lacking and not pair.old.co_flags & _SUSPENDS:
            continue
        key, place = (edit.new.name, name), Range.of(line, 0, line, 200)
        planner.asked.held.add(key)
        held = planner.facts.held.get(key)
        if held is None:
            continue
        _suspended(planner, edit.new, name, held.suspended, place)
        if lacking and held.functions:
            planner.say(
                "RLD203",
                f"a closure {name} made before this edit stays with its old code: it never captured {', '.join(lacking)}. "
                "Make it again by calling the function around it.",
                edit.new,
                place,
                count=Count(held.functions, False),
            )


def _suspended(planner: Planner, module: ModuleText, name: str, suspended: tuple[str, ...], place: Range) -> None:
    tasks = [task for task in suspended if task]
    for code, found, what in (
        ("RLD404", tasks, "task"),
        ("RLD403", [t for t in suspended if not t], "generator or coroutine"),
    ):
        if found:
            who = f"task {found[0]}" if found[0] else f"a suspended {what}"
            message = f"{who} is in {name} and goes on with the old code; new calls run the new one."
            planner.say(code, message, module, place, count=Count(len(suspended)))


def _own_pairs(edit: Edit, index: int) -> Iterator[tuple[str, CodePair, int]]:
    """The functions of a statement whose own code differs: qualified name, both codes, and their new line from 0."""
    old, new = edit.before(index), edit.new.statements[index]
    assert old is not None
    before, after = edit.old.codes_in(old), edit.new.codes_in(new)
    names = {id(code): name for name, code in qualified_in(before)}
    for pair in pair_children(before, after):
        if pair.own and id(pair.old) in names:
            yield names[id(pair.old)], pair, new.line + max(pair.new.co_firstlineno - 1, 0)


# what caches hold ----------------------------------------------------------------------------------------------


def _cached(planner: Planner, edit: Edit, index: int) -> None:
    for edited in edit.functions(index):
        if getattr(edited.new, "decorator_list", ()):
            _dropped(planner, edit.new, edited.name, _first_line(edited.new))


def _dropped(planner: Planner, module: ModuleText, name: str, line: int | None) -> None:
    if line is None:
        return
    key = (module.name, name)
    planner.asked.caches.add(key)
    cache = planner.facts.caches.get(key)
    if cache is None:
        return
    results = f"{cache.n} cached result{'s' if cache.n != 1 else ''} of {name}"
    gone = f"{results} will be dropped: the old code made them. The next calls compute them again."
    kept = f"{cache.n} live object{'s' if cache.n != 1 else ''} will keep the {name} that the old code made."
    planner.say(
        "RLD601",
        kept if cache.kept else gone,
        module,
        Range.of(line, 0, line, 200),
        verdict="stale" if cache.kept else None,
        count=Count(cache.n),
    )


def _line_of(module: ModuleText, name: str) -> int | None:
    """Where a decorated function of a module begins; None for everything else, which no cache stands around."""
    for index in reversed(module.binders(name)):
        node = module.node(index)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.decorator_list:
            return _first_line(node)
    return None


def _first_line(node: ast.AST) -> int:
    lines = [getattr(part, "lineno", 1) for part in (node, *getattr(node, "decorator_list", ()))]
    return min(lines) - 1
