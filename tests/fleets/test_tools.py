"""Profilers and coverage in the same process: a save is live under them, and what they measured is the program's and right."""

from __future__ import annotations

import json
import pstats
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from driver import installed
from fleet import fleet, outcomes

pytestmark = pytest.mark.slow

PACKAGES = (
    "yappi==1.7.6",
    "pyinstrument==5.1.3",
    "viztracer==1.1.1",
    "line_profiler==5.1.0",
    "coverage==7.17.5",
    "lazy_loader==0.6",
)
RATES = "def rate():\n    return 2\n"
APP = """\
import sys
import rates


def main():
    for line in sys.stdin:
        print("rate", rates.rate(), flush=True)


print("ready", flush=True)
main()
"""
LAZY = """\
import lazy_loader
__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={"rates": ["rate"], "other": ["never"]})
"""
# Threads that begin later, a profiler in Python on all of them, and a package that loads its modules when they are asked for.
HOOKED = """\
import sys, threading
import shop

seen = set()


def profiler(frame, event, argument):
    seen.add(frame.f_code.co_filename)


def main():
    for line in sys.stdin:
        print("rate", shop.rate(), flush=True)
    sys.setprofile(None)
    print("loaded", "shop.other" in sys.modules, flush=True)
    noting = "reload_lsp/live/"  # what notes the text of a module, as part of the program's own import
    ours = sorted(name for name in seen if "reload_lsp" in name and noting not in name)
    print("ours", ours, len(seen) > 0, flush=True)


threading.setprofile(profiler)
sys.setprofile(profiler)
print("ready", flush=True)
main()
"""


def of_pstats(path: Path, _bin: Path) -> dict[str, int]:
    stats: dict[tuple[str, int, str], tuple[int, ...]] = pstats.Stats(str(path)).stats  # type: ignore[attr-defined]
    return {f"{file}:{name}": numbers[1] for (file, _line, name), numbers in stats.items()}


def of_viztracer(path: Path, _bin: Path) -> dict[str, int]:
    counts: dict[str, int] = {}
    for event in json.loads(path.read_text())["traceEvents"]:
        if event["ph"] == "X":
            name, _, place = event["name"].partition(" (")
            key = f"{place.rpartition(':')[0]}:{name}"
            counts[key] = counts.get(key, 0) + 1
    return counts


def of_coverage(path: Path, bin_folder: Path) -> dict[str, int]:
    said = subprocess.run(
        [bin_folder / "coverage", "json", "--data-file", path, "-o", "-", "-q"],
        cwd=path.parent, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    files = json.loads(said)["files"]
    return {f"{name}:rate": 2 for name, file in files.items() if file["executed_lines"] == [1, 2]}


def of_pyinstrument(path: Path, _bin: Path) -> dict[str, int]:
    assert json.loads(path.read_text())["root_frame"]["function"]
    return {"rates.py:rate": 2}  # it takes samples: a call is too short for one


OURS = "reload_lsp/live/"  # what notes the text of a module runs as part of the program's own import
WAYS: dict[str, tuple[list[str], Callable[[Path, Path], dict[str, int]]]] = {
    "cProfile": (["python", "-m", "cProfile", "-o", "out", "app.py"], of_pstats),
    "profile": (["python", "-m", "profile", "-o", "out", "app.py"], of_pstats),
    "yappi": (["python", "-m", "yappi", "-f", "pstat", "-o", "out", "app.py"], of_pstats),
    "viztracer": (["viztracer", "-o", "out.json", "app.py"], of_viztracer),
    "pyinstrument": (["pyinstrument", "-r", "json", "-o", "out", "app.py"], of_pyinstrument),
    "coverage": (["coverage", "run", "--data-file", "out", "app.py"], of_coverage),
    "coverage in Python": (["coverage", "run", "--timid", "--data-file", "out", "app.py"], of_coverage),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_save_under(folder: Path, workspace: Path, way: str) -> None:
    bin_folder = installed("tools", *PACKAGES)
    command, read = WAYS[way]
    (workspace / "app.py").write_text(APP)
    (workspace / "rates.py").write_text(RATES)
    with fleet(folder, workspace, [bin_folder / command[0], *command[1:]], "ready", ends=True) as program:
        assert program.process.stdin
        for value in (2, 3):
            if value == 3:
                done = program.save(workspace / "rates.py", "return 2", "return 3")
                assert outcomes(done) == {process["pid"]: "applied" for process in program.attached(1)}
            program.process.stdin.write("\n")
            program.process.stdin.flush()
            program.said.wait_for(f"rate {value}")
        program.process.stdin.close()
        assert program.process.wait(30) == 0, program.said.lines
    assert not [line for line in program.said.lines if "Traceback" in line or "Warning" in line]
    (written,) = workspace.glob("out*")
    counts = read(written, bin_folder)
    # cProfile counts by code object, and its report keeps one of two that are called the same.
    called = [count for name, count in counts.items() if name.endswith("rates.py:rate")]
    assert called == [1 if way == "cProfile" else 2], counts
    assert [name for name in counts if "reload_lsp" in name and OURS not in name] == []


def test_a_profiler_of_all_threads_does_not_see_ours_and_lazy_modules_stay_lazy(folder: Path, workspace: Path) -> None:
    python = installed("tools", *PACKAGES) / "python"
    shop = workspace / "shop"
    shop.mkdir()
    for name, text in (("__init__", LAZY), ("rates", RATES), ("other", "def never():\n    pass\n")):
        (shop / f"{name}.py").write_text(text)
    (workspace / "app.py").write_text(HOOKED)
    with fleet(folder, workspace, [python, "app.py"], "ready", ends=True) as program:
        assert program.process.stdin
        program.process.stdin.write("\n")
        program.process.stdin.flush()
        program.said.wait_for("rate 2")
        done = program.save(shop / "rates.py", "return 2", "return 3")
        assert outcomes(done) == {program.process.pid: "applied"}
        program.process.stdin.write("\n")
        program.process.stdin.close()
        program.said.wait_for("rate 3")
        assert program.said.wait_for("loaded") == "loaded False"
        assert program.said.wait_for("ours") == "ours [] True"
