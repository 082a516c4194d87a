"""Code objects of two versions of a file: which takes the place of which."""

from __future__ import annotations

from types import CodeType

from hypothesis import given
from hypothesis import strategies as st

from reload_lsp.source.codes import content, nested, own_part, pair_children, pair_trees, unify, walk, within


def code(text: str) -> CodeType:
    return compile(text, "file.py", "exec", dont_inherit=True)


def pairs(old: str, new: str) -> dict[str, bool]:
    """Pairs of two texts by name and first lines, and whether their own part changed."""
    found = pair_children(nested(code(old)), nested(code(new)))
    return {f"{p.old.co_name} {p.old.co_firstlineno}-{p.new.co_firstlineno}": p.own for p in found}


def test_functions_pair_by_name() -> None:
    old = "def f(): return 1\ndef g(): return 2\n"
    assert pairs(old, "def g(): return 3\ndef f(): return 1\n") == {"f 1-2": False, "g 2-1": True}


def test_functions_of_one_name_pair_by_content_before_order() -> None:
    old = "def _(): return 1\ndef _(): return 2\n"
    assert pairs(old, "def _(): return 2\ndef _(): return 10\n") == {"_ 2-1": False, "_ 1-2": True}


def test_nested_functions_pair_within_the_functions_around_them() -> None:
    old = "def f():\n    def inner(): return 1\ndef g():\n    def inner(): return 2\n"
    new = "def g():\n    def inner(): return 1\ndef f():\n    def inner(): return 2\n"
    assert pairs(old, new) == {"f 1-3": False, "inner 2-4": True, "g 3-1": False, "inner 4-2": True}


def test_only_the_code_that_changed_is_called_changed() -> None:
    old = "def f():\n    def inner(): return 1\n    return inner\n"
    assert pairs(old, old.replace("return 1", "return 2")) == {"f 1-1": False, "inner 2-2": True}


def test_lambdas_on_one_line_pair_by_content() -> None:
    old = "x = [lambda: 1, lambda: 2]\n"
    assert pairs(old, "x = [lambda: 2, lambda: 1, lambda: 3]\n") == {"<lambda> 1-1": False}
    found = list(pair_children(nested(code(old)), nested(code("x = [lambda: 2, lambda: 1]\n"))))
    assert all(content(p.old) == content(p.new) for p in found)


def test_a_class_body_is_no_successor_of_a_function() -> None:
    assert pairs("def A(): pass\n", "class A: pass\n") == {}


def test_new_and_removed_functions_have_no_pair() -> None:
    assert pairs("def f(): pass\n", "def g(): pass\n") == {}


def test_lines_are_not_the_own_part_of_a_code() -> None:
    assert own_part(nested(code("def f(): return 1"))[0]) == own_part(nested(code("\n\ndef f(): return 1"))[0])


def test_constants_of_equal_value_and_other_type_are_another_code() -> None:
    for a, b in (("1", "True"), ("0.0", "-0.0"), ("(1, 2)", "(1, True)"), ("(1, (2,))", "(1, (2.0,))")):
        first, second = (nested(code(f"def f(): return {v}"))[0] for v in (a, b))
        assert own_part(first) != own_part(second)


def test_walk_gives_every_code_once() -> None:
    tree = code("def f():\n    def g(): pass\n    return lambda: 1\nclass A:\n    def m(self): pass\n")
    assert [c.co_name for c in walk(tree)] == ["<module>", "f", "g", "<lambda>", "A", "m"]


def test_codes_within_lines() -> None:
    tops = nested(code("def f(): pass\n\n@d\ndef g(): pass\ndef h(): pass\n"))
    assert [c.co_name for c in within(tops, 2, 3)] == ["g"]


def unified(old: str, new: str) -> tuple[CodeType, CodeType]:
    """The code of `old`, and that of `new` with the live codes in it."""
    before, after = code(old), code(new)
    live = {id(p.new): p.old for p in pair_children(nested(before), nested(after))}
    return before, unify(after, live)


def test_unchanged_codes_stay_the_live_ones() -> None:
    before, after = unified("def f(): return 1\ndef g(): return 2\n", "def f(): return 1\ndef g(): return 3\n")
    assert nested(after)[0] is nested(before)[0]
    assert nested(after)[1] is not nested(before)[1]


def test_unchanged_nested_codes_stay_within_a_changed_function() -> None:
    old = "def f():\n    def g(): return 1\n    return g, 1\n"
    before, after = unified(old, old.replace("g, 1", "g, 2"))
    assert nested(nested(after)[0])[0] is nested(nested(before)[0])[0]


def test_a_code_that_moved_is_not_kept() -> None:
    before, after = unified("def f():\n    return 1\n", "\ndef f():\n    return 1\n")
    assert nested(after)[0] is not nested(before)[0]
    assert nested(after)[0].co_firstlineno == 2


def test_a_code_whose_lines_moved_inside_is_not_kept() -> None:
    before, after = unified("def f():\n    a = 1\n    return a\n", "def f():\n    a = 1\n\n    return a\n")
    assert list(nested(after)[0].co_lines()) != list(nested(before)[0].co_lines())


BODIES = (
    "return 1",
    "return 2",
    "return lambda: 1",
    "return [x for x in y]",
    "def g(): return 3\n    return g",
)
functions = st.tuples(st.sampled_from("fgh"), st.sampled_from(BODIES))
files = st.lists(functions, max_size=6).map(lambda fs: "".join(f"def {n}():\n    {b}\n" for n, b in fs))


@given(files, files)
def test_pairs_are_a_partial_bijection_of_codes_of_one_name(old: str, new: str) -> None:
    before, after = code(old), code(new)
    found = list(pair_trees(before, after))
    assert len({id(p.old) for p in found}) == len({id(p.new) for p in found}) == len(found)
    assert all(p.old.co_name == p.new.co_name for p in found)
    assert all(p.own == (own_part(p.old) != own_part(p.new)) for p in found)


@given(files, files)
def test_a_unified_code_is_what_the_file_compiles_to(old: str, new: str) -> None:
    _, after = unified(old, new)
    fresh = code(new)
    assert after == fresh
    assert [list(c.co_lines()) for c in walk(after)] == [list(c.co_lines()) for c in walk(fresh)]
