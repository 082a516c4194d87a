"""Libraries that were installed into a folder of the project are no part of the program, and what lies beside them is."""

from __future__ import annotations

from pathlib import Path

from live_project import Project, said

from reload_lsp.live.installed import Installed


def install(folder: Path, name: str, *files: str) -> None:
    """What `pip install --target` leaves, empty."""
    listed = [*files, f"{name}-1.0.dist-info/RECORD"]
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("X = 1\n")
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "RECORD").write_text("".join(f"{file},sha256=abc,6\n" for file in listed))


def test_what_a_distribution_lists_is_installed_and_nothing_else_is(tmp_path: Path) -> None:
    install(tmp_path, "vendored", "vendored/__init__.py", "vendored/deep/__init__.py", "single.py")
    (tmp_path / "own").mkdir()
    installed = Installed()
    has = {
        name: installed.has(str(tmp_path / name))
        for name in ("vendored/__init__.py", "vendored/deep/part.py", "single.py", "own/__init__.py", "app.py")
    }
    assert has == {
        "vendored/__init__.py": True,
        "vendored/deep/part.py": True,
        "single.py": True,
        "own/__init__.py": False,
        "app.py": False,
    }


def test_a_folder_that_is_not_there_holds_nothing() -> None:
    assert not Installed().has("/nowhere/at/all.py")


def test_an_edit_beside_an_installed_library_is_reloaded(project: Project) -> None:
    install(project.folder, "vendored", "vendored/__init__.py")
    app = project.load("import vendored\nN = vendored.X\ndef f(): return 1\n")
    loaded = {name for file in project.engine.loaded() for name in file.modules}
    assert ("app" in loaded, "vendored" in loaded) == (True, False)
    assert said(project.save("import vendored\nN = vendored.X\ndef f(): return 2\n")) == []
    assert app.f() == 2
