"""The rooms and who may know whom: the contracts of pyproject.toml, and what no linter can see."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "reload_lsp"
IN_THE_USERS_PROCESS = ("agent", "adapters", "live", "plan", "source", "findings", "wire", "values")
PURE = ("source", "plan", "findings", "verdict", "values")
OUTER_WORLD = {
    "os",
    "socket",
    "selectors",
    "subprocess",
    "threading",
    "time",
    "datetime",
    "pathlib",
    "tempfile",
}
LONGEST = 300
LONGER = {  # to be divided; none may be added
    "source/names.py": 340,
}


def modules(*rooms: str) -> list[Path]:
    """All files of some rooms."""
    return [
        path
        for room in rooms
        for path in (PACKAGE / f"{room}.py", *sorted((PACKAGE / room).rglob("*.py")))
        if path.exists()
    ]


def imported(path: Path) -> list[tuple[str, int]]:
    """Every module that a file imports, anywhere in it, with the number of leading dots."""
    found: list[tuple[str, int]] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(name.name, 0) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.module or "", node.level))
    return found


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(PACKAGE)) for path in paths]


def test_contracts() -> None:
    tool = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([tool, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", modules(*IN_THE_USERS_PROCESS), ids=names(modules(*IN_THE_USERS_PROCESS)))
def test_what_runs_in_the_users_process_imports_the_standard_library_alone(path: Path) -> None:
    """It is loaded under another name: absolute imports of our own package would load it twice."""
    foreign = [m for m, dots in imported(path) if not dots and m.split(".")[0] not in sys.stdlib_module_names]
    if path.parts[-2] == "bootstrap":
        foreign = [m for m in foreign if m.split(".")[0] not in ("_reload_lsp_agent", "sitecustomize")]
    assert not foreign


@pytest.mark.parametrize("path", modules(*PURE), ids=names(modules(*PURE)))
def test_pure_rooms_have_no_way_to_the_outer_world(path: Path) -> None:
    assert not {m.split(".")[0] for m, dots in imported(path) if not dots} & OUTER_WORLD


def test_modules_are_small() -> None:
    """One concern a module."""
    sizes = {p.relative_to(PACKAGE).as_posix(): _lines(p) for p in PACKAGE.rglob("*.py")}
    long = {name: lines for name, lines in sizes.items() if lines > LONGER.get(name, LONGEST)}
    assert not long


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_machine_path_and_no_address_of_a_registry() -> None:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout: the project's own files are not known")
    wrong: list[str] = []
    for name in os.fsdecode(done.stdout).split("\0"):
        path = ROOT / name
        if name and path.is_file() and path.suffix not in (".png", ".gif", ".ico", ".vsix"):
            text = path.read_text(encoding="utf-8", errors="replace")
            wrong += [
                f"{name}: {bad}" for bad in FORBIDDEN if bad in text and name != "tests/project/test_architecture.py"
            ]
    assert not wrong


FORBIDDEN = (
    "/" + "work/",  # in two parts: a search for such paths is not to find this line
    "/" + "root/",
    "/opt/dev",
    "/opt/ed",
    "pypi.org/simple",
    "registry.npmjs",
    "files.pythonhosted",
)


def test_the_agents_thread_is_not_the_first_to_import_typing() -> None:
    """`dataclasses` looks into `sys.modules["typing"]`, half imported or not: a class of the program's may fail."""
    text = (
        "import sys; from reload_lsp.live.engine import Engine; engine = Engine(); engine.warm(); engine.read_ahead(); "
        "assert 'typing' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", text], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
