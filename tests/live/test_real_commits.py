"""Constructs of real packages, as their commits edit them: the process is as a fresh one, and nothing is said."""

from __future__ import annotations

import sys
import typing

import pytest
from live_fresh import differences
from live_project import Project, said

Edits = tuple[tuple[str, str, str], ...]  # module, text, what takes its place
Case = tuple[dict[str, str], Edits]

EXPORTS = """
for __v in list(locals().values()):
    if getattr(__v, "__module__", "") == "lib":
        __v.__module__ = __name__
del __v
"""
PROTOCOL = """
from typing import Protocol
class P(Protocol):
    size: int = 1
    def f(self): ...
class Q: pass
q = Q()
"""
CASES: dict[str, Case] = {
    "a subclass of what is generic no longer": (
        {
            "lib": "from typing import Any, Dict\nclass Base(Dict[str, Any]): pass\n",
            "app": "from lib import Base\nclass File(Base):\n    'one'\n",
        },
        (("lib", "Dict[str, Any]", "dict[str, Any]"),),
    ),
    "a loop over all names of a package": (
        {
            "lib": "class A: pass\ndef f(): return A()\n",
            "app": "from lib import A, f\n" + EXPORTS,
        },
        (("lib", "return A()", "return [A()]"),),
    ),
    "a protocol that cannot be asked for its instances": (
        {
            "lib": PROTOCOL,
            "app": "import lib\nV = (lib.P.size, lib.q)[0]\n",
        },
        (("lib", "int = 1", "int = 2"),),
    ),
    "optional as it is spelled today": (
        {
            "app": "from typing import Optional\ndef f(x: Optional[int]): pass\nclass A:\n    def g(self, x: Optional[int]): 0\n"
        },
        (("app", "Optional[int]", "int | None"),),
    ),
    "annotations alone do not make calls happen again": (
        {
            "lib": "from typing import Callable\ndef f(x: Callable): return x\n",
            "app": "import lib\ndef opened(): lib.f(1); return open('/dev/null').close()\nV = opened()\nprint(lib.f(1))\n",
        },
        (("lib", "from typing", "from collections.abc"),),
    ),
    "two names of a method that become two methods": (
        {"app": "class A:\n    def get(self, _):\n        return 1\n    item = get\na = A()\n"},
        (("app", "_", "name"), ("app", "    item = get\n", "    def item(self, n):\n        return 2\n")),
    ),
    "two methods that become one with two names": (
        {
            "app": "class A:\n    def get(self, n):\n        return 1\n    def item(self, n):\n        return 2\na = A()\n"
        },
        (("app", "    def item(self, n):\n        return 2\n", "    item = get\n"),),
    ),
    "a docstring that was copied": (
        {
            "app": "from functools import wraps\ndef f():\n    'one'\n@wraps(f)\ndef g(): return 2\nD = g.__doc__\n"
            "class C:\n    @wraps(f)\n    def m(self): pass\n"
        },
        (("app", "'one'", "'two'"),),
    ),
    "slots that are declared otherwise and are the same": (
        {
            "app": "class U:\n    __slots__ = ('a', 'b')\nclass W(U):\n    __slots__ = ()\ndel U.__slots__, W.__slots__\n"
            "class P: pass\nclass V(P): pass\nv, w = V(), W()\n"
        },
        (("app", "del U.__slots__, W.__slots__\n", ""), ("app", "class V(P): pass", "class V(P):\n    __slots__ = ()")),
    ),
    "a decorator in a class that writes down a class of the same body": (
        {
            "conf": "SIZE = 1\n",
            "app": "from conf import SIZE\ndef on(c):\n    def wrap(f):\n        f.on = [(c, {})]\n        return f\n"
            "    return wrap\nclass B:\n    def __init_subclass__(cls): pass\n"
            "class A(B):\n    class Pressed:\n        size = SIZE\n"
            "    @on(Pressed)\n    def handle(self): return 1\n    size = SIZE\n",
        },
        (("conf", "1", "2"),),
    ),
    "a function that is only for other versions": (
        {"app": "import sys\ndef f(): return 1\n"},
        (("app", "def f(): return 1\n", "if sys.version_info >= (3, 8):\n    A = 1\nelse:\n    def f(): return 1\n"),),
    ),
    "an object of a class method that gives the same": (
        {
            "app": "class V:\n    def __init__(self, n): self.n = n\n    @classmethod\n"
            "    def of(cls, text):\n        return cls(text.split('.'))\nversion = V.of('1.2')\n"
        },
        (("app", "return cls(text.split('.'))", "parts = text.split('.')\n        return cls(parts)"),),
    ),
    "a number that counts what is made": (
        {
            "lib": "class Field:\n    made = 0\n    def __init__(self):\n        Field.made += 1\n        self.at = Field.made\n",
            "app": "from lib import Field\nclass A:\n    def __init_subclass__(cls): pass\n"
            "class B(A):\n    one = Field()\n    size = 1\nlast = Field().at\n",
        },
        (("app", "size = 1", "size = 2"),),
    ),
}


@pytest.mark.parametrize(("texts", "edits"), CASES.values(), ids=[name.replace(" ", "-") for name in CASES])
def test_as_a_commit_edits_it(project: Project, texts: dict[str, str], edits: Edits) -> None:
    project.load(**texts)
    after = dict(texts)
    for module, old, new in edits:
        after[module] = after[module].replace(old, new)
    assert said(project.save(**after)) == []
    assert differences(project) == []


OVERLOADS = "@overload\ndef f(x: int) -> int: ...\n@overload\ndef f(x: str) -> str: ...\n"
PLAIN = "from typing import overload\ndef f(x):\n    y = x\n    return y\n"


def test_overloads_that_come_and_go_leave_the_function_the_same(project: Project) -> None:
    app = project.load(PLAIN)
    held = app.f
    assert said(project.save(PLAIN.replace("def f(x):", f"{OVERLOADS}def f(x: object):"))) == []
    assert (app.f, held.__annotations__) == (held, {"x": object})
    if sys.version_info >= (3, 11):
        assert len(typing.get_overloads(held)) == 2
    assert said(project.save(PLAIN.replace("return y", "return [y]"))) == []
    if sys.version_info >= (3, 11):
        assert typing.get_overloads(held) == []
    assert (app.f, held(1), held.__annotations__) == (held, [1], {})


def test_what_a_later_line_made_of_a_function_stays_where_it_is_patched(project: Project) -> None:
    text = "from functools import singledispatch\nKind = int\ndef f(x: Kind): return x\nf = singledispatch(f)\nV = f('a')\n"
    app = project.load(text)
    held = app.f
    held.register(int, lambda x: -x)
    report = project.save(text.replace("Kind = int", "Kind = float").replace("return x", "return x * 2"))
    assert (said(report), app.f, app.V, held("b"), held(1)) == ([], held, "aa", "bb", -1)
    assert app.f.__wrapped__.__annotations__ == {"x": float}


def test_codes_that_a_module_keeps_in_a_set_are_the_new_ones(project: Project) -> None:
    text = """
        codes = set()
        def internal(f):
            codes.add(f.__code__)
            return f
        @internal
        def first():
            return 1
        @internal
        def second():
            return 2
    """
    app = project.load(text)
    assert said(project.save(text.replace("return 1", "return (\n                3\n            )"))) == []
    assert app.codes == {app.first.__code__, app.second.__code__}
    assert said(project.save(text)) == []
    assert app.codes == {app.first.__code__, app.second.__code__}


def test_the_docstring_of_a_cached_property(project: Project) -> None:
    text = (
        "import functools\nclass A:\n    @functools.cached_property\n    def p(self):\n        'one'\nD = A.p.__doc__\n"
    )
    app = project.load(text)
    assert said(project.save(text.replace("one", "two"))) == []
    assert (app.A.p.__doc__, app.D) == ("two", "two")


CHOSEN = """\
Chosen: {}
try:
    import json
except ImportError:
    import nothing_of_that_name
    Chosen = nothing_of_that_name.loads
else:
    Chosen = json.{}
"""


@pytest.mark.parametrize(("kind", "name"), [("object | None", "loads"), ("object", "dumps")])
def test_an_import_that_is_tried_where_another_way_was_not_taken(project: Project, kind: str, name: str) -> None:
    head = "from __future__ import annotations\n"
    app = project.load(head + CHOSEN.format("object", "loads"))
    assert said(project.save(head + CHOSEN.format(kind, name))) == []
    assert app.Chosen.__name__ == name
