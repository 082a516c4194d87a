"""Facts about named things: counted without a look at the heap where reference counts are enough."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from live_project import Project

from reload_lsp.live import facts
from reload_lsp.live.heap import survey

FORMS = {
    "plain": "class K: pass\n",
    "slots": "class K:\n    __slots__ = ('x',)\n",
    "with a cell": "class K:\n    def m(self):\n        return __class__\n",
    "dataclass": "import dataclasses\n@dataclasses.dataclass\nclass K:\n    x: int = 0\n",
    "tuple": "import typing\nclass K(typing.NamedTuple):\n    x: int = 0\n",
    "exception": "class K(Exception): pass\n",
    "abstract": "import abc\nclass K(abc.ABC): pass\n",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("count", [0, 1, 3])
def test_instances_are_never_counted_too_low(project: Project, text: str, count: int) -> None:
    app = project.load(text)
    held = [app.K() for _ in range(count)]
    project.engine.modules.refresh()
    assert [*facts.instances(project.engine.modules, [("app", "K")], 1000.0)] == [("app", "K", count, True)]
    [(_, _, bound, exact)] = facts.instances(project.engine.modules, [("app", "K")], 0.0)
    assert bound >= count and exact == (bound == 0)
    del held


def test_objects_of_subclasses_are_objects_of_the_class(project: Project) -> None:
    app = project.load("class K: pass\nclass L(K): pass\n")
    held = [app.K(), app.L(), app.L()]
    project.engine.modules.refresh()
    found = {n: c for _, n, c, _ in facts.instances(project.engine.modules, [("app", "K"), ("app", "L")], 1000.0)}
    assert found == {"K": 3, "L": 2}
    del held


def test_a_question_without_heap_work_takes_no_time(project: Project) -> None:
    project.load("".join(f"class K{n}: pass\nV{n} = {n}\n" for n in range(50)) + "T = list(range(10 ** 6))\n")
    project.engine.modules.refresh()
    classes = [("app", f"K{n}") for n in range(50)]
    values = [("app", "T"), *(("app", f"V{n}") for n in range(50))]
    best = 1e9
    for _ in range(5):
        begun = time.thread_time()
        list(facts.instances(project.engine.modules, classes, 0.0))
        answered = list(facts.plainness(project.engine.modules, values))
        list(facts.frames(project.engine.modules, [("app", "K0")]))
        best = min(best, time.thread_time() - begun)
    begun = time.thread_time()
    survey((), [type(project)])
    assert best < time.thread_time() - begun, "it takes less than one look at the heap"
    assert len(answered) == 50, "a value too big to be looked at is not judged"


def test_values_are_data_or_objects(project: Project) -> None:
    project.load("A = [1, {'a': (2, 'x')}]\nB = object()\nC = [B]\n")
    project.engine.modules.refresh()
    found = facts.plainness(project.engine.modules, [("app", n) for n in ("A", "B", "C", "missing")])
    assert {n: plain for _, n, plain in found} == {"A": True, "B": False, "C": False}


def test_a_thread_in_a_decorated_method_is_found_with_its_line(project: Project) -> None:
    app: Any = project.load(
        "import functools\n"
        "def log(f):\n    @functools.wraps(f)\n    def inner(*a):\n        return f(*a)\n    return inner\n"
        "class K:\n    @log\n    def wait(self, here, go):\n        here.set()\n        go.wait()\n"
    )
    here, go = threading.Event(), threading.Event()
    worker = threading.Thread(target=app.K().wait, args=(here, go), name="worker-7")
    worker.start()
    here.wait()
    project.engine.modules.refresh()
    [(_, _, running)] = facts.frames(project.engine.modules, [("app", "K.wait")])
    go.set()
    worker.join()
    assert [name for name, _ in running] == ["worker-7"] and running[0][1] in (9, 10)
