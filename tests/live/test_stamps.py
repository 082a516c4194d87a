"""Files that cannot have changed are not read again; whatever may have is."""

from __future__ import annotations

import os
import py_compile
from pathlib import Path

from live_project import Project, endings

from reload_lsp.live.since_start import edited_since_cached
from reload_lsp.live.stamps import is_settled, stamp_of

OLD = 1_000_000_000 * 10**9


def test_a_file_written_a_moment_ago_may_be_written_again_unseen(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("A = 1\n")
    stamp = stamp_of(str(path))
    assert stamp is not None and not is_settled(stamp)
    os.utime(path, ns=(OLD, OLD))
    stamp = stamp_of(str(path))
    assert stamp is not None and is_settled(stamp)
    assert stamp_of(str(tmp_path / "b.py")) is None


def test_saves_of_the_same_length_in_the_same_moment_are_all_seen(project: Project) -> None:
    app = project.load("A = 0\n")
    for number in range(1, 10):
        assert endings(project.save(f"A = {number}\n")) == {"A": "ran"}
        assert number == app.A


def test_a_settled_file_is_seen_when_it_is_written_replaced_and_deleted(project: Project) -> None:
    app = project.load("A = 0\n")
    os.utime(project.path(), ns=(OLD, OLD))
    assert [project.engine.changed(), project.engine.changed()] == [[], []]
    project.save("A = 1\n")
    assert app.A == 1
    os.utime(project.path(), ns=(OLD, OLD))
    assert project.engine.changed() == []
    other = project.folder / "other.txt"
    other.write_text("A = 2\n")
    os.utime(other, ns=(OLD, OLD))
    os.replace(other, project.path())
    project.reload()
    assert app.A == 2
    project.path().unlink()
    assert [save.kind for save in project.engine.changed()] == ["deleted"]


def test_bytecode_cached_before_the_last_edit_tells_that_an_older_text_was_loaded(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("A = 1\n")
    assert not edited_since_cached(str(path))
    py_compile.compile(str(path))
    assert not edited_since_cached(str(path))
    path.write_text("A = 100\n")
    assert edited_since_cached(str(path))
