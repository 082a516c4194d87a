"""Files that came since are found by the imports of a batch, and `importlib.metadata` is not imported for that."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from reload_lsp.live.finders import look_again

ROOT = Path(__file__).parents[2]


class Finder:
    """One of the program's own, before all others."""

    def __init__(self) -> None:
        self.asked = 0

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        return None

    def invalidate_caches(self) -> None:
        self.asked += 1


@pytest.fixture(params=["without importlib.metadata", "with it"])
def folders(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """Two empty folders on the path."""
    found = [tmp_path / "one", tmp_path / "two"]
    for folder in found:
        folder.mkdir()
        monkeypatch.syspath_prepend(str(folder))
    if request.param == "with it":
        importlib.import_module("importlib.metadata")
    else:
        monkeypatch.delitem(sys.modules, "importlib.metadata", raising=False)
    return found


def test_a_new_file_is_found(folders: list[Path]) -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("came_later")
    finder = sys.path_importer_cache[str(folders[0])]
    (folders[0] / "came_later.py").write_text("X = 1\n")
    look_again()
    assert vars(finder)["_path_mtime"] == -1
    assert importlib.import_module("came_later").X == 1
    del sys.modules["came_later"]


def test_a_new_portion_of_a_namespace_package_is_found(folders: list[Path]) -> None:
    (folders[0] / "spread").mkdir()
    (folders[0] / "spread" / "a.py").write_text("")
    importlib.import_module("spread.a")
    (folders[1] / "spread").mkdir()
    (folders[1] / "spread" / "b.py").write_text("")
    look_again()
    importlib.import_module("spread.b")
    for name in ("spread", "spread.a", "spread.b"):
        del sys.modules[name]


def test_finders_of_the_program_are_asked_and_relative_entries_go(
    folders: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    finder = Finder()
    monkeypatch.setattr(sys, "meta_path", [finder, *sys.meta_path])
    monkeypatch.setitem(sys.path_importer_cache, "relative", None)
    look_again()
    assert finder.asked == 1
    assert "relative" not in sys.path_importer_cache


def test_nothing_is_imported_for_it() -> None:
    code = (
        "import sys; from reload_lsp.live.finders import look_again; before = set(sys.modules); look_again(); "
        "print(set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
