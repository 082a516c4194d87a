"""One batch in flight per process; joining; processes that die or do not answer."""

import asyncio

import pytest

from reload_lsp.findings.values import Report
from reload_lsp.sessions.batch import UNDO, Batch, Command, FileChange, joined
from reload_lsp.sessions.dispatch import dispatch, submit
from reload_lsp.sessions.process import Facts, LoadedFile, ProcessGone, ProcessRefused
from reload_lsp.sessions.queue import ProcessQueue


class Scripted:
    """A process whose batches end when the test says so."""

    def __init__(self, *paths: str) -> None:
        self.facts = Facts("p1", 1, "app.py", "3.12.1")
        self.generation = 0
        self.loaded = {path: LoadedFile(path, "0") for path in paths}
        self.asked: list[Batch | Command] = []
        self.begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.error: Exception | None = None

    async def knows(self, paths) -> None: ...

    async def ping(self) -> None: ...

    async def apply(self, batch: Batch) -> Report:
        self.asked.append(batch)
        self.begun.set()
        await self.may_end.wait()
        if self.error:
            raise self.error
        return Report("applied", batch.cause, len(self.asked))

    async def perform(self, command: Command) -> Report:
        self.asked.append(command)
        return Report("applied", "command", 0)

    def close(self) -> None: ...


def batch(number: int, *paths: str, cause="save", digest: str = "x") -> Batch:
    return Batch(number, cause, tuple(FileChange(path, "modified", digest) for path in paths))


async def test_saves_that_arrive_meanwhile_join_the_next_batch():
    process = Scripted()
    queue = ProcessQueue(process)
    first = queue.submit(batch(1, "/a"))
    await process.begun.wait()
    second, third = queue.submit(batch(2, "/a", digest="2")), queue.submit(batch(3, "/b"))
    process.may_end.set()
    assert (await first).generation == 1
    assert await second is await third
    assert [asked.number for asked in process.asked] == [1, 3]
    assert [file.path for file in process.asked[1].files] == ["/a", "/b"]


async def test_a_command_is_not_joined_with_batches():
    process = Scripted()
    queue = ProcessQueue(process)
    process.may_end.set()
    await asyncio.gather(queue.submit(batch(1, "/a")), queue.submit(UNDO), queue.submit(batch(2, "/a")))
    assert process.asked == [batch(1, "/a"), UNDO, batch(2, "/a")]


async def test_a_process_that_dies_is_gone_for_all_that_wait():
    process = Scripted()
    queue = ProcessQueue(process)
    first = queue.submit(batch(1, "/a"))
    await process.begun.wait()
    second = queue.submit(batch(2, "/a"))
    queue.abandon()
    assert [(await first).outcome, (await second).outcome] == ["gone", "gone"]


@pytest.mark.parametrize(("error", "outcome"), [(ProcessGone(""), "gone"), (ProcessRefused("too busy"), "refused")])
async def test_errors_of_the_process_are_outcomes(error, outcome):
    process = Scripted()
    process.error = error
    process.may_end.set()
    report = await ProcessQueue(process).submit(batch(1, "/a"))
    assert report.outcome == outcome
    assert all("too busy" in finding.message for finding in report.findings)


async def test_a_batch_goes_only_to_processes_that_run_its_files():
    one, other = Scripted("/a"), Scripted("/b")
    one.may_end.set()
    results = await dispatch(batch(1, "/a", "/c"), [ProcessQueue(one), ProcessQueue(other)], lambda _: None)
    assert len(results) == 1
    assert [file.path for file in one.asked[0].files] == ["/a"]


async def test_a_process_that_does_not_answer_is_timed_out_and_may_answer_late():
    process = Scripted("/a")
    late: asyncio.Queue = asyncio.Queue()
    results = await dispatch(batch(1, "/a"), [ProcessQueue(process)], late.put_nowait, patience=0.01)
    assert results[0].report.outcome == "timed-out"
    process.may_end.set()
    assert (await late.get()).report.outcome == "applied"


async def test_undo_goes_to_every_process():
    queues = [ProcessQueue(Scripted("/a")), ProcessQueue(Scripted())]
    results = [await submit(queue, UNDO, lambda _: None) for queue in queues]
    assert [result.report.outcome for result in results] == ["applied", "applied"]


def test_joining_keeps_the_last_word_on_each_file_and_the_loudest_cause():
    one = batch(1, "/a", cause="external", digest="old")
    two = batch(2, "/a", "/b", cause="save", digest="new")
    whole = joined([one, two])
    assert (whole.number, whole.cause) == (2, "save")
    assert {file.path: file.sha256 for file in whole.files} == {"/a": "new", "/b": "new"}
