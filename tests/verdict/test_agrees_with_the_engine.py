"""The verdict before the save is what the engine says after it: the same codes on the same lines, the same endings."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from live_project import Project
from test_effects_held import HELD
from test_findings import CASES, IDS, Case
from verdicts import verdict_on

# What only the reload itself can find: subclasses that no name leads to, and what objects were made with.
AFTERWARDS = ("RLD108", "RLD109", "RLD206")
ENDINGS = {
    "patch": "patched",
    "run": "ran",
    "rerun": "ran",
    "keep": "kept",
    "hold": "held",
    "remove": "removed",
    "skip": "cut-off",
}


def compare(project: Project, text: str = "", /, *, endings: bool = True, **texts: str) -> None:
    project.write(**texts or {"app": text})
    plan = verdict_on(project)
    report = project.reload()
    said = [(f.code, f.verdict, f.range.start.line) for f in report.findings if f.code not in AFTERWARDS]
    assert sorted((f.code, f.verdict, f.range.start.line) for f in plan.findings) == sorted(said)
    if endings:
        own = {*project.loaded()}  # the test modules of this process are asked too
        steps = [s for s in report.statements if s.ending != "removed" and s.module in own]
        happened = {(s.name, s.line): s.ending for s in steps}
        assert {(s.name, s.line): ENDINGS[s.action] for s in plan.steps if s.action != "remove"} == happened


# What is abstract is known once the class was changed: RLD114 has tests of its own.
FORESEEN = [(c, i) for c, i in zip(CASES, IDS, strict=True) if c.code != "RLD114"]


@pytest.mark.parametrize("case", [c for c, _ in FORESEEN], ids=[i for _, i in FORESEEN])
@pytest.mark.parametrize("which", ["loud", "quiet"])
def test_class_and_object_shapes(project: Project, case: Case, which: str) -> None:
    app = project.load(case.before)
    held: Any = eval(case.live, app.__dict__)
    compare(project, getattr(case, which))
    del held


@pytest.mark.parametrize("case", [c for c in CASES if c.code in ("RLD101", "RLD102", "RLD104", "RLD106", "RLD112")])
def test_objects_that_do_not_exist_are_not_warned_of(project: Project, case: Case) -> None:
    project.load(case.before)
    compare(project, case.loud)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (
            "import argparse\np = argparse.ArgumentParser(prog='x')\np.add_argument('-a', default=1)\nN = 1\n",
            "=1",
            "=2",
        ),
        ("a = [1]\nb = a\nb.append(2)\n", "append(2)", "append(3)"),
        ("def f(): return 1\nfor n in [f]:\n    n.__module__ = __name__\n", "return 1", "return [1]"),
    ],
    ids=["of-a-library", "under-another-name", "in-a-loop"],
)
def test_what_is_built_again(project: Project, text: str, old: str, new: str) -> None:
    project.load(text)
    compare(project, text.replace(old, new), endings="b = a" not in text)  # another name: it finds what it had


@pytest.mark.parametrize(("code", "effect"), [h for h in HELD if h[0] not in ("RLD301", "RLD302", "RLD305")])
def test_effects(project: Project, code: str, effect: str) -> None:
    app = project.load("SIZE = 2\n" + effect)
    compare(project, "SIZE = 3\n" + effect)
    if hasattr(getattr(app, "made", None), "close"):
        app.made.close()


FLOWS = [
    ("A = 1\nB = A + 1\nC = B * 10\n", "A = 2\nB = A + 1\nC = B * 10\n"),
    ("def f():\n    return 1\nA = f()\n", "def f():\n    return 2\nA = f()\n"),
    ("A = 1\ndef f():\n    return A\nB = f()\n", "A = 2\ndef f():\n    return A\nB = f()\n"),
    ("T = []\nT.append(1)\nT.append(2)\n", "T = []\nT.append(1)\nT.append(3)\n"),
    ("class K:\n    x = 1\nA = K.x\n", "class K:\n    x = 2\nA = K.x\n"),
    ("class K:\n    def f(self):\n        return 1\n", "class K:\n    def f(self):\n        return 2\n"),
    ("A = 1\n# reload: keep\nB = A\n", "A = 2\n# reload: keep\nB = A\n"),
    ("def f(x=1):\n    return x\n", "def f(x=2):\n    return x\n"),
    ("A = 1\n", "A = 1  # the same\n"),
    ("def make():\n    return object()\nA = make()\n", "def make():\n    return [object()]\nA = make()\n"),
    ("A = 1\nB = 2\n", "A = 1\n"),
    # What comes out the same goes no further.
    ("A = 1\nB = A > 0\nC = [B]\n", "A = 2\nB = A > 0\nC = [B]\n"),
    ("A = 'a b'\nB = A.split()[0]\nC = B + 'c'\n", "A = 'a d'\nB = A.split()[0]\nC = B + 'c'\n"),
    ("def f(x):\n    return x + 1\nA = f(1)\nB = A\n", "def f(x):\n    return 1 + x\nA = f(1)\nB = A\n"),
    ("A = 2\nB = A + 1\n", "A = 1 + 1\nB = A + 1\n"),
    ("A = (1, 2)\nB = len(A)\nC = {B: f'{B}'}\n", "A = (1, 3)\nB = len(A)\nC = {B: f'{B}'}\n"),
    (
        "A = 1\ndef f():\n    global B\n    B += 1\nB = A > 0\nC = B\n",
        "A = 2\ndef f():\n    global B\n    B += 1\nB = A > 0\nC = B\n",
    ),
    ("A = 1\nB = A * 0.0\nC = B\n", "A = -1\nB = A * 0.0\nC = B\n"),
    ("A = 1\nB = A\nC = B\n", "A = True\nB = A\nC = B\n"),
]


@pytest.mark.parametrize(("before", "after"), FLOWS)
def test_values_that_flow(project: Project, before: str, after: str) -> None:
    project.load(before)
    compare(project, after)


COPIES = [
    "def load():\n    global X\n    from m import X\nload()\ndef get():\n    return X\n",
    "def load():\n    global X\n    from m import X\ndef get():\n    return X\n",
    "def load():\n    global X\n    from m import X\n    return X\nload()\n",
    "import time\nif time:\n    from m import X as Y\n    time.sleep(0)\nA = Y + 1\n",
    "if True:\n    from m import X as Y\nA = Y + 1\n",
    "class K:\n    def f(self):\n        from m import X\n        return X\n",
]


@pytest.mark.parametrize("importer", COPIES)
def test_copies_that_imports_made(project: Project, importer: str) -> None:
    project.load(m="X = 1\n", app=importer)
    compare(project, m="X = 2\n")


HELD = [
    ("def f():\n    yield 1\n    yield {}\n", "[app.f()]", 1),
    ("def f():\n    yield 1\n    yield {}\n", "[app.f(), app.f()]", 2),
    ("def f():\n    yield 1\n    yield {}\n", "[]", 0),
    (
        "class K:\n    def f(self):\n        def g():\n            yield 1\n            yield {}\n        return g()\n",
        "[app.K().f()]",
        1,
    ),
    ("def f():\n    return [(yield), {}]\n@print\ndef g(): pass\n", "[app.f()]", 1),
    ("async def f():\n    yield 1\n    yield {}\n", "[app.f()]", 0),
    ("def f(a, b):\n    def g():\n        return a, {}\n    return g\n", "[app.f(1, 2)]", 0),
    ("def f(a, b):\n    def g():\n        return a, {}\n    return g\nheld = f(1, 2)\n", "[]", 0),
]


@pytest.mark.parametrize("edited", ["2", "b", "3 if __name__ else 4"])
@pytest.mark.parametrize(("text", "live", "begun"), HELD)
def test_frames_and_closures(project: Project, text: str, live: str, begun: int, edited: str) -> None:
    app = project.load(text.replace("{}", "1"))
    held: list[Any] = eval(live, {"app": app})
    for generator in held[:begun]:
        next(generator)
    compare(project, text.replace("{}", edited))
    del held


def test_tasks(project: Project) -> None:
    text = "import asyncio\nasync def work(go_on):\n    await go_on.wait()\n    return {}\n"
    app = project.load(text.format(1))

    async def main() -> None:
        go_on = asyncio.Event()
        tasks = [asyncio.ensure_future(app.work(go_on)) for _ in range(2)]
        await asyncio.sleep(0)
        compare(project, text.format(2))
        go_on.set()
        await asyncio.gather(*tasks)

    asyncio.run(main())


LRU = "from functools import cached_property, lru_cache\n"
CACHES = [
    ("@lru_cache\ndef f():\n    return {}\n", "app.f()"),
    ("@lru_cache\ndef f():\n    return {}\n", "0"),
    ("def g():\n    return {}\n@lru_cache\ndef f():\n    return g()\n", "app.f()"),
    ("N = {}\n@lru_cache\ndef f():\n    return N\n", "app.f()"),
    ("class K:\n    @lru_cache\n    def f(self):\n        return {}\n", "app.K().f()"),
    ("class K:\n    @staticmethod\n    @lru_cache\n    def f():\n        return {}\n", "app.K.f()"),
    ("class K:\n    @cached_property\n    def f(self):\n        return {}\n", "(k := app.K()) and [k.f, k]"),
    ("class K:\n    @cached_property\n    def f(self):\n        return object(), {}\n", "(k := app.K()) and [k.f, k]"),
    ("class K:\n    @cached_property\n    def f(self):\n        return {}\n", "app.K()"),
]


@pytest.mark.parametrize(("text", "live"), CACHES)
def test_caches(project: Project, text: str, live: str) -> None:
    app = project.load(LRU + text.format(1))
    held: Any = eval(live, {"app": app})
    compare(project, LRU + text.format(2))
    del held
