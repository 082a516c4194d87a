"""Functions that are handed to something, and methods that no text names: what was made with them follows."""

from __future__ import annotations

import pytest
from live_project import Project, said


@pytest.mark.parametrize(
    ("function", "use", "value"),
    [
        ("def f(x): return -x * {}", "sorted([1, 3, 2], key=f)", [1, 2, 3]),
        ("def f(x): return x * {}", "list(map(f, [1, 2]))", [-1, -2]),
        ("K = {}\ndef f(x): return x * K", "[*map(f, [1])]", [-1]),
    ],
)
def test_data_made_by_a_function_that_was_handed_over(project: Project, function: str, use: str, value: object) -> None:
    text = f"{function}\nVALUE = {use}\n"
    app, user = project.load(app=text.format(1), user=f"from app import f\nVALUE = {use}\n")
    assert said(project.save(app=text.format(-1))) == []
    assert app.VALUE == user.VALUE == value


POOL = "from concurrent.futures import ThreadPoolExecutor\ndef f(x): return x * {}\nwith ThreadPoolExecutor(1) as pool:\n    "


@pytest.mark.parametrize(
    ("work", "lines"), [("R = list(pool.map(f, [1]))\n", [2]), ("one = pool.submit(f, 1)\nR = one.result()\n", [2, 4])]
)
def test_what_a_pool_computed_within_a_block_is_said(project: Project, work: str, lines: list[int]) -> None:
    project.load(POOL.format(2) + work)
    report = project.save(POOL.format(3) + work)
    assert [f.range.start.line for f in report.findings] == lines


def test_containers_of_functions_stay_what_they_are(project: Project) -> None:
    text = "def f(): return {}\nTABLE = {{'f': f}}\nVALUE = TABLE['f']()\n"
    app = project.load(text.format(1))
    table = app.TABLE
    project.save(text.format(2))
    assert app.TABLE is table and table["f"]() == 2


METHODS = """\
class V:
    def __init__(self, x): self.x = x
    def {method}
v = V(1)
VALUE = {use}
"""


@pytest.mark.parametrize(
    ("method", "use"),
    [
        ("__str__(self): return str({})", "str(v)"),
        ("__str__(self): return str({})", "f'{v}!'"),
        ("__add__(self, other): return self.x + {}", "v + v"),
        ("__iter__(self): return iter(range({}))", "list(v)"),
        ("__len__(self): return {}", "len(V(3))"),
        ("__contains__(self, x): return x == {}", "5 in v"),
    ],
)
def test_data_made_by_methods_that_python_calls(project: Project, method: str, use: str) -> None:
    before, after = (METHODS.format(method=method.format(n), use=use) for n in (2, 5))
    app, user = project.load(app=before, user=f"from app import V, v\nVALUE = {use}\n")
    held = app.v
    assert said(project.save(app=after)) == []
    assert app.VALUE == user.VALUE == eval(use, {"v": held, "V": app.V})
    assert app.v is held


def test_a_module_that_is_looked_up_by_name(project: Project) -> None:
    text = "import importlib, sys\nA = importlib.import_module('own').X\nB = sys.modules['own'].X\n"
    _, app = project.load(own="X = 1\n", app=text)
    project.save(own="X = 2\n")
    assert (app.A, app.B) == (2, 2)


def test_names_of_a_branch_that_is_not_taken_any_more_go(project: Project) -> None:
    text = "import cfg\nif cfg.DEBUG:\n    LEVEL = 10\n    EXTRA = 1\nelse:\n    LEVEL = 20\n"
    _, app = project.load(cfg="DEBUG = True\n", app=text)
    project.save(cfg="DEBUG = False\n")
    assert app.LEVEL == 20 and not hasattr(app, "EXTRA")
    project.save(cfg="DEBUG = True\n")
    assert (app.LEVEL, app.EXTRA) == (10, 1)


@pytest.mark.parametrize(
    "block",
    [
        "try:\n    cache\nexcept NameError:\n    cache = {{}}\n    made = {}\n",
        "if 'cache' not in globals():\n    cache = {{}}\n    made = {}\n",
    ],
)
def test_a_block_that_makes_a_name_only_where_it_is_missing_keeps_it(project: Project, block: str) -> None:
    app = project.load(block.format(1))
    app.cache["kept"] = 1
    held = app.cache
    assert project.save(block.format(2)).outcome == "applied"
    assert app.cache is held and held == {"kept": 1}


def test_a_docstring_that_a_decorator_copied_follows_with_the_body(project: Project) -> None:
    text = (
        "import functools\ndef d(f):\n    @functools.wraps(f)\n    def w(): return f()\n    return w\n"
        "@d\ndef g():\n    '{0}'\n    return '{0}'\n"
    )
    app = project.load(text.format("one"))
    project.save(text.format("two"))
    assert (app.g(), app.g.__doc__) == ("two", "two")


def test_a_wrapper_that_somebody_holds_calls_the_function_when_its_decorator_is_taken_away(project: Project) -> None:
    text = "def d(f):\n    def w(): return 'w', f()\n    return w\n{}def g(): return 1\n"
    app = project.load(text.format("@d\n"))
    held = app.g
    assert said(project.save(text.format(""))) == []
    assert (app.g(), held()) == (1, 1)
    assert said(project.save(text.format("@d\n"))) == []
    assert said(project.save(text.format(""))) == []
