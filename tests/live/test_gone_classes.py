"""Classes that a text no longer has, or has under another name, while objects of them live."""

from __future__ import annotations

import pytest
from live_project import Project, only, said

K = "class K:\n    def f(self): return 1\n"
AFTER = {
    "removed": "X = 1\n",
    "under another name": "class New:\n    def f(self): return 2\nK = New\n",
    "a function now": "class _K:\n    def f(self): return 2\ndef K(): return _K()\n",
}


@pytest.mark.parametrize("after", AFTER.values(), ids=[name.replace(" ", "-") for name in AFTER])
def test_objects_of_them_are_counted_and_said(project: Project, after: str) -> None:
    app = project.load(K)
    made = [app.K(), app.K()]
    finding = only(project.save(after))
    assert (finding.code, finding.count and finding.count.n) == ("RLD206", len(made))


@pytest.mark.parametrize("after", AFTER.values(), ids=[name.replace(" ", "-") for name in AFTER])
@pytest.mark.parametrize(
    "made", ["", "k = K()\n", "def make():\n    k = K()\n    k.own = k\n    return k\nk = make()\n"]
)
def test_nothing_is_said_where_none_lives_after_the_edit(project: Project, made: str, after: str) -> None:
    project.load(K + made)
    assert said(project.save(after)) == []


def test_they_are_the_class_again_when_it_comes_back(project: Project) -> None:
    app = project.load(K)
    made = app.K()
    project.save("X = 1\n")
    assert said(project.save(K.replace("1", "3"))) == []
    assert (type(made) is app.K, made.f()) == (True, 3)


def test_a_batch_that_fails_takes_no_class_away(project: Project) -> None:
    app = project.load(K)
    made = app.K()
    assert said(project.save("class New: pass\nK = New\n1 / 0\n")) == ["RLD901"]
    assert type(made) is app.K


META = (
    "class M(type):\n    def __new__(m, name, bases, ns):\n        ns['tag'] = 1\n{}"
    "        return super().__new__(m, name, bases, ns)\n"
)


def test_what_a_metaclass_no_longer_gives_goes(project: Project) -> None:
    app = project.load(META.format("        ns['more'] = 2\n") + "class A(metaclass=M): pass\nclass B(A): pass\n")
    app.B.own = 5
    assert said(project.save(META.format("") + "class A(metaclass=M): pass\nclass B(A): pass\n")) == []
    assert (app.B.tag, hasattr(app.A, "more"), hasattr(app.B, "more"), app.B.own) == (1, False, False, 5)
