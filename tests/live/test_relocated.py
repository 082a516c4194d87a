"""Modules that stand in other files now, that are gone, or whose names were kept by those who gave them."""

from __future__ import annotations

from live_fresh import differences
from live_project import Project, said


def test_a_module_that_becomes_a_package_stays_the_module(project: Project) -> None:
    _, app = project.load(
        mod="X = 1\ndef f(): return X\nclass C:\n    def m(self): return X\n",
        app="import mod\nfrom mod import f, C\nc = C()\nV = f()\n",
    )
    mod = app.mod
    report = project.save(
        **{
            "mod": None,
            "mod/__init__": "from .impl import f\nX = 2\nclass C:\n    def m(self): return X\n",
            "mod/impl": "def f(): return 5\n",
        }
    )
    assert (said(report), differences(project)) == ([], [])
    assert (app.mod is mod, mod.__package__, app.c.m(), app.f()) == (True, "mod", 2, 5)
    report = project.save(**{"mod/__init__": "from .impl import f\nX = 3\nclass C:\n    def m(self): return X\n"})
    assert (said(report), app.c.m()) == ([], 3)


def test_a_package_that_becomes_a_module_again(project: Project) -> None:
    _, _, app = project.load(
        **{"mod/__init__": "from .impl import f\n", "mod/impl": "def f(): return 1\n", "app": "import mod\n"}
    )
    report = project.save(**{"mod/__init__": None, "mod/impl": None, "mod": "def f(): return 2\n"})
    assert (said(report), differences(project)) == ([], [])
    assert (app.mod.f(), hasattr(app.mod, "__path__"), hasattr(app.mod, "impl")) == (2, False, False)


def test_a_package_that_fails_leaves_the_module(project: Project) -> None:
    _, app = project.load(mod="X = 1\n", app="import mod\n")
    report = project.save(**{"mod": None, "mod/__init__": "X = 1 / 0\n"})
    assert (said(report), app.mod.X, app.mod.__file__.endswith("mod.py")) == (["RLD901"], 1, True)
    report = project.save(**{"mod/__init__": "X = 2\n"})
    assert (said(report), app.mod.X, app.mod.__file__.endswith("__init__.py")) == ([], 2, True)


def test_a_plug_in_that_is_deleted_is_listed_no_more(project: Project) -> None:
    plugins = project.load(
        **{
            "plugins/__init__": """
                import importlib, pkgutil
                FOUND = {}
                for info in pkgutil.iter_modules(__path__):
                    FOUND[info.name] = importlib.import_module(f"{__name__}.{info.name}").run
                """,
        }
    )
    project.save(**{"plugins/a": "def run(): return 1\n", "plugins/b": "def run(): return 2\n"})
    assert sorted(plugins.FOUND) == ["a", "b"]
    report = project.save(**{"plugins/b": None})
    assert (said(report), differences(project)) == ([], [])


def test_a_name_that_a_module_was_given_and_keeps_is_asked_for_anew(project: Project) -> None:
    _, lib, app = project.load(
        heavy="X = 1\n",
        lib="""
            def __getattr__(name):
                import heavy
                globals()[name] = value = getattr(heavy, name)
                return value
            """,
        app="import lib\nV = lib.X + 1\n",
    )
    report = project.save(heavy="X = 5\n")
    assert (said(report), app.V, lib.X) == ([], 6, 5)
