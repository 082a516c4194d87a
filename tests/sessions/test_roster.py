"""Discovery, connection and the life of processes, over the real wire."""

import asyncio
import contextlib
import tempfile

import pytest
from fake_agent import FakeAgent, report

from reload_lsp.sessions import opening
from reload_lsp.sessions.batch import Batch, FileChange
from reload_lsp.sessions.dispatch import dispatch
from reload_lsp.sessions.process import ProcessRefused
from reload_lsp.sessions.roster import Hooks, Roster
from reload_lsp.wire.folder import ready_folder
from reload_lsp.wire.records import living

SECONDS = 10.0


class Watched:
    """A roster with every hook recorded in a queue."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[tuple] = asyncio.Queue()
        put = self.heard.put_nowait
        self.roster = Roster(
            Hooks(
                wanted=lambda process: bool(process.loaded),
                added=lambda member: put(("added", member)),
                changed=lambda: put(("changed",)),
                reloaded=lambda process, found: put(("reloaded", found)),
                gone=lambda process: put(("gone", process.facts.id)),
            )
        )

    async def scan(self) -> None:
        self.roster.see(living(ready_folder()))
        await self.roster.settled()

    async def hear(self, what: str) -> tuple:
        while True:
            heard = await asyncio.wait_for(self.heard.get(), SECONDS)
            if heard[0] == what:
                return heard


@pytest.fixture
async def watched(monkeypatch):
    with tempfile.TemporaryDirectory(prefix="rl-") as runtime:  # short, because socket paths are
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        made = Watched()
        yield made
        made.roster.close()


@pytest.fixture
async def agent(tmp_path, watched):
    file = tmp_path / "é app.py"
    file.write_text("a = 1\n")
    started = await FakeAgent([file]).start()
    yield started
    with contextlib.suppress(OSError):
        await started.stop()


def batch(agent: FakeAgent) -> Batch:
    return Batch(7, "save", (FileChange(agent.paths[0], "modified", "abc"),))


async def test_a_process_is_found_and_takes_a_batch(watched, agent):
    await watched.scan()
    (member,) = watched.roster.attached
    assert member.process.facts.name == "app.py"
    assert agent.paths[0] in member.process.loaded
    (result,) = await dispatch(batch(agent), [member.queue], lambda _: None)
    assert result.report.outcome == "applied"
    assert member.process.loaded[agent.paths[0]].sha256 == "abc"
    assert (await agent.applied.get())["batch"] == 7


async def test_a_process_that_dies_in_the_middle_of_a_batch_is_gone(watched, agent):
    await watched.scan()
    (member,) = watched.roster.attached

    async def die(params):
        await agent.stop()
        return report()

    agent.apply = die
    (result,) = await dispatch(batch(agent), [member.queue], lambda _: None)
    assert result.report.outcome == "gone"
    assert await watched.hear("gone") == ("gone", agent.id)
    assert watched.roster.attached == []


async def test_someone_elses_batch_is_told(watched, agent):
    await watched.scan()
    agent.tell("reloaded", {"report": report(generation=5)})
    _, found = await watched.hear("reloaded")
    assert found.generation == 5
    assert watched.roster.attached[0].process.generation == 5


async def test_further_loaded_files_are_learnt(watched, agent, tmp_path):
    await watched.scan()
    (member,) = watched.roster.attached
    await watched.hear("changed")
    agent.tell("loaded", {"files": [{"path": str(tmp_path / "b.py"), "sha256": "1", "modules": ["b"]}]})
    await watched.hear("changed")
    assert str(tmp_path / "b.py") in member.process.loaded


async def test_an_error_of_the_agent_is_not_the_end(watched, agent):
    await watched.scan()
    (member,) = watched.roster.attached
    with pytest.raises(ProcessRefused, match="no method"):
        await member.process._connection.request("dance")
    await member.process.knows([agent.paths[0]])


async def test_detach_and_attach_are_the_users_own_word(watched, agent):
    await watched.scan()
    watched.roster.choose([agent.id], attach=False)
    assert watched.roster.attached == []
    watched.roster.choose([agent.id], attach=True)
    assert len(watched.roster.attached) == 1


async def test_a_peer_that_is_not_ours_is_left_alone_and_said(watched, agent, monkeypatch):
    monkeypatch.setattr(opening, "RETRY_AFTER", (0.01,))
    agent.key = b"another key entirely"
    await watched.scan()
    assert watched.roster.members == {}
    [lost] = watched.roster.unreachable
    assert lost.record.name == "app.py" and "does not know the agent's key" in lost.problem
    await watched.hear("changed")
    await agent.stop()
    await watched.hear("changed")
    assert watched.roster.unreachable == []


async def test_a_process_is_tried_until_it_answers(watched, agent, monkeypatch):
    monkeypatch.setattr(opening, "RETRY_AFTER", (0.01,))
    right, agent.key = agent.key, b"another key entirely"
    await watched.scan()
    assert len(watched.roster.unreachable) == 1
    agent.key = right
    await watched.hear("added")
    assert watched.roster.unreachable == []
    assert len(watched.roster.attached) == 1


async def test_a_process_that_is_gone_is_not_tried(watched, agent):
    (record,) = living(ready_folder())
    await agent.stop()
    watched.roster.see([record])
    await watched.roster.settled()
    assert watched.roster.members == {} and watched.roster.unreachable == []


async def test_two_servers_on_one_program(watched, agent):
    await watched.scan()
    other = Watched()
    await other.scan()
    try:
        assert len(other.roster.attached) == len(watched.roster.attached) == 1
    finally:
        other.roster.close()
