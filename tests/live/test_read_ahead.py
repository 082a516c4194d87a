"""Before the first save: what its batch would look at is read while nobody waits, in slices, once."""

from __future__ import annotations

import importlib
import os
import sys
import threading

import pytest
from live_project import Project

from reload_lsp.live import read_ahead
from reload_lsp.live.read_ahead import CALM, ReadAhead
from reload_lsp.live.stamps import stamp_of

BASE = {"base": "LIMIT = 1\ndef limit(): return LIMIT\n", "app": "from base import limit\nTABLE = {'limit': limit()}\n"}


def read_all(project: Project) -> int:
    """Slices until all is read."""
    for count in range(10_000):
        if project.engine.read_ahead() is None:
            return count
    raise AssertionError("it does not come to an end")


def test_what_is_loaded_is_read_once_and_an_edit_goes_on_from_it(project: Project) -> None:
    project.load(**BASE)
    read_all(project)
    modules = project.engine.modules
    app = modules.named("app")
    assert app is not None and app.names(app.statements()[0]).imports[0].name == "limit"
    assert read_all(project) == 0
    report = project.save(base="LIMIT = 5\ndef limit(): return LIMIT + 1\n")
    assert (report.outcome, sys.modules["app"].TABLE) == ("applied", {"limit": 6})


def import_all(project: Project) -> None:
    """Slices until the engine itself is there."""
    while project.engine.read_ahead() != CALM:
        pass


def test_it_waits_until_imports_have_come_to_rest(project: Project) -> None:
    project.load(**BASE)
    import_all(project)
    project.load(later="import base\n")
    assert project.engine.read_ahead() == CALM
    assert project.engine.read_ahead() != CALM


def test_it_works_in_slices_and_not_on_more_than_its_share(project: Project) -> None:
    project.load(**{f"m{i}": f"import base\nX = {i}\n" * 20 for i in range(5)}, base="Y = 1\n")
    modules = project.engine.modules
    modules.refresh()
    ahead = ReadAhead(project.engine)
    import_all(project)
    read_ahead.SLICE, kept = 0.0, (read_ahead.SLICE, read_ahead.LARGEST)
    names = [m.name for m in modules.all()]
    read_ahead.LARGEST = sum(m.kept.size for m in modules.all()[: names.index("m0") + 1])
    try:
        slices = sum(1 for _ in iter(ahead.go_on, None))
    finally:
        read_ahead.SLICE, read_ahead.LARGEST = kept
    assert slices > 20
    assert [m.name for m in modules.all()[names.index("m0") :] if m._statements is not None] == ["m0"]


def test_a_batch_is_not_kept_waiting(project: Project) -> None:
    project.load(**BASE)
    inside, go_on = threading.Event(), threading.Event()

    def step(step: str) -> None:
        if step == "plan":
            inside.set()
            assert go_on.wait(30)

    project.engine.on_step = step
    saving = threading.Thread(target=project.save, kwargs={"base": "LIMIT = 2\ndef limit(): return LIMIT\n"})
    saving.start()
    assert inside.wait(30)
    assert project.engine.read_ahead() == read_ahead.PAUSE
    go_on.set()
    saving.join()


def test_a_slice_ends_where_a_batch_waits(project: Project) -> None:
    project.load(**BASE)
    import_all(project)
    read_ahead.SLICE, kept = 1000.0, read_ahead.SLICE
    project.engine.awaited = True
    try:
        assert project.engine.read_ahead() is not None
    finally:
        read_ahead.SLICE = kept
    project.engine.awaited = False
    assert project.save(base="LIMIT = 5\ndef limit(): return LIMIT\n").outcome == "applied"
    assert not project.engine.awaited


@pytest.mark.parametrize("largest", [0, read_ahead.LARGEST], ids=["texts too large to be read ahead", "texts"])
def test_files_are_looked_at_so_that_the_first_batch_need_not_read_them_again(
    project: Project, monkeypatch: pytest.MonkeyPatch, largest: int
) -> None:
    monkeypatch.setattr(read_ahead, "LARGEST", largest)
    project.write(looked_at="X = 1\n")
    os.utime(project.path("looked_at"), (1_000_000_000, 1_000_000_000))
    importlib.import_module("looked_at")
    read_all(project)
    module = project.engine.modules.named("looked_at")
    assert module is not None and module.stamp == stamp_of(str(project.path("looked_at")))
