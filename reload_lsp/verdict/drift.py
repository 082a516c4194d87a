"""A running program beside a fresh one, both described: what differs, and on which line. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..findings.catalogue import entry
from ..findings.values import Finding, Range
from ..plan.markers import markers_at, module_markers
from .at_import import is_main_guard
from .module import ModuleText
from .planner import place_of
from .program import Program

Json = Mapping[str, Any]
CODE = "RLD909"


def differences(program: Program, hot: Json, cold: Json) -> list[Finding]:
    """What differs between the two descriptions (`live/describe`), state apart."""
    found: list[Finding] = []
    for name in sorted(hot.keys() & cold.keys()):
        module = program.named(name)
        if module is not None:
            found += [_finding(module, of, why) for of, why in _in_module(program, module, hot[name], cold[name])]
    return found


def _in_module(program: Program, module: ModuleText, hot: Json, cold: Json) -> Iterator[tuple[str, str]]:
    for name in sorted(hot.keys() | cold.keys()):
        mine, fresh = hot.get(name), cold.get(name)
        if _is_state(program, module, name):
            continue
        if mine is None:
            yield name, f"{name} is missing in the running program"
        elif fresh is None:
            if not _is_submodule(program, module, name):
                yield name, f"{name} is still in the running program, and not in a fresh one"
        elif mine["kind"] != fresh["kind"]:
            yield name, f"{name} is a {mine['kind']} in the running program and a {fresh['kind']} in a fresh one"
        elif mine["digest"] != fresh["digest"] or mine.get("members") != fresh.get("members"):
            yield name, _differs(name, mine, fresh)
        elif "same" in mine and _short(mine["same"]) != _short(fresh["same"]):
            yield name, _shared(f"{module.name}.{name}", name, mine["same"], fresh["same"])


def _differs(name: str, mine: Json, fresh: Json) -> str:
    ours: dict[str, str] = mine.get("members") or {}
    theirs: dict[str, str] = fresh.get("members") or {}
    others = sorted(n for n in ours.keys() | theirs.keys() if ours.get(n) != theirs.get(n))
    where = f", in {', '.join(others[:5])}" if others else ""
    return f"{mine['kind']} {name} differs from that of a fresh process{where}"


def _shared(place: str, name: str, mine: str, fresh: str) -> str:
    if mine == place:
        return f"{name} is an object of its own in the running program, and that of {_short(fresh)} in a fresh one"
    return f"{name} is the object of {mine} in the running program, and not in a fresh one"


def _short(place: str) -> str:
    """A script runs under another name when it is looked at."""
    return place.replace("__mp_main__.", "__main__.")


def _is_state(program: Program, module: ModuleText, name: str) -> bool:
    """Is a name one that the program sets itself, or one that a comment keeps?"""
    if re.search(rf"\bglobal\b[^\n]*\b{re.escape(name)}\b", module.text):
        return True
    if any(re.search(rf"\.{re.escape(name)}\s*[-+*/|&]?=[^=]", other.text) for other in program.all()):
        return True
    if all(is_main_guard(module.node(i)) for i in module.binders(name)) and module.binders(name):
        return True  # nobody runs it in the fresh process
    lines = module.lines
    over = module_markers(lines)
    marked = [markers_at(lines, module.statements[i].line).joined(over) for i in module.binders(name)]
    return any(m.keep or m.never for m in marked) or over.never


def _is_submodule(program: Program, module: ModuleText, name: str) -> bool:
    return program.named(f"{module.name}.{name}") is not None


def _finding(module: ModuleText, name: str, why: str) -> Finding:
    binders = module.binders(name)
    place = place_of(module.statements[binders[-1]]) if binders else Range.of(0, 0, 0, 1)
    known = entry(CODE)
    message = f"{why}. Reload the file, or restart the program."
    return Finding(
        f"drift:{module.name}.{name}",
        CODE,
        known.verdict,
        known.severity,
        message,
        module.path,
        place,
        data={"fixes": [{"kind": "reload", "path": module.path}, {"kind": "restart"}]},
    )
