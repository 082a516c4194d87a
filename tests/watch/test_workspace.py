"""The watcher on a real folder: each test waits for the batch it expects, never for time."""

import asyncio
import os
import subprocess

import pytest

from reload_lsp.watch.batches import EMPTIED, QUIET, Change
from reload_lsp.watch.gitignore import ignored
from reload_lsp.watch.gitlock import index_lock
from reload_lsp.watch.limits import count_folders, shortage
from reload_lsp.watch.workspace import WorkspaceWatch, is_module

SECONDS = 10.0


class Batches:
    """What a watch reported, to be waited for."""

    def __init__(self, folder, wanted=is_module) -> None:
        self.queue: asyncio.Queue[list[Change]] = asyncio.Queue()
        self.watch = WorkspaceWatch(asyncio.get_running_loop(), lambda batch, _: self.queue.put_nowait(batch), wanted)
        self.watch.add(str(folder))

    async def next(self) -> dict[str, str]:
        batch = await asyncio.wait_for(self.queue.get(), SECONDS)
        return {os.path.basename(change.path): change.kind for change in batch}


@pytest.fixture
async def batches(tmp_path):
    made = Batches(tmp_path)
    yield made
    made.watch.stop()


async def test_a_write_and_an_atomic_rename_are_seen(batches, tmp_path):
    (tmp_path / "a.py").write_text("a = 1\n")
    assert set(await batches.next()) == {"a.py"}
    (tmp_path / "a.py.tmp").write_text("a = 2\n")
    os.replace(tmp_path / "a.py.tmp", tmp_path / "a.py")
    assert set(await batches.next()) == {"a.py"}


async def test_a_file_that_stays_empty_is_told_later_than_others(batches, tmp_path):
    (tmp_path / "a.py").write_text("a = 1\n")
    await batches.next()
    began = asyncio.get_running_loop().time()
    (tmp_path / "a.py").write_text("")
    assert await batches.next() == {"a.py": "modified"}
    assert asyncio.get_running_loop().time() - began >= EMPTIED


async def test_a_deleted_file_is_told(batches, tmp_path):
    (tmp_path / "a.py").write_text("a = 1\n")
    await batches.next()
    (tmp_path / "a.py").unlink()
    assert await batches.next() == {"a.py": "deleted"}


async def test_other_files_and_tool_folders_are_left_out(batches, tmp_path):
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "hook.py").write_text("")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "z.py").write_text("z = 1\n")
    assert set(await batches.next()) == {"z.py"}


async def test_a_folder_moved_in_brings_its_files(batches, tmp_path, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "package"
    outside.mkdir()
    (outside / "inner.py").write_text("x = 1\n")
    os.rename(outside, tmp_path / "package")
    assert set(await batches.next()) == {"inner.py"}


def git(folder, *words: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words],
        cwd=folder,
        check=True,
        stdout=-3,
    )


def write_modules(folder, value: int) -> None:
    for number in range(500):
        (folder / f"m{number}.py").write_text(f"value = {value}\n")


async def test_a_checkout_of_500_files_is_one_batch(tmp_path):
    git(tmp_path, "init", "-q", "-b", "main")
    write_modules(tmp_path, 1)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    git(tmp_path, "checkout", "-qb", "other")
    write_modules(tmp_path, 2)
    git(tmp_path, "commit", "-qam", "two")
    batches = Batches(tmp_path)
    try:
        await asyncio.to_thread(git, tmp_path, "checkout", "-q", "main")
        assert len(await batches.next()) == 500
    finally:
        batches.watch.stop()


async def test_what_git_writes_is_one_batch_however_long_it_takes(tmp_path):
    git(tmp_path, "init", "-q")
    lock = tmp_path / ".git" / "index.lock"
    lock.touch()
    told: asyncio.Queue[str] = asyncio.Queue()
    batches = Batches(tmp_path, lambda path: told.put_nowait(path) is None)
    try:
        (tmp_path / "a.py").write_text("a = 1\n")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(batches.queue.get(), 10 * QUIET)
        (tmp_path / "b.py").write_text("b = 1\n")
        while not (await told.get()).endswith("b.py"):
            pass
        lock.unlink()
        assert set(await batches.next()) == {"a.py", "b.py"}
    finally:
        batches.watch.stop()


async def test_what_is_told_late_of_gits_last_files_is_in_the_same_batch(tmp_path):
    git(tmp_path, "init", "-q")
    lock = tmp_path / ".git" / "index.lock"
    lock.touch()
    batches = Batches(tmp_path)
    waits = asyncio.Event()
    at_work = batches.watch._git_is_at_work
    batches.watch._git_is_at_work = lambda: waits.set() or at_work()
    try:
        batches.watch.notice(Change(str(tmp_path / "a.py"), "modified"))
        await asyncio.wait_for(waits.wait(), SECONDS)
        lock.unlink()
        waits.clear()
        await asyncio.wait_for(waits.wait(), SECONDS)
        batches.watch.notice(Change(str(tmp_path / "b.py"), "modified"))
        assert set(await batches.next()) == {"a.py", "b.py"}
    finally:
        batches.watch.stop()


def test_linked_work_trees_have_a_lock_of_their_own(tmp_path):
    git(tmp_path, "init", "-q", "main")
    git(tmp_path / "main", "commit", "-q", "--allow-empty", "-m", "one")
    git(tmp_path / "main", "worktree", "add", "-q", str(tmp_path / "other"))
    (tmp_path / "other" / "package").mkdir()
    assert index_lock(str(tmp_path / "main")) == str(tmp_path / "main/.git/index.lock")
    assert index_lock(str(tmp_path / "other/package")) == str(tmp_path / "main/.git/worktrees/other/index.lock")
    assert index_lock(str(tmp_path)) is None


async def test_git_is_asked_what_it_ignores(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / ".gitignore").write_text("build/\n*_pb2.py\n")
    paths = [str(tmp_path / name) for name in ("build/a.py", "é b_pb2.py", "c.py")]
    assert await ignored(str(tmp_path), paths) == set(paths[:2])


async def test_without_a_repository_nothing_is_ignored(tmp_path):
    assert await ignored(str(tmp_path), [str(tmp_path / "a.py")]) == set()


def test_a_tree_above_the_limit_is_said(tmp_path):
    for number in range(5):
        (tmp_path / f"d{number}").mkdir()
    assert count_folders(str(tmp_path), 100) == 6
    assert shortage(str(tmp_path), 6) is None
    assert "fs.inotify.max_user_watches" in (shortage(str(tmp_path), 5) or "")
    assert shortage(str(tmp_path), None) is None
