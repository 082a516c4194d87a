"""The reloader alone: a process of another Python, one that does not answer, two that answer in turn."""

import asyncio
import sys

import pytest

from reload_lsp.findings.values import Report
from reload_lsp.server import asking, reloader
from reload_lsp.server.documents import Documents
from reload_lsp.server.store import Store
from reload_lsp.sessions.process import Facts, LoadedFile
from reload_lsp.sessions.roster import Hooks, Roster
from reload_lsp.watch.contents import KnownContents


class Seen:
    """A view that remembers."""

    def __init__(self) -> None:
        self.outcomes, self.said, self.published = [], [], set()
        self.told = asyncio.Event()

    def publish(self, paths):
        self.published |= set(paths)

    def submitted(self, member): ...

    def batch_began(self, number, files): ...

    def batch_ended(self, outcome):
        self.outcomes.append(outcome)

    def status(self):
        self.told.set()

    def say(self, text):
        self.said.append(text)


class Slow:
    """A process that answers when the test lets it."""

    def __init__(self, name: str, *paths: str, python: str = "3.10.0") -> None:
        self.facts = Facts(name, 1, name, python)
        self.generation = 0
        self.loaded = {path: LoadedFile(path, "old") for path in paths}
        self.asked = []
        self.begun, self.may_answer = asyncio.Event(), asyncio.Event()

    async def ping(self): ...

    async def knows(self, paths): ...

    async def shown(self, number): ...

    async def apply(self, batch):
        self.asked.append(batch)
        self.begun.set()
        await self.may_answer.wait()
        return Report("applied", batch.cause, 1)

    async def perform(self, command):
        return Report("applied", "command", 1)

    def close(self): ...


class Bench:
    def __init__(self) -> None:
        nothing = lambda *_: None  # noqa: E731
        self.roster = Roster(Hooks(lambda _: True, nothing, lambda: None, nothing, nothing))
        self.store, self.view = Store(), Seen()
        self.reloader = reloader.Reloader(self.roster, Documents(), self.store, KnownContents(), self.view)

    def codes(self, path) -> list[str]:
        return [merged.finding.code for merged in self.store.at(str(path))]


@pytest.fixture
async def bench():
    return Bench()


@pytest.fixture
def module(tmp_path):
    path = tmp_path / "m.py"
    path.write_text("a = 1\n")
    return path


async def test_a_process_that_does_not_answer_is_timed_out_and_late_answers_count(bench, module, monkeypatch):
    monkeypatch.setattr(reloader, "PATIENCE", 0.01)
    process = Slow("p", str(module))
    member = bench.roster.add(process)
    outcome = await bench.reloader.reload([str(module)], "save")
    assert [result.report.outcome for result in outcome.results] == ["timed-out"]
    assert member.state == "not-responding" and member.behind == {str(module)}
    process.may_answer.set()
    await asyncio.wait_for(bench.view.told.wait(), 10)
    assert member.state == "idle" and member.behind == set()


async def test_what_is_saved_while_a_process_does_not_answer_reaches_it_in_one_batch(
    bench, module, tmp_path, monkeypatch
):
    monkeypatch.setattr(reloader, "PATIENCE", 0.01)
    process = Slow("p", str(module))
    member = bench.roster.add(process)
    await bench.reloader.reload([str(module)], "save")
    for number in range(5):
        module.write_text(f"a = {number}\n")
        outcome = await bench.reloader.reload([str(module)], "save")
        assert [result.report.outcome for result in outcome.results] == ["timed-out"]
    assert len(process.asked) == 1
    process.may_answer.set()
    await asyncio.wait_for(bench.view.told.wait(), 10)
    while member.behind:
        await asyncio.sleep(0)
    assert [batch.number for batch in process.asked] == [1, 7]
    assert member.state == "idle" and member.process.loaded


async def test_a_process_that_cannot_say_what_it_runs_is_asked_until_it_can(bench, module, monkeypatch):
    monkeypatch.setattr(asking, "PATIENCE", 0.01)
    process = Slow("p", str(module.with_name("other.py")))
    may_say = asyncio.Event()

    async def knows(paths):
        await may_say.wait()
        process.loaded[str(module)] = LoadedFile(str(module), "old")

    process.knows = knows
    process.may_answer.set()
    member = bench.roster.add(process)
    assert await bench.reloader.reload([str(module)], "save") is None
    assert member.state == "not-responding"
    may_say.set()
    while not process.asked or member.behind:
        await asyncio.sleep(0)
    assert [file.path for file in process.asked[0].files] == [str(module)]
    assert member.state == "idle"


async def test_one_slow_process_does_not_hold_the_other_back(bench, module):
    fast, slow = Slow("fast", str(module)), Slow("slow", str(module))
    for process in (fast, slow):
        bench.roster.add(process)
    fast.may_answer.set()
    first = asyncio.ensure_future(bench.reloader.reload([str(module)], "save"))
    second = asyncio.ensure_future(bench.reloader.reload([str(module)], "save"))
    await asyncio.wait_for(slow.begun.wait(), 10)
    assert fast.asked
    slow.may_answer.set()
    outcomes = await asyncio.gather(first, second)
    assert all(len(outcome.results) == 2 for outcome in outcomes)


async def test_what_a_newer_python_may_read_is_sent_unchecked(bench, module):
    newer = f"{sys.version_info[0]}.{sys.version_info[1] + 1}.0"
    new, old = Slow("new", str(module), python=newer), Slow("old", str(module))
    for process in (new, old):
        process.may_answer.set()
        bench.roster.add(process)
    module.write_text("a = <grammar of the future>\n")
    outcome = await bench.reloader.reload([str(module)], "save")
    assert {r.process.name: r.report.outcome for r in outcome.results} == {"new": "applied", "old": "refused"}
    assert bench.codes(module) == ["RLD806", "RLD804"]  # the older one stays behind


async def test_undo_asks_only_those_that_followed_the_last_batch(bench, module):
    newer = f"{sys.version_info[0]}.{sys.version_info[1] + 1}.0"
    new, old = Slow("new", str(module), python=newer), Slow("old", str(module))
    for process in (new, old):
        process.may_answer.set()
        bench.roster.add(process)
    module.write_text("a = <grammar of the future>\n")
    await bench.reloader.reload([str(module)], "save")
    undone = await bench.reloader.undo()
    assert [result.process.name for result in undone.results] == ["new"]
    assert "RLD804" in bench.codes(module)


async def test_a_text_that_cannot_be_compiled_is_said_with_no_process_at_all(bench, module):
    module.write_text("a = (\n")
    assert await bench.reloader.reload([str(module)], "save") is None
    assert bench.codes(module) == ["RLD901"]
    module.write_text("a = 1\n")
    await bench.reloader.reload([str(module)], "save")
    assert bench.codes(module) == []


async def test_a_deleted_file_is_told_to_the_process(bench, module):
    process = Slow("p", str(module))
    process.may_answer.set()
    bench.roster.add(process)
    module.unlink()
    await bench.reloader.reload([str(module)], "external")
    assert [(file.kind, file.sha256) for file in process.asked[0].files] == [("deleted", None)]
