"""The steps of a batch, in order; other threads get their turn soon while it reads, and the program is left as it was."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from live_project import Project

from reload_lsp.live import steps, transaction
from reload_lsp.live.batch import Batch
from reload_lsp.live.seed import seed
from reload_lsp.live.steps import TURN

PROGRAMS = 0.004  # what the program has set


@pytest.fixture(autouse=True)
def interval() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(PROGRAMS)
    yield
    sys.setswitchinterval(before)


def test_every_step_is_told_in_its_order_with_the_turns_of_that_step(project: Project) -> None:
    project.load("X = 1\ndef f():\n    return X\n")
    told: list[tuple[str, float]] = []
    project.engine.on_step = lambda step: told.append((step, sys.getswitchinterval()))
    project.save("X = 2\ndef f():\n    return X + 1\n")
    assert [step for step, _ in told] == ["diff", "swap", "plan", "apply", "audit", "report"]
    # What is told as a step begins is the interval of the one before.
    assert [turn for _, turn in told] == [PROGRAMS, TURN, PROGRAMS, PROGRAMS, PROGRAMS, PROGRAMS]
    assert sys.getswitchinterval() == PROGRAMS


@pytest.mark.parametrize("text", ["X = 1 / 0\n", "X = (\n"], ids=["raises", "is no Python"])
def test_a_batch_that_fails_leaves_the_program_as_it_was(project: Project, text: str) -> None:
    project.load("X = 1\n")
    assert project.save(text).outcome in ("rolled-back", "refused")
    assert sys.getswitchinterval() == PROGRAMS


def test_statements_run_with_the_programs_own_interval_and_may_set_another(project: Project) -> None:
    app = project.load("import sys\nX = 1\n")
    project.save("import sys\nX = sys.getswitchinterval()\nsys.setswitchinterval(0.002)\n")
    assert app.X == PROGRAMS
    assert sys.getswitchinterval() == 0.002


def test_an_interval_that_is_shorter_already_stays(project: Project) -> None:
    project.load("X = 1\n")
    sys.setswitchinterval(TURN / 5)
    told: list[float] = []
    project.engine.on_step = lambda _: told.append(sys.getswitchinterval())
    project.save("X = 2\n")
    assert told == pytest.approx([TURN / 5] * len(told))


def test_where_bodies_alone_changed_other_threads_get_their_turn_also_while_names_are_followed(
    project: Project,
) -> None:
    project.load(base="def f():\n    return 1\n", app="from base import f\nTABLE = {'f': f}\n")
    told: list[tuple[str, float]] = []
    project.engine.on_step = lambda step: told.append((step, sys.getswitchinterval()))
    project.save(base="def f():\n    return 2\n")
    assert dict(told)["apply"] == TURN
    assert sys.getswitchinterval() == PROGRAMS


@pytest.mark.parametrize(
    ("edited", "turn"), [("return 2", TURN), ("return 2\nX = 1", PROGRAMS)], ids=["a body", "more"]
)
def test_right_after_the_swap_of_bodies_others_get_their_turn(
    project: Project, monkeypatch: pytest.MonkeyPatch, edited: str, turn: float
) -> None:
    project.load("def f():\n    return 1\n")
    seen: list[float] = []

    def watched(batch: Batch) -> None:
        seen.append(sys.getswitchinterval())
        seed(batch)

    monkeypatch.setattr(transaction, "seed", watched)
    project.save(f"def f():\n    {edited}\n")
    assert seen == [turn]


def sleeps(project: Project, monkeypatch: pytest.MonkeyPatch, text: str) -> int:
    """How often a batch slept, so that others could run."""
    slept: list[float] = []
    monkeypatch.setattr(steps, "sleep", slept.append)
    project.save(text)
    return len(slept)


def test_where_there_is_no_other_thread_than_the_agents_a_batch_does_not_sleep(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.load("X = 1\n")
    monkeypatch.setattr(steps, "ours", set(sys._current_frames()))  # whatever the tests are run with
    assert sleeps(project, monkeypatch, "X = 2\n") == 0
    end = threading.Event()
    other = threading.Thread(target=end.wait)
    other.start()
    try:
        assert sleeps(project, monkeypatch, "X = 3\n") > 0
    finally:
        end.set()
        other.join()
