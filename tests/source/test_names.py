"""What a statement binds, reads, calls and changes, now and when its functions are called."""

from __future__ import annotations

import ast
import re
from textwrap import dedent

import pytest

from reload_lsp.source.late import codes_of, late_chains
from reload_lsp.source.names import Chain, Import, Names, chain_of, locals_of, names_of


def names(text: str, lazy: bool = False) -> Names:
    [node] = ast.parse(dedent(text)).body
    return names_of(node, lazy)


def dotted(chains: set[tuple[str, ...]]) -> set[str]:
    return {".".join(c) for c in chains}


def reads(text: str) -> set[str]:
    return dotted(names(text).reads)


def late(text: str) -> list[set[Chain]]:
    """What functions, and functions nested in them, read; for every word of the text."""
    found: list[set[Chain]] = [set(), set()]
    for word in set(re.findall(r"\w+", text)):
        for chains, more in zip(found, late_chains(codes_of(ast.parse(text).body[0]), word), strict=True):
            chains |= more
    return found


def deferred(text: str) -> set[str]:
    return dotted(late(text)[0])


@pytest.mark.parametrize(
    ("text", "binds"),
    [
        ("a = b = 1", {"a", "b"}),
        ("a, (b, *c) = x", {"a", "b", "c"}),
        ("a: int = 1", {"a"}),
        ("a: int", set()),
        ("a += 1", {"a"}),
        ("a.b = 1", set()),
        ("a[0] = 1", set()),
        ("for a in x: b = 1", {"a", "b"}),
        ("with x as a: b = 1", {"a", "b"}),
        ("try: a = 1\nexcept E as b: c = 1", {"a", "c"}),
        ("if (a := 1): b = 1", {"a", "b"}),
        ("def a(b): c = 1", {"a"}),
        ("async def a(): pass", {"a"}),
        ("class A:\n    x = 1\n    def m(self): pass", {"A"}),
        ("import a.b, c as d", {"a", "d"}),
        ("from a import b, c as d", {"b", "d"}),
        ("from a import *", set()),
        ("x = [a for a in y]", {"x"}),
        ("print(1)", set()),
    ],
)
def test_what_is_bound(text: str, binds: set[str]) -> None:
    assert names(text).binds == binds


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("x = a + b.c.d", {"a", "b.c.d"}),
        ("x = f(a)", {"f", "a"}),
        ("x = f(a).b", {"f", "a"}),
        ("x += a", {"x", "a"}),
        ("x: a = b", {"a", "b"}),
        ("x = [i + a for i in b]", {"a", "b"}),
        ("x = {k: v for k, v in a if k in b}", {"a", "b"}),
        ("x = [j for i in a for j in i]", {"a"}),
        ("x = [i for i in i]", {"i"}),
        ("@d(a)\ndef f(x: b = c) -> e: return g", {"d", "a", "b", "c", "e"}),
        ("class A(b, metaclass=m):\n    x = c\n    y = x", {"b", "m", "c"}),
        ("class A:\n    y = x\n    x = 1", {"x"}),
        ("f = lambda x, y=a: x + b", {"a"}),
        ("x = f'{a} {b!r:>{c}}'", {"a", "b", "c"}),
        ("if a: x = b", {"a", "b"}),
        ("del a.b", {"a.b"}),
    ],
)
def test_what_is_read_when_the_statement_runs(text: str, read: set[str]) -> None:
    assert reads(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("def f(a):\n    b = 1\n    return a + b + c.d", {"c.d"}),
        ("def f():\n    import a\n    from b import c\n    return a, c", set()),
        ("def f():\n    global a\n    a = 1\n    return a", {"a"}),
        ("def f():\n    for a in b: pass\n    with c as d: pass\n    return a, d", {"b", "c"}),
        ("def f():\n    try: a\n    except b as c: return c", {"a", "b"}),
        ("def f(*args, k=1, **kw):\n    return args, k, kw, x", {"x"}),
        ("f = lambda x: x + a", {"a"}),
        ("class A:\n    x = 1\n    def m(self):\n        return x", {"x"}),
        ("class A:\n    def m(self):\n        return self.x + a", {"a"}),
        ("def f():\n    return [a for a in b]", {"b"}),
        ("def f():\n    x = [a for a in b]\n    return a", {"a", "b"}),
        ("def f():\n    x = [(a := i) for i in b]\n    return a", {"b"}),
        ("def f():\n    class K:\n        x = a\n    return x", {"a", "x"}),
        ("def f(x=a): return x", set()),
        ("def f():\n    del a\n    return a", set()),
    ],
)
def test_what_is_read_when_its_functions_are_called(text: str, read: set[str]) -> None:
    assert deferred(text) == read


def test_what_functions_within_functions_read_is_told_apart() -> None:
    assert [dotted(c) for c in late("def f(a):\n    def g(b):\n        return a + b + c\n    return g, d")] == [
        {"d"},
        {"c"},
    ]


def test_lazy_annotations_are_not_read() -> None:
    text = "def f(x: a) -> b: return c"
    assert dotted(names(text, lazy=True).reads) == set()
    assert dotted(names("x: a = b", lazy=True).reads) == {"b"}


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("x = f(a.b(c))", {"f", "a.b"}),
        ("@d\ndef f(): g()", {"d"}),
        ("@d.e(1)\nclass A: pass", {"d.e"}),
        ("class A(b.C): x = f()", {"b.C", "f"}),
        ("class A:\n    def f(): pass\n    x = f()", set()),
        ("x = [f(i) for i in y]", {"f"}),
        ("x = f()()", {"f"}),
        ("x = f", set()),
    ],
)
def test_what_is_called(text: str, called: set[str]) -> None:
    assert dotted(names(text).calls) == called


@pytest.mark.parametrize(
    ("text", "mutated", "stored"),
    [
        ("x.append(1)", {"x"}, set()),
        ("x.anything(1)", {"x"}, set()),
        ("y = x.pop()", {"x"}, set()),
        ("y = x.get(1)", set(), set()),
        ("x[0] = 1", {"x"}, {"x"}),
        ("x.a.b = 1", {"x"}, {"x"}),
        ("x[0].a.append(1)", {"x"}, set()),
        ("del x[0]", {"x"}, set()),
        ("x += [1]", {"x"}, set()),
        ("for i in y: x.append(i)", {"x"}, set()),
        ("x = [i.append(1) for i in y]", set(), set()),
        ("def f(): x.append(1)", set(), set()),
        ("class A:\n    x = []\n    x.append(1)", set(), set()),
        ("f(x)", set(), set()),
    ],
)
def test_what_is_changed_in_place(text: str, mutated: set[str], stored: set[str]) -> None:
    found = names(text)
    assert (found.mutates, found.stores) == (mutated, stored)


def test_what_is_deleted() -> None:
    assert names("del a, b").deletes == {"a", "b"}
    assert names("del a.b").deletes == set()


def test_imports_are_listed_as_written() -> None:
    assert names("import a.b, c as d").imports == (Import("a.b", 0, "", "a"), Import("c", 0, "", "d"))
    assert names("from ..a import b as c").imports == (Import("a", 2, "b", "c"),)
    assert names("from . import *").imports == (Import("", 1, "*", "*"),)
    assert names("def f(): import a").imports == ()
    both = names("try:\n    import a\nexcept ImportError:\n    import b").imports
    assert [i.module for i in both] == ["a", "b"]


def test_imports_of_a_class_body_bind_nothing_in_the_module() -> None:
    found = names("class A:\n    import os\n    x = os")
    assert (found.binds, [i.module for i in found.imports], found.reads) == ({"A"}, ["os"], set())


def test_chains() -> None:
    def chain(text: str) -> tuple[str, ...] | None:
        return chain_of(ast.parse(text, mode="eval").body)

    assert (chain("a"), chain("a.b.c")) == (("a",), ("a", "b", "c"))
    assert (chain("a().b"), chain("a[0].b"), chain("1")) == (None, None, None)


def test_locals_are_arguments_and_what_is_assigned_but_not_global() -> None:
    text = (
        "def f(a, *b, c=1, **d):\n"
        "    global g\n"
        "    g = e = 1\n"
        "    def h(): inner = 1\n"
        "    class K: x = 1\n"
        "    import m.n\n"
    )
    [node] = ast.parse(text).body
    assert isinstance(node, ast.FunctionDef)
    assert locals_of(node) == {"a", "b", "c", "d", "e", "h", "K", "m"}


def test_what_a_match_statement_binds() -> None:
    found = names("match a:\n    case {'k': b, **c}: d = 1\n    case [e, *f] as g: pass\n    case K(x=h): pass\n")
    assert found.binds >= {"b", "c", "d", "e", "f", "g", "h"}
    assert dotted(found.reads) == {"a", "K"}


def test_locals_of_a_function_with_a_match_statement() -> None:
    assert deferred("def f(a):\n    match a:\n        case [b, *c] as d: return b, c, d\n") == set()
