"""When two statements mean the same, whole or but for their function bodies."""

from __future__ import annotations

import ast

import pytest

from reload_lsp.source.fingerprint import docstring, same, same_shell


def node(text: str) -> ast.stmt:
    [statement] = ast.parse(text).body
    return statement


def test_layout_and_comments_are_no_difference() -> None:
    assert same(node("x=( 1,\n  2 )  # comment"), node("x = (1, 2)"))


@pytest.mark.parametrize(
    ("old", "new"),
    [("1", "1.0"), ("1", "True"), ("0.0", "-0.0"), ("0j", "-0j"), ("''", "b''"), ("[a]", "[a, b]"), ("[a]", "[b]")],
)
def test_values_that_are_equal_and_not_the_same(old: str, new: str) -> None:
    assert not same(node(f"x = {old}"), node(f"x = {new}"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def f(): return 1", "def f():\n    x = 2\n    return x"),
        ("def f():\n    '''Old.'''", "def f():\n    '''New.'''"),
        ("f = lambda x: x", "f = lambda x: x + 1"),
        ("class A:\n    def m(self): return 1", "class A:\n    def m(self): return 2"),
        ("table = [lambda: 1, {'k': lambda: 2}]", "table = [lambda: 3, {'k': lambda: 4}]"),
        ("if x:\n    def f(): return 1", "if x:\n    def f(): return 2"),
    ],
)
def test_bodies_are_not_part_of_the_shell(old: str, new: str) -> None:
    assert same_shell(node(old), node(new))
    assert not same(node(old), node(new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def f(): pass", "def g(): pass"),
        ("def f(): pass", "def f(x): pass"),
        ("def f(x=1): pass", "def f(x=2): pass"),
        ("def f(x): pass", "def f(x: int): pass"),
        ("def f(): pass", "@d\ndef f(): pass"),
        ("def f(): pass", "async def f(): pass"),
        ("f = lambda x: 1", "f = lambda y: 1"),
        ("@d(lambda: 1)\ndef f(): pass", "@d(lambda x: 1)\ndef f(): pass"),
        ("class A:\n    x = 1", "class A:\n    x = 2"),
        ("class A:\n    '''Old.'''", "class A:\n    '''New.'''"),
        ("class A:\n    def m(self): pass", "class A:\n    def m(self, x): pass"),
        ("class A: pass", "class A(B): pass"),
    ],
)
def test_all_that_runs_at_once_is_part_of_the_shell(old: str, new: str) -> None:
    assert not same_shell(node(old), node(new))


def test_docstrings() -> None:
    assert docstring(node("def f():\n    '''  Text.'''")) == "  Text."
    assert docstring(node("class A:\n    x = 1")) is None
    assert docstring(node("x = 1")) is None
