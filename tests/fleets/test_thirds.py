"""Third parties by CPython version: `pytest -s -m longrun tests/fleets/test_thirds.py` prints the table in docs/processes.md."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import pythons
from fleet import fleet
from thirds import RATES, THIRDS, Third

pytestmark = [pytest.mark.slow, pytest.mark.longrun]

FOUND: dict[str, dict[str, str]] = {}
VERSION = "import importlib.metadata as m; print(m.version({name!r}))"


@pytest.fixture(scope="module", autouse=True)
def table() -> Iterator[None]:
    yield
    print("\n| | " + " | ".join(pythons.VERSIONS) + " |\n|---|" + "---|" * len(pythons.VERSIONS))
    for name, results in FOUND.items():
        print(f"| {name} | " + " | ".join(results.get(version, "") for version in pythons.VERSIONS) + " |")


def installed(version: str, third: Third) -> tuple[Path, str] | None:
    """The environment's bin folder and what is in it; None where there are no wheels for this Python."""
    python = pythons.find(version)
    assert python, f"no CPython {version} on this machine"
    folder = pythons.CACHE / f"thirds{version}"
    if not (folder / "bin" / "python").exists():
        pythons.run([sys.executable, "-m", "virtualenv", "-q", "-p", python, folder])
    pip = [folder / "bin" / "python", "-m", "pip", "install", "-q", "--only-binary", ":all:", *third.packages]
    if subprocess.run(pip, capture_output=True, check=False).returncode:
        return None
    said = pythons.run([folder / "bin" / "python", "-c", VERSION.format(name=third.packages[-1])])
    return folder / "bin", said.strip()


@pytest.mark.parametrize("version", pythons.VERSIONS)
@pytest.mark.parametrize("name", THIRDS)
def test_a_save(folder: Path, workspace: Path, name: str, version: str) -> None:
    third = THIRDS[name]
    there = installed(version, third)
    results = FOUND.setdefault(name, {})
    if there is None:
        results[version] = "no wheel"
        pytest.skip(f"no wheels of {', '.join(third.packages)} for {version}")
    bin_folder, release = there
    results[version] = f"{release} **fails**"
    (workspace / "rates.py").write_text(RATES)
    (workspace / third.file).write_text(third.text)
    words = [word.replace("{root}", str(pythons.ROOT)) for word in third.command]
    with fleet(folder, workspace, [bin_folder / words[0], *words[1:]], third.ready, ends=True) as program:
        program.editor._wait("reloadLsp/status", lambda s: len(s["processes"]) >= third.count, "too few processes")
        done = program.save(workspace / "rates.py", "return 2", "return 3")
        assert {process["outcome"] for process in done} == {"applied"}, json.dumps(done, indent=1)
        (workspace / "answered").touch()
        program.said.wait_for(third.after)
        assert not [line for line in program.said.lines if "Traceback" in line]
    results[version] = f"{release}, {len(done)}"
