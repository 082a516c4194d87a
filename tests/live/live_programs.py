"""Random small programs over a few modules, and random edits of them, for the property tests.

Every program is one that imports: a statement uses only what stands above it. Numbers and lists of them
are the only data, so that every function can be called and every sum be made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

FILES = ("base", "middle", "app")
NUMBERS = ("A", "B", "C", "D")
FUNCTIONS = ("f", "g", "h")
CLASSES = ("K", "L")
LISTS = ("T", "U")
DECORATORS = ("wrap",)
EFFECTS = ("effect 1", "effect 2", "star")  # these bind no name of their own
NAMES = NUMBERS + FUNCTIONS + CLASSES + LISTS + DECORATORS
HEADER = "import enum\nimport functools\nfrom dataclasses import dataclass\n"


@dataclass(frozen=True)
class Item:
    """One statement: what it binds, its form, a number in it, and the names it uses by their place."""

    name: str
    form: str
    number: int = 0
    uses: tuple[tuple[str, str], ...] = ()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self.text()))

    def text(self) -> str:
        return _FORMS[self.form].format(name=self.name, k=self.number, **dict(self.uses))

    def stands(self, known: set[str]) -> bool:
        """Whether all that it uses is there."""
        return all(place == "file" or name in known for place, name in self.uses)


NUMBER_FORMS = {
    "constant": "{name} = {k}\n",
    "derived": "{name} = {a} + {k}\n",
    "sum": "{name} = {a} * {b} + {k}\n",
    "annotated": "{name}: int = {a} - {k}\n",
    "length": "{name} = len([{a}, {b}]) + {k}\n",
    "generated": "{name} = sum(i * {a} for i in range({k}))\n",
    "either": "if {a} > {k}:\n    {name} = {k}\nelse:\n    {name} = {b}\n",
    "tried": "try:\n    {name} = {a} // ({b} - {k})\nexcept ZeroDivisionError:\n    {name} = {k}\n",
    "called": "{name} = {f}({k})\n",
    "attribute": "{name} = getattr({c}, 'field', {k})\n",
    "counted": "{name} = len({t}) + {k}\n",
}
FUNCTION_FORMS = {
    "function": "def {name}(x={k}):\n    return x + {k}\n",
    "documented": 'def {name}(x: int = 1) -> int:\n    """Number {k}."""\n    return x\n',
    "reading": "def {name}(x={k}):\n    return x + {a} + {k}\n",
    "default": "def {name}(x={a}):\n    return x - {k}\n",
    "nested": "def {name}(x=1):\n    def inner(y):\n        return x + y + {k}\n    return inner({k})\n",
    "lambda": "{name} = lambda x={k}: x + {k}\n",
    "calling": "def {name}(x={k}):\n    return {f}(x) + {k}\n",
    "cached": "@functools.lru_cache\ndef {name}(x=1):\n    return x + {a} + {k}\n",
    "wrapped": "@{w}\ndef {name}(x={k}):\n    return x + {k}\n",
    "listed": "def {name}(x={k}):\n    return len({t}) + x\n",
}
CLASS_FORMS = {
    "class": (
        'class {name}:\n    """Number {k}."""\n    field = {k}\n    def method(self, x={k}):\n        return x + {k}\n'
    ),
    "member": (
        "class {name}:\n    field = {a} + {k}\n    @property\n    def part(self):\n        return self.field + {b}\n"
    ),
    "child": ("class {name}({c}):\n    extra = {k}\n    @staticmethod\n    def helper():\n        return {k}\n"),
    "super": "class {name}({c}):\n    def method(self, x=1):\n        return super().method(x) + {k}\n",
    "data": (
        "@dataclass\nclass {name}:\n    field: int = {k}\n    def method(self, x=1):\n        return self.field + x\n"
    ),
    "outer": ("class {name}:\n    class Inner:\n        field = {k}\n        def m(self):\n            return {a}\n"),
}
LIST_FORMS = {
    "list": "{name} = [{a}, {k}]\n",
    "empty": "{name} = []\n",
    "functions": "{name} = [{f}, {k}]\n",
}
EFFECT_FORMS = {
    "append": "{t}.append({a} + {k})\n",
    "extend": "{t} += [{k}, {a}]\n",
    "loop": "for _ in range({k}):\n    {t}.append({a})\n",
}
DECORATOR_FORMS = {
    "plain": "def {name}(f):\n    return f\n",
    "wrapping": (
        "def {name}(f):\n    @functools.wraps(f)\n    def inner(x=0):\n        return f(x) + {k}\n    return inner\n"
    ),
}
_FORMS = {**NUMBER_FORMS, **FUNCTION_FORMS, **CLASS_FORMS, **LIST_FORMS, **EFFECT_FORMS, **DECORATOR_FORMS}
_FORMS["import"] = "from {file} import {name}\n"
_FORMS["star"] = "from {file} import *\n"
_POOLS = {"a": NUMBERS, "b": NUMBERS, "f": FUNCTIONS, "c": CLASSES, "t": LISTS, "w": DECORATORS}
_KINDS = (
    (NUMBERS, NUMBER_FORMS),
    (FUNCTIONS, FUNCTION_FORMS),
    (CLASSES, CLASS_FORMS),
    (LISTS, LIST_FORMS),
    (EFFECTS, EFFECT_FORMS),
    (DECORATORS, DECORATOR_FORMS),
)

Module = tuple[Item, ...]
Program = dict[str, Module]


def text_of(module: Module) -> str:
    return HEADER + "".join(item.text() for item in module)


def lambdas(program: Program) -> set[str]:
    """The names that are bound to lambdas."""
    return {i.name for module in program.values() for i in module if i.form == "lambda"}


def texts(program: Program) -> dict[str, str]:
    return {file: text_of(items) for file, items in program.items()}


def _offered(known: set[str]) -> dict[str, list[str]]:
    """What each place of a form may be filled with."""
    return {place: sorted(known.intersection(pool)) for place, pool in _POOLS.items()}


def _places(form: str) -> list[str]:
    return [place for place in _POOLS if f"{{{place}}}" in _FORMS[form]]


@st.composite
def items(draw: st.DrawFn, name: str, known: set[str]) -> Item:
    """A statement that binds `name` out of what is `known` above it."""
    offered = _offered(known - {name})
    [forms] = [forms for names, forms in _KINDS if name in names]
    form = draw(st.sampled_from([f for f in forms if all(offered[p] for p in _places(f))]))
    uses = tuple((p, draw(st.sampled_from(offered[p]))) for p in _places(form))
    return Item(name, form, draw(st.integers(0, 9)), uses)


def _addable(known: set[str]) -> list[str]:
    """The names that a new statement may bind."""
    possible = [n for n in NAMES if n not in known]
    return possible + [
        n for n in EFFECTS[:2] if n not in known and known.intersection(LISTS) and known.intersection(NUMBERS)
    ]


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A program whose modules import names of the ones before them."""
    program: Program = {}
    for file in FILES[: draw(st.integers(1, 3))]:
        imports = [Item(n, "import", 0, (("file", source),)) for source, n in draw(_imports(program))]
        module = list({i.name: i for i in imports}.values())
        if program and draw(st.integers(0, 3)) == 0:
            module.insert(0, Item("star", "star", 0, (("file", draw(st.sampled_from(sorted(program)))),)))
        for _ in range(draw(st.integers(1, 6))):
            known = {i.name for i in module}
            names = _addable(known)
            if names:
                module.append(draw(items(draw(st.sampled_from(names)), known)))
        program[file] = tuple(module)
    return program


def _imports(program: Program) -> st.SearchStrategy[list[tuple[str, str]]]:
    offered = sorted((file, i.name) for file, module in program.items() for i in module if i.name in NAMES)
    return st.lists(st.sampled_from(offered), max_size=4, unique=True) if offered else st.just([])


@st.composite
def edits(draw: st.DrawFn, program: Program) -> Program:
    """The program after one to three small edits, which may be in several files."""
    for _ in range(draw(st.integers(1, 3))):
        file = draw(st.sampled_from(sorted(program)))
        program = {**program, file: draw(_edited(program[file]))}
    return program


@st.composite
def _edited(draw: st.DrawFn, module: Module) -> Module:
    kind = draw(st.sampled_from(("number", "form", "add", "remove", "move", "number")))
    place = draw(st.integers(0, max(len(module) - 1, 0)))
    if kind == "add" or not module:
        return _settled(draw(_added(module)))
    item = module[place]
    if kind == "remove":
        return _settled(module[:place] + module[place + 1 :])
    if kind == "move":
        rest = module[:place] + module[place + 1 :]
        at = draw(st.integers(0, len(rest)))
        return _settled((*rest[:at], item, *rest[at:]))
    if kind == "form" and item.form not in ("import", "star"):
        item = draw(items(item.name, {i.name for i in module[:place]}))
    else:
        item = replace(item, number=draw(st.integers(0, 9)))
    return _settled((*module[:place], item, *module[place + 1 :]))


@st.composite
def _added(draw: st.DrawFn, module: Module) -> Module:
    known = {i.name for i in module}
    names = _addable(known)
    return (*module, draw(items(draw(st.sampled_from(names)), known))) if names else module


def _settled(module: Module) -> Module:
    """The statements that still find above them what they use; the others go, too."""
    kept: list[Item] = []
    for item in module:
        if item.stands({i.name for i in kept}):
            kept.append(item)
    return tuple(kept)
