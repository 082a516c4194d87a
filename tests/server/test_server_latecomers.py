"""Saves in the very moment in which a process is connected to, loads the file, or does not answer: none is lost."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest
from fake_agent import FakeAgent

TEXT = "a = 1\n"
OLD = {"sha256": "0" * 64}


class Arriving(FakeAgent):
    """Says what it has loaded when the test lets it: what it had loaded when it was asked."""

    def __init__(self, files: list[Path]) -> None:
        super().__init__(files)
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def _result(self, method, params):
        answer = await super()._result(method, params)
        if method == "loaded":
            self.asked.set()
            await self.may_answer.wait()
        return answer


@pytest.fixture
def app(folder) -> Path:
    path = folder / "app.py"
    path.write_text(TEXT)
    return path


async def test_a_save_reaches_a_process_that_is_being_connected_to(start, app):
    arriving = await Arriving([app]).start()
    editor = await start()
    await asyncio.wait_for(arriving.asked.wait(), 10)
    editor.open(app)
    editor.save(app, "a = 2\n")
    await editor.lens(app)  # the save is under way
    arriving.may_answer.set()
    told = await editor.reloaded()
    assert [(process.id, process.outcome) for process in told.processes] == [(arriving.id, "applied")]
    assert arriving.applied.qsize() == 1
    await arriving.stop()


async def test_one_batch_has_those_that_were_there_and_those_that_come(start, agent, app):
    there = await agent(app)
    editor = await start()
    await editor.attached()
    arriving = await Arriving([app]).start()
    await asyncio.wait_for(arriving.asked.wait(), 10)
    editor.open(app)
    editor.save(app, "a = 2\n")
    await asyncio.wait_for(there.applied.get(), 10)  # it does not wait for the other
    arriving.may_answer.set()
    told = await editor.reloaded()
    assert {process.id: process.outcome for process in told.processes} == {there.id: "applied", arriving.id: "applied"}
    await arriving.stop()


async def test_a_process_that_comes_with_the_saved_text_is_not_asked(start, agent, app):
    there = await agent(app)
    editor = await start()
    await editor.attached()
    app.write_text("a = 2\n")
    arriving = await Arriving([app]).start()
    await asyncio.wait_for(arriving.asked.wait(), 10)
    editor.open(app)
    editor.save(app, "a = 2\n")
    await asyncio.wait_for(there.applied.get(), 10)
    arriving.may_answer.set()
    assert [process.id for process in (await editor.reloaded()).processes] == [there.id]
    assert arriving.applied.empty()
    await arriving.stop()


async def test_a_file_that_was_read_just_before_its_save_is_sent_when_it_is_told(start, agent, folder, app):
    late = folder / "late.py"
    late.write_text(TEXT)
    running = await agent(app)
    editor = await start()
    await editor.attached()
    editor.open(late)
    editor.save(late, "a = 2\n")
    await editor.lens(late)
    running.paths.append(str(late))
    running.tell("loaded", {"files": [{**OLD, "path": str(late), "modules": ["late"]}]})
    told = await editor.reloaded()
    assert (told.cause, [process.outcome for process in told.processes]) == ("save", ["applied"])
    assert [Path(file["path"]).name for file in (await running.applied.get())["files"]] == ["late.py"]


async def test_a_file_that_was_loaded_as_it_was_saved_needs_nothing(start, agent, folder, app):
    late = folder / "late.py"
    late.write_text(TEXT)
    running = await agent(app)
    editor = await start()
    await editor.attached()
    editor.open(late)
    editor.open(app)
    editor.save(late, "a = 2\n")
    editor.save(app, "a = 2\n")
    await editor.reloaded()  # so has the save before it ended
    running.paths.append(str(late))
    running.tell("loaded", {"files": [file for file in running.files() if file["path"] == str(late)]})
    editor.save(app, "a = 3\n")
    await editor.reloaded()
    sent = [await running.applied.get(), await running.applied.get()]
    assert [[Path(file["path"]).name for file in one["files"]] for one in sent] == [["app.py"], ["app.py"]]
    assert running.applied.empty()


class Telling(FakeAgent):
    """Tells of a file while its save is under way: as it was loaded, not as it is about to run."""

    async def _result(self, method, params):
        if method == "apply":
            self.tell("loaded", {"files": [{**OLD, "path": self.paths[0], "modules": ["app"]}]})
        return await super()._result(method, params)


async def test_a_file_that_is_told_while_its_save_is_under_way_is_not_sent_again(start, folder, app):
    telling = await Telling([app]).start()
    editor = await start()
    await editor.attached()
    editor.open(app)
    editor.save(app, "a = 2\n")
    await asyncio.wait_for(telling.applied.get(), 10)
    editor.save(app, "a = 3\n")
    [sent] = (await asyncio.wait_for(telling.applied.get(), 10))["files"]
    assert sent["sha256"] == hashlib.sha256(b"a = 3\n").hexdigest()
    await telling.stop()


class AskedFirst(FakeAgent):
    """Tells of a file, as it was loaded, when it is asked whether it runs it."""

    async def _result(self, method, params):
        answer = await super()._result(method, params)
        if method == "knows":
            self.tell("loaded", {"files": [{**OLD, "path": path, "modules": ["late"]} for path in params["paths"]]})
        return answer


async def test_a_file_that_is_told_before_its_save_is_under_way_is_sent_once(start, folder, app):
    late = folder / "late.py"
    late.write_text(TEXT)
    asked = await AskedFirst([app]).start()
    editor = await start()
    await editor.attached()
    asked.paths.append(str(late))
    editor.open(late)
    editor.save(late, "a = 2\n")
    await asyncio.wait_for(asked.applied.get(), 10)
    editor.save(late, "a = 3\n")
    [sent] = (await asyncio.wait_for(asked.applied.get(), 10))["files"]
    assert sent["sha256"] == hashlib.sha256(b"a = 3\n").hexdigest()
    await asked.stop()
