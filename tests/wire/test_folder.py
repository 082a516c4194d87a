"""The runtime folder is trusted only where nobody else can have put anything into it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reload_lsp.wire import folder
from reload_lsp.wire.errors import FolderError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX modes and owners")


@pytest.fixture
def parent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path


def test_it_is_made_for_the_user_alone(parent: Path) -> None:
    made = Path(folder.ready_folder())
    assert made == parent / "reload-lsp"
    assert made.stat().st_mode & 0o777 == 0o700


def test_a_missing_one_is_not_made_by_readers(parent: Path) -> None:
    assert folder.existing_folder() is None
    assert list(parent.iterdir()) == []


def test_spaces_and_other_letters_are_fine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strange = tmp_path / "mé moire 🐍"
    strange.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(strange))
    assert folder.ready_folder() == str(strange / "reload-lsp")


@pytest.mark.parametrize("mode", [0o777, 0o755, 0o770, 0o701])
def test_one_open_to_others_is_refused(parent: Path, mode: int) -> None:
    made = parent / "reload-lsp"
    made.mkdir()
    made.chmod(mode)
    with pytest.raises(FolderError, match="chmod 700"):
        folder.ready_folder()


def test_a_symlink_is_refused(parent: Path) -> None:
    (parent / "elsewhere").mkdir(mode=0o700)
    (parent / "reload-lsp").symlink_to(parent / "elsewhere")
    with pytest.raises(FolderError, match="symlink"):
        folder.ready_folder()
    with pytest.raises(FolderError, match="symlink"):
        folder.existing_folder()


def test_a_file_is_refused(parent: Path) -> None:
    (parent / "reload-lsp").touch()
    with pytest.raises(FolderError, match="file"):
        folder.ready_folder()


def test_a_parent_open_to_others_is_refused(parent: Path) -> None:
    parent.chmod(0o777)
    with pytest.raises(FolderError, match="chmod go-w"):
        folder.ready_folder()


def test_a_sticky_parent_is_fine(parent: Path) -> None:
    parent.chmod(0o1777)
    folder.ready_folder()


def test_another_users_folder_is_refused(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = folder.ready_folder()
    monkeypatch.setattr(os, "getuid", lambda: os.stat(made).st_uid + 1)
    with pytest.raises(FolderError, match="belongs to user"):
        folder.verify(made)


@pytest.mark.parametrize("value", ["", "relative", "/nonexistent/folder"])
def test_without_a_usable_xdg_folder_it_lies_in_tmp(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", value)
    assert folder.folder_path() == f"/tmp/reload-lsp-{os.getuid()}"


def test_a_long_socket_path_is_refused_in_bytes(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="100"):
        folder.socket_path("/" + "é" * 45, "0123abcd")
    assert folder.socket_path("/" + "e" * 45, "0123abcd").endswith("/0123abcd.sock")
