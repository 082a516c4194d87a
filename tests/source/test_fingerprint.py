"""When two statements mean the same, whole or but for their function bodies."""

from __future__ import annotations

import ast

import pytest

from reload_lsp.source.fingerprint import docstring, full, functions, shell, without_annotations


def node(text: str) -> ast.stmt:
    [statement] = ast.parse(text).body
    return statement


def test_layout_and_comments_are_no_difference() -> None:
    assert full(node("x=( 1,\n  2 )  # comment")) == full(node("x = (1, 2)"))
    assert full(node("x = 1")) != full(node("x = 1.0"))


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
    assert shell(node(old)) == shell(node(new))
    assert full(node(old)) != full(node(new))


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
    assert shell(node(old)) != shell(node(new))


def test_looking_at_the_shell_leaves_the_tree_as_it_was() -> None:
    tree = node("class A:\n    def m(self): return (lambda: 1)\n    f = lambda: 2\n")
    before = ast.dump(tree)
    shell(tree)
    assert ast.dump(tree) == before


def test_functions_are_the_outermost_in_source_order() -> None:
    tree = node("@d(lambda: 1)\ndef f(a=lambda: 2):\n    def inner(): pass\n")
    assert [type(f).__name__ for f in functions(tree)] == ["FunctionDef", "Lambda", "Lambda"]


def test_docstrings() -> None:
    assert docstring(node("def f():\n    '''  Text.'''")) == "  Text."
    assert docstring(node("class A:\n    x = 1")) is None
    assert docstring(node("x = 1")) is None


def test_a_function_without_its_annotations() -> None:
    def bare(text: str) -> str:
        tree = node(text)
        assert isinstance(tree, (ast.FunctionDef, ast.AsyncFunctionDef))
        return without_annotations(tree)

    assert bare("def f(x: int, *a: str, k: int = 1) -> str: return 1") == bare("def f(x, *a, k=1): return 2")
    assert bare("def f(x: int = 1): pass") != bare("def f(x: int = 2): pass")
