"""Functions are patched in place: whoever holds one runs the new code."""

from __future__ import annotations

import functools
import sys

import pytest
from live_project import Project, endings, only, said


def test_a_new_body_reaches_whoever_holds_the_function(project: Project) -> None:
    app = project.load("def f():\n    return 1\n")
    held = app.f
    report = project.save("def f():\n    return 2\n")
    assert held() == 2
    assert app.f is held
    assert report.outcome == "applied"
    assert endings(report) == {"f": "patched"}
    assert report.findings == ()


def test_a_save_of_the_same_text_does_nothing(project: Project) -> None:
    project.load("def f():\n    return 1\n")
    assert project.save("def f():\n    return 1\n").outcome == "no-effect"


def test_comments_and_blank_lines_move_lines_and_run_nothing(project: Project) -> None:
    app = project.load("made = []\ndef f():\n    return 1\n")
    made = app.made
    report = project.save("# a comment\n\n\nmade = []\ndef f():\n    return 1\n")
    assert app.made is made
    assert app.f.__code__.co_firstlineno == 5
    assert report.statements == ()


def test_a_default_that_was_not_edited_keeps_what_it_gathered(project: Project) -> None:
    app = project.load("def f(x, seen=[]):\n    seen.append(x)\n    return seen\n")
    app.f(1)
    project.save("def f(x, seen=[], times=2):\n    seen.append(x * times)\n    return seen\n")
    assert app.f(2) == [1, 4]


def test_an_edited_default_is_evaluated_again(project: Project) -> None:
    app = project.load("def f(x=1, *, y=1):\n    return x, y\n")
    held = app.f
    project.save("def f(x=2, *, y=3):\n    return x, y\n")
    assert held() == (2, 3)


def test_a_default_follows_the_constant_it_was_taken_from(project: Project) -> None:
    app = project.load("LIMIT = 1\ndef f(x=LIMIT):\n    return x\n")
    held = app.f
    project.save("LIMIT = 5\ndef f(x=LIMIT):\n    return x\n")
    assert held() == 5
    assert app.f is held


def test_docstring_name_and_annotations_are_those_of_the_new_text(project: Project) -> None:
    app = project.load('def f(x: int) -> int:\n    """Old."""\n    return x\n')
    held = app.f
    project.save('def f(x: str) -> str:\n    """New."""\n    return x\n')
    assert held.__doc__ == "New."
    assert held.__annotations__ == {"x": str, "return": str}


def test_closures_made_before_the_edit_run_the_new_inner_code(project: Project) -> None:
    text = "def make(n):\n    def inner(x):\n        return x + n{}\n    return inner\n"
    app = project.load(text.format(""))
    live = app.make(10)
    project.save(text.format(" + 100"))
    assert live(1) == 111


def test_a_lambda_in_a_table_is_patched(project: Project) -> None:
    app = project.load("table = {'double': lambda x: x * 2}\n")
    held = app.table["double"]
    project.save("table = {'double': lambda x: x * 2 + 1}\n")
    assert held(1) == 3
    assert app.table["double"] is held


def test_a_decorated_function_is_patched_behind_its_wrapper(project: Project) -> None:
    text = """
        import functools
        count = []
        def logged(f):
            count.append(f.__name__)
            @functools.wraps(f)
            def wrapper(*args):
                return ("logged", f(*args))
            return wrapper
        @logged
        def f(x):
            return x{}
        """
    app = project.load(text.format(""))
    held = app.f
    report = project.save(text.format(" + 1"))
    assert held(1) == ("logged", 2)
    assert app.count == ["f"]
    assert report.findings == ()


def test_the_nested_part_of_an_edited_decorator_reaches_what_it_decorated(project: Project) -> None:
    text = """
        def loud(f):
            def wrapper(*args):
                return f(*args) + {!r}
            return wrapper
        @loud
        def f():
            return "f"
        """
    app = project.load(text.format("!"))
    held = app.f
    project.save(text.format("?"))
    assert held() == "f?"
    assert app.f() == "f?"


def test_a_decorator_added_or_taken_away_is_followed(project: Project) -> None:
    head = "def twice(f):\n    return lambda: 2 * f()\n"
    app = project.load(head + "def f():\n    return 1\n")
    held = app.f
    project.save(head + "@twice\ndef f():\n    return 1\n")
    assert (app.f(), held()) == (2, 2)
    project.save(head + "def f():\n    return 1\n")
    assert app.f() == 1


def test_bound_methods_and_partials_follow(project: Project) -> None:
    text = "class A:\n    def m(self, x):\n        return x{0}\ndef f(x, y):\n    return x + y{0}\n"
    app = project.load(text.format(""))
    bound, partial = app.A().m, functools.partial(app.f, 1)
    project.save(text.format(" * 10"))
    assert (bound(2), partial(2)) == (20, 21)


def test_a_method_that_gains_super_is_reached_by_those_who_hold_it(project: Project) -> None:
    base = "class Base:\n    def m(self):\n        return 'base'\n"
    app = project.load(base + "class A(Base):\n    def m(self):\n        return 'own'\n")
    bound, plain = app.A().m, app.A.m
    project.save(base + "class A(Base):\n    def m(self):\n        return super().m() + ' and own'\n")
    assert bound() == "base and own"
    assert plain(app.A()) == "base and own"
    assert app.A().m() == "base and own"


def test_a_live_closure_that_never_captured_a_name_is_said_to_be_old(project: Project) -> None:
    text = "def make():\n    a, b = 1, 2\n    def inner():\n        return a{}\n    return inner\n"
    app = project.load(text.format(""))
    live = app.make()
    report = project.save(text.format(" + b"))
    assert live() == 1
    assert app.make()() == 3
    assert said(report) == ["RLD203"]
    assert "captured b" in only(report).message


def test_a_function_that_becomes_a_generator_is_one_for_all_holders(project: Project) -> None:
    app = project.load("def f():\n    return [1, 2]\n")
    held = app.f
    project.save("def f():\n    yield 1\n    yield 2\n")
    assert list(held()) == [1, 2]
    assert held() is not held()


def test_a_function_that_became_a_class_is_called_by_its_old_holders(project: Project) -> None:
    app = project.load("def make():\n    return 'made'\n")
    held = app.make
    project.save("class make:\n    pass\n")
    assert type(held()) is app.make


def test_results_of_a_cached_function_are_forgotten_with_its_old_body(project: Project) -> None:
    text = "import functools\n@functools.lru_cache\ndef f(x):\n    return x{}\n"
    app = project.load(text.format(""))
    held = app.f
    assert held(1) == 1
    project.save(text.format(" + 1"))
    assert held(1) == 2


def test_results_of_a_cached_function_that_calls_the_edited_one_are_forgotten(project: Project) -> None:
    text = "import functools\ndef rate():\n    return {}\n@functools.lru_cache\ndef price(x):\n    return x * rate()\n"
    app = project.load(text.format(2))
    assert app.price(10) == 20
    project.save(text.format(3))
    assert app.price(10) == 30


def test_results_of_a_cached_function_that_was_not_edited_stay(project: Project) -> None:
    text = (
        "import functools\n"
        "runs = []\n"
        "@functools.lru_cache\n"
        "def f(x):\n"
        "    runs.append(x)\n"
        "    return x\n"
        "def g():\n"
        "    return {}\n"
    )
    app = project.load(text.format(1))
    app.f(1)
    project.save(text.format(2))
    app.f(1)
    assert app.runs == [1]


def test_same_names_in_one_module_do_not_take_each_others_code(project: Project) -> None:
    text = "hooks = []\ndef add(f):\n    hooks.append(f)\n@add\ndef _(): return {}\n@add\ndef _(): return {}\n"
    app = project.load(text.format(1, 2))
    project.save(text.format(1, 20))
    assert [f() for f in app.hooks] == [1, 20]


@pytest.mark.parametrize(
    "text", ["def f():  # reload: never\n    return 1\n", "# reload: never\n\ndef f():\n    return 1\n"]
)
def test_a_function_that_is_never_reloaded_keeps_its_body(project: Project, text: str) -> None:
    app = project.load(text)
    project.save("# reload: never\n\nX = 1\n" + text.replace("1", "2"))
    assert app.f() == 1
    project.save(text.replace("1", "2").replace("# reload: never", ""))
    assert app.f() == 2


@pytest.mark.parametrize("enabled", [True, False])
def test_without_the_gil_it_is_said_once_that_functions_change_one_after_the_other(
    project: Project, monkeypatch: pytest.MonkeyPatch, enabled: bool
) -> None:
    monkeypatch.setattr(sys, "_is_gil_enabled", lambda: enabled, raising=False)
    text = "def f(): return {0}\ndef g(): return {0}\n"
    project.load(text.format(1))
    assert said(project.save(text.format(2))) == ([] if enabled else ["RLD809"])
    assert said(project.save(text.format(3))) == []


def test_a_property_with_a_docstring_of_its_own_keeps_it(project: Project) -> None:
    text = (
        "def size():\n    return {}\n"
        "class Box:\n    SIZE = size()\n    def _get(self):\n        '''Reads it.'''\n        return self.SIZE\n"
        "    own = property(_get, doc='The size.')\n    copied = property(_get)\n"
    )
    app = project.load(text.format(1))
    project.save(text.format(2).replace("Reads it", "Asks for it"))
    assert (app.Box.own.__doc__, app.Box.copied.__doc__, app.Box().own) == ("The size.", "Asks for it.", 2)


def test_what_a_decorators_factory_makes_ran_when_it_decorated(project: Project) -> None:
    """`@tagged(1)` calls what `tagged` gives: an edit of that is an edit of the decoration, one of a wrapper is not."""
    deco = """
        def tagged(n):
            def decorate(f):
                f.tag = n + 1
                return f
            return decorate
        def wrapped(n):
            def decorate(f):
                def inner():
                    return f() + n
                return inner
            return decorate
    """
    use = """
        import deco
        from deco import tagged
        @tagged(1)
        def one(): return 1
        @deco.wrapped(5)
        def two(): return 2
        class Three:
            @tagged(3)
            def method(self): pass
        four = tagged(4)(lambda: 4)
    """
    _, app = project.load(deco=deco, use=use)
    functions = [app.one, app.two, app.Three.method, app.four]
    report = project.save(deco=deco.replace("n + 1", "n + 2").replace("f() + n", "f() - n"))
    assert said(report) == []
    assert (app.one.tag, app.two(), app.Three.method.tag, app.four.tag) == (3, -3, 5, 6)
    assert functions[:3] == [app.one, app.two, app.Three.method]


def test_functions_that_stand_on_one_line_stay_apart(project: Project) -> None:
    text = "N = 1\nf = lambda x=N: ('f', x); g = lambda x=N: ('g', x)\n"
    app = project.load(text)
    project.save(text.replace("N = 1", "N = 2"))
    assert (app.f(), app.g()) == (("f", 2), ("g", 2))
    project.save(text.replace("'g', x", "'h', x"))
    assert (app.f(), app.g()) == (("f", 1), ("h", 1))
