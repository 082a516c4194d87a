"""Edits of real applications while they serve: what the running one answers then, compared with one started afresh."""

from __future__ import annotations

import contextlib
import difflib
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pytest
from driver import environment
from editors import marks as editor_marks
from neovim import Neovim

EXACT = "exact"
ALERTS = ("error", "warning")
LATE = 10.0
"""Seconds until an answer counts as the application's last word."""
FILES_PATIENCE = 3.0
"""Seconds until a saved file that is no module counts as one that nobody reads."""


@dataclass(frozen=True)
class Edit:
    """One thing that people do to an application: the places it changes, and what to ask to see it.

    `result` is what is known to come of it, as docs/frameworks.md has it.
    """

    what: str
    changes: Sequence[tuple[str, str, str]]
    probes: Sequence[str]
    result: str = EXACT


class Instance(Protocol):
    """An application that runs."""

    def ask(self, probe: str) -> str: ...

    def close(self) -> None: ...


class Application(Protocol):
    """How an application is laid out and started in a workspace."""

    name: str
    edits: Sequence[Edit]
    first: str
    """A file of it to open, relative to the workspace."""
    kept: str
    """Asks for something that only lasts as long as the process."""

    def prepare(self, workspace: Path) -> None:
        """Lay it out in an empty folder."""
        ...

    def start(self, workspace: Path, env: dict[str, str], live: bool) -> Instance:
        """Run it, under `reload-lsp run` where `live`. Raises Broken where it does not come up."""
        ...


class Broken(Exception):
    """An application that does not start from its text."""


@dataclass
class Bench:
    """One application that runs, Neovim on its folder, and others that are started to compare with."""

    application: Application
    workspace: Path
    env: dict[str, str]
    live: Instance
    neovim: Neovim
    told: list[dict[str, Any]] = field(default_factory=list)
    """The findings of the last change."""

    def result(self, edit: Edit) -> str:
        """Make one edit and take it back: what came of it, in the words of the table."""
        kept, before = self.live.ask(self.application.kept), self._answers(self.live, edit)
        before = self._answers_like(before, edit)  # twice the same
        codes = self.change(edit.changes)
        told = self.told
        after, fresh = self._compared(edit, before)
        back_codes = self.change([(path, new, old) for path, old, new in reversed(edit.changes)])
        back = self._answers_like(before, edit)
        assert fresh != before, f"{edit.what}: nobody would see it: {fresh}"
        noted = sorted({f["code"] for f in told if f["severity"] == "information"})
        result = _word(codes, after == fresh, fresh is None and after == before, noted)
        if self.live.ask(self.application.kept) != kept:
            result += "; state was lost"
        if back_codes or back != before:
            result += f"; taken back: {_word(back_codes, back == before, False)}"
        if result != edit.result:
            print(f"\n== {edit.what}: {result}")
            print(*_difference("fresh", fresh or [], "running", after), sep="\n")
            print(*(f"  {f['severity']} {f['code']} {f['path'][-30:]} {f['message']}" for f in told), sep="\n")
            print(*_difference("before", before, "taken back", back), sep="\n")
            print(*(f"  {f['severity']} {f['code']} {f['path'][-30:]} {f['message']}" for f in self.told), sep="\n")
        return result

    def change(self, changes: Sequence[tuple[str, str, str]]) -> list[str]:
        """Save every change in Neovim: the codes of what it then shows as an error or a warning."""
        self.told = []
        last: list[dict[str, Any]] = []
        for name, old, new in changes:
            path = self.workspace / name
            is_module = path.suffix == ".py"
            batches = (
                self.neovim.save(path, old, new) if is_module else self.neovim.save(path, old, new, FILES_PATIENCE)
            )
            assert batches or not is_module, f"{name} was saved, and nothing was reported"
            last = [f for batch in batches for process in batch["processes"] for f in process["findings"]]
            self.told += last
        alerts = {(f["path"], f["code"]) for f in last if f["severity"] in ALERTS}
        return self.neovim.codes(alerts)

    def _compared(self, edit: Edit, before: list[str]) -> tuple[list[str], list[str] | None]:
        """What it answers and what a fresh one does; asked again where they differ, because either may have been late.

        The fresh one starts while the other answers. Where the table says that they differ, they are not waited for long.
        """
        with ThreadPoolExecutor(1) as beside:
            starting = beside.submit(self._fresh, edit, before)
            after = self._answers(self.live, edit)
            fresh = starting.result()
        if after == fresh or fresh is None:
            return after, fresh
        if edit.result != EXACT:
            return self._answers_like(fresh, edit, LATE / 4), fresh
        after = self._answers_like(fresh, edit)
        return (after, fresh) if after == fresh else (after, self._fresh(edit, before))

    def _answers_like(self, wanted: list[str] | None, edit: Edit, patience: float = LATE) -> list[str]:
        """What it answers, once that is as `wanted` or time is up: what is drawn comes when it comes."""
        deadline = time.monotonic() + patience
        while (
            (answers := self._answers(self.live, edit)) != wanted and time.monotonic() < deadline and wanted is not None
        ):
            pass
        return answers

    def _answers(self, instance: Instance, edit: Edit) -> list[str]:
        return [instance.ask(probe) for probe in edit.probes]

    def _fresh(self, edit: Edit, before: list[str]) -> list[str] | None:
        """What a fresh one answers: something else than `before`, or it is asked again, for it may have been late."""
        try:
            instance = self.application.start(self.workspace, self.env, live=False)
        except Broken:
            return None
        with contextlib.closing(instance):
            deadline = time.monotonic() + LATE
            while (answers := self._answers(instance, edit)) == before and time.monotonic() < deadline:
                pass
            return answers


def _difference(before: str, one: list[str], after: str, other: list[str]) -> Iterator[str]:
    lines = [[line for answer in answers for line in answer.splitlines()] for answers in (one, other)]
    return itertools.islice(difflib.unified_diff(*lines, before, after, n=0, lineterm=""), 12)


def _word(codes: list[str], same: bool, kept: bool, noted: Sequence[str] = ()) -> str:
    """`exact`, `refused` (a text that cannot run, with what ran before), said or noted with codes, or silently wrong."""
    if kept:
        return " ".join(["refused", *codes]) if codes else "SILENT"
    if same:
        return " ".join([EXACT, "with", *codes]) if codes else EXACT
    if noted and not codes:
        return " ".join(["noted", *noted])
    return " ".join(["said", *codes]) if codes else "SILENT"


@contextlib.contextmanager
def bench(application: Application, workspace: Path, folder: Path) -> Iterator[Bench]:
    """The application under `reload-lsp run` and a Neovim that has found it; both end with the block."""
    with contextlib.ExitStack() as ending:
        env = {**environment(folder), "PYTHONUNBUFFERED": "1"}
        env.pop("PYTHONPATH", None)
        live = application.start(workspace, env, live=True)
        ending.callback(live.close)
        (folder / "nvim").mkdir()
        neovim = Neovim(workspace, folder / "nvim", env)
        ending.callback(neovim.close)
        neovim.attached(workspace / application.first)
        yield Bench(application, workspace, env, live, neovim)


def trials(application: Application, sample: Sequence[str]) -> tuple[Callable[[Path], None], Callable[[Path], None]]:
    """Two tests of an application: some of its edits, for every run of the suite, and all of them."""

    def some(folder: Path) -> None:
        _try(application, folder, [edit for edit in application.edits if edit.what in sample])

    def all_of_them(folder: Path) -> None:
        _try(application, folder, application.edits)

    marks = editor_marks("nvim")
    return _marked(some, [pytest.mark.slow, *marks]), _marked(all_of_them, [pytest.mark.longrun, *marks])


def _marked(test: Any, marks: Sequence[pytest.MarkDecorator]) -> Any:
    for mark in marks:
        test = mark(test)
    return test


def _try(application: Application, folder: Path, edits: Sequence[Edit]) -> None:
    results: dict[str, str] = {}
    left = list(edits)
    while left:
        own = folder / str(len(left))
        workspace = own / "ws"
        workspace.mkdir(parents=True)
        (workspace / "pyproject.toml").write_text("")
        application.prepare(workspace)
        with bench(application, workspace, own) as made:
            left = _as_long_as_clean(made, left, results)
    assert results == {edit.what: edit.result for edit in edits}


def _as_long_as_clean(made: Bench, edits: Sequence[Edit], results: dict[str, str]) -> list[Edit]:
    """Try edits until one leaves something behind when it is taken back: those that are left, for another process."""
    for number, edit in enumerate(edits):
        results[edit.what] = made.result(edit)
        if ";" in results[edit.what]:
            return list(edits[number + 1 :])
    return []
