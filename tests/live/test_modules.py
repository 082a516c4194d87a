"""Files that come and go: removed names, deleted modules, packages, the same file under two names."""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from types import ModuleType

import pytest
from live_project import Project, only, said

from reload_lsp.live.requests import Save


def test_a_removed_name_is_unbound(project: Project) -> None:
    app = project.load("A = 1\nB = 2\ndef f():\n    return 1\n")
    assert said(project.save("A = 1\n")) == []
    assert not hasattr(app, "B") and not hasattr(app, "f")


def test_a_removed_name_that_somebody_imports_is_said_where_it_is_imported(project: Project) -> None:
    base, app = project.load(base="A = 1\nB = 2\n", app="X = 1\nfrom base import B\n")
    report = project.save(base="A = 1\n")
    finding = only(report)
    assert (finding.code, finding.path, finding.range.start.line) == ("RLD209", str(project.path("app")), 1)
    assert app.B == 2
    assert not hasattr(base, "B")


def test_a_name_that_goes_with_its_import_is_no_finding(project: Project) -> None:
    _, app = project.load(base="A = 1\nB = 2\n", app="from base import A, B\n")
    report = project.save(base="A = 1\n", app="from base import A\n")
    assert said(report) == []
    assert not hasattr(app, "B")


def test_a_moved_function_is_known_in_its_new_home(project: Project) -> None:
    base, app = project.load(base="def f():\n    return 1\n", app="from base import f\n")
    report = project.save(base="", other="def f():\n    return 2\n", app="from other import f\n")
    assert app.f() == 2
    assert said(report) == []
    assert not hasattr(base, "f")


def test_a_function_that_comes_back_is_the_one_that_holders_know(project: Project) -> None:
    app = project.load("def f():\n    return 1\nclass A:\n    x = 1\n")
    f, cls = app.f, app.A
    project.save("")
    project.save("def f():\n    return 2\nclass A:\n    x = 2\n")
    assert app.f is f and app.A is cls
    assert (f(), cls.x) == (2, 2)


def test_a_renamed_function_leaves_no_old_name(project: Project) -> None:
    app = project.load("def old():\n    return 1\nX = old()\n")
    project.save("def new():\n    return 2\nX = new()\n")
    assert app.X == 2
    assert not hasattr(app, "old")


def test_a_deleted_file_that_nobody_imports_goes(project: Project) -> None:
    project.load(base="A = 1\n", app="X = 1\n")
    report = project.save(base=None)
    assert said(report) == []
    assert "base" not in sys.modules


def test_a_deleted_file_that_somebody_imports_lives_on_and_is_said(project: Project) -> None:
    base, app = project.load(base="A = 1\n", app="from base import A\n")
    report = project.save(base=None)
    finding = only(report)
    assert (finding.code, finding.path) == ("RLD516", str(project.path("app")))
    assert sys.modules["base"] is base
    assert app.A == 1


def test_a_deleted_file_whose_import_goes_in_the_same_batch_is_no_finding(project: Project) -> None:
    _, app = project.load(base="A = 1\n", app="from base import A\nX = 1\n")
    report = project.save(base=None, app="A = 5\nX = 1\n")
    assert (said(report), app.A) == ([], 5)
    assert "base" not in sys.modules


def test_a_file_that_comes_back_is_imported_again(project: Project) -> None:
    project.load(base="A = 1\n", app="X = 1\n")
    project.save(base=None)
    project.write(base="A = 2\n")
    assert importlib.import_module("base").A == 2
    project.save(base="A = 3\n")
    assert sys.modules["base"].A == 3


def test_relative_imports_in_packages_follow(project: Project) -> None:
    *_, user = project.load(
        **{
            "pkg/__init__": "",
            "pkg/config": "A = 1\n",
            "pkg/sub/__init__": "from ..config import A\n",
            "pkg/sub/user": "from . import A\nfrom .. import config\nX = A + config.A\n",
        }
    )
    project.save(**{"pkg/config": "A = 5\n"})
    assert user.X == 10


def test_namespace_packages_are_packages(project: Project) -> None:
    part, app = project.load(**{"space/part": "A = 1\n"}, app="from space.part import A\nX = A\n")
    project.save(**{"space/part": "A = 2\n"})
    assert (part.A, app.X) == (2, 2)


def test_the_same_file_under_two_names_is_reloaded_twice(project: Project) -> None:
    project.load(**{"pkg/__init__": "", "pkg/m": "A = 1\n"})
    sys.path.insert(0, str(project.folder / "pkg"))
    importlib.import_module("m")
    report = project.save(**{"pkg/m": "A = 2\n"})
    assert (sys.modules["pkg.m"].A, sys.modules["m"].A) == (2, 2)
    assert set(report.modules) == {"pkg.m", "m"}


def test_a_lazy_getattr_stays_lazy_and_runs_its_new_body(project: Project) -> None:
    text = "made = []\ndef __getattr__(name):\n    made.append(name)\n    return name + {!r}\n"
    app = project.load(text.format("!"))
    assert app.thing == "thing!"
    made = list(app.made)
    project.save(text.format("?"))
    assert app.made == made
    assert app.thing == "thing?"


def test_imports_inside_functions_see_the_new_module(project: Project) -> None:
    _, app = project.load(base="A = 1\n", app="def f():\n    from base import A\n    return A\n")
    project.save(base="A = 2\n")
    assert app.f() == 2


OBJECT = "class Box:\n    x = {}\nsys.modules[__name__] = Box()\n"
BARE = """
class Box(types.ModuleType): pass
old, new = sys.modules[__name__], Box(__name__)
sys.modules[__name__] = new
x = {}
new.__dict__.update(x=x, __file__=__file__)
"""
FILLED = """
class Box(types.ModuleType): pass
x = {}
def f(): return x
new = Box(__name__)
new.__dict__.update(globals())
old, sys.modules[__name__] = sys.modules[__name__], new
"""


@pytest.mark.parametrize("stands_in", [OBJECT, BARE, FILLED], ids=["an-object", "a-bare-module", "a-filled-module"])
def test_a_module_that_put_something_else_in_its_place_is_left_alone_and_said(project: Project, stands_in: str) -> None:
    text = "import sys, types\n" + stands_in
    project.write(box=text.format(1))
    project.load("import box\n")
    there = sys.modules["box"]
    report = project.save(box=text.format(2))
    assert said(report) == ["RLD512"]
    assert sys.modules["box"] is there and there.x == 1
    del sys.modules["box"]


def test_a_module_of_a_class_of_its_own_is_one_all_the_same(project: Project) -> None:
    text = "import sys, types\nclass Box(types.ModuleType): pass\nsys.modules[__name__].__class__ = Box\n"
    text += "x = {}\ndef f(): return x\n"
    app = project.load(text.format(1))
    assert said(project.save(text.format(2))) == []
    assert app.f() == 2


def test_annotations_of_the_module_follow(project: Project) -> None:
    app = project.load("A: int = 1\nB: str = ''\n")
    project.save("A: float = 1\nB: str = ''\nC: bytes = b''\n")
    assert app.__annotations__ == {"A": float, "B": str, "C": bytes}
    assert type(app.A) is int


def test_an_annotation_that_is_taken_away_is_gone(project: Project) -> None:
    app = project.load("A: int = 1\nB: str = ''\n")
    project.save("A = 1\nB: str = ''\n")
    assert app.__annotations__ == {"B": str}


def test_the_docstring_of_the_module_follows(project: Project) -> None:
    app = project.load('"""Old."""\nA = 1\n')
    project.save('"""New."""\nA = 1\n')
    assert app.__doc__ == "New."


def test_what_a_file_says_under_the_main_guard_never_runs_in_an_imported_module(project: Project) -> None:
    text = "ran = []\nif __name__ == '__main__':\n    ran.append({})\n"
    app = project.load(text.format(1))
    app.ran.append("live")
    assert said(project.save(text.format(2))) == []
    assert app.ran == ["live"]


def test_type_checking_blocks_do_not_run(project: Project) -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import {}\nX = 1\n"
    project.load(text.format("missing_one"))
    report = project.save(text.format("missing_two"))
    assert said(report) == []
    assert {s.ending for s in report.statements} <= {"cut-off"}


def test_a_new_name_stands_where_a_fresh_start_would_put_it(project: Project) -> None:
    text = "class A: pass\nclass C: pass\nfound = [n for n in list(globals()) if len(n) == 1]\n"
    app = project.load(text)
    project.save(text.replace("class C", "class B: pass\nclass C"))
    assert [n for n in vars(app) if len(n) == 1] == ["A", "B", "C"]
    assert app.found == ["A", "B", "C"]


LAZY = "def load():\n    global X\n    from m import X\n\n\ndef get():\n    return X\n"


def test_a_copy_that_nothing_renews_is_said_until_it_is_right(project: Project) -> None:
    app = project.load(m="X = 1\n", app=LAZY)[1]
    app.load()
    assert said(project.save(m="X = 2\n")) == ["RLD201"]
    report = project.save(app="N = 1\n\n" + LAZY)
    assert [(f.code, f.range.start.line) for f in report.findings] == [("RLD201", 4)]
    assert said(project.save(m="X = 3\n")) == ["RLD201"], "it has been wrong since the first edit"
    assert said(project.save(m="X = 1\n")) == [], "it is right again"
    assert said(project.save(m="X = 4\n")) == ["RLD201"]
    app.load()
    assert said(project.save(app="N = 2\n\n" + LAZY)) == []
    assert app.get() == 4


EXPORTING = """
    def fix(names, module):
        for name, value in list(names.items()):
            if hasattr(value, "__module__") and name[0] != "_" and value is not fix:
                value.__module__ = module
"""


def test_what_a_package_exports_no_longer_goes_by_its_own_module(project: Project) -> None:
    parts = "class Base: pass\nclass Part(Base):\n    def f(self): return 1\ndef make(): return Part()\n"
    package = "from fixing import fix\nfrom parts import Base, Part, make\nfix(globals(), __name__)\n"
    _, parts_module, _, _ = project.load(
        fixing=EXPORTING, parts=parts, pkg=package, app="from pkg import Part\nM = Part.__module__\n"
    )
    gone = package.replace("Part, make", "Part as _Part, make as _make")
    report = project.save(pkg=gone, app="from parts import Part\nM = Part.__module__\n")
    assert (said(report), parts_module.Base.__subclasses__()) == ([], [parts_module.Part])
    assert (parts_module.Part.__module__, parts_module.make.__module__) == ("parts", "parts")
    assert parts_module.Base.__module__ == "pkg"


GIVING = """
    A = 1
    def __getattr__(name):
        if name == "B": return 3
        raise AttributeError(name)
"""


def test_a_name_that_is_given_by_the_getattr_of_its_module_instead(project: Project) -> None:
    base, app = project.load(base="A = 1\nB = 2\n", app="from base import B\n")
    assert said(project.save(base=GIVING)) == []
    assert ("B" in base.__dict__, app.B) == (False, 3)


def test_an_extension_module_that_was_loaded_since_the_last_look_is_known(project: Project) -> None:
    """Its sources are the user's, and no edit of them is in a process that runs."""
    project.load("X = 1\n")
    source = project.folder / "fast.c"
    source.write_text("int x;")
    project.engine.apply([Save(str(source))], "save")
    fast = ModuleType("fast")
    fast.__spec__ = ModuleSpec("fast", None, origin=str(project.folder / f"fast{EXTENSION_SUFFIXES[0]}"))
    sys.modules["fast"] = fast
    try:
        assert said(project.engine.apply([Save(str(source))], "save")) == ["RLD502"]
    finally:
        del sys.modules["fast"]


def test_what_another_module_puts_into_sys_modules_between_two_batches_is_seen(project: Project) -> None:
    before, _ = project.load(base="A = 1\n", app="X = 1\n")
    project.save(app="X = 2\n")
    sys.modules["base"] = after = ModuleType("base")
    exec("A = 1", after.__dict__)
    try:
        project.save(base="A = 2\n")
    finally:
        del sys.modules["base"]
    assert (before.A, after.__dict__["A"]) == (1, 2)
