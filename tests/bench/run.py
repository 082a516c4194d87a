"""`python tests/bench/run.py`: measures reload-lsp and its peers in one run, and writes docs/benchmarks.md.

Peers are installed from PyPI into environments of their own under .cache/bench. `--python` names the CPython of all measured
programs (3.12 or newer, or hmr is left out), `--quick` takes few edits of each, `--only` some of the parts.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

import bench_own  # noqa: E402
import bench_peers as peers  # noqa: E402
import pythons  # noqa: E402
from bench_environments import CACHE, PEERS, RESTART, ROOT, python_of, version_of  # noqa: E402
from bench_page import write_page  # noqa: E402
from bench_restart import restarted  # noqa: E402

RESULTS = CACHE / "results.json"
PARTS = (
    "own",
    "edited",
    "small",
    "correct",
    "modules",
    "objects",
    "memory",
    "restart",
    "start",
    "idle",
    "paused",
    "constants",
)
MODULES = (10, 1_000, 10_000)
OBJECTS = (100_000, 10_000_000)


def main() -> int:
    options = parser().parse_args()
    results = load() if options.only or options.page else {}
    if options.page:
        write_page(results, ROOT / "docs")
        return 0
    python = options.python or default_python()
    results.setdefault("machine", machine(python))
    found = {peer: made for peer in PEERS if (made := python_of(peer, python)) is not None}
    results["versions"] = {peer.name: version_of(peer, made) for peer, made in found.items()}
    for part in options.only or PARTS:
        say(f"== {part}; load {os.getloadavg()[0]:.2f}")
        measure(part, {peer.name: made for peer, made in found.items()}, python, options.quick, results)
        results.setdefault("days", {})[part] = time.strftime("%Y-%m-%d")
        save(results)
    if not options.no_page:
        write_page(results, ROOT / "docs")
    return 0


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--python", type=Path, help="the CPython that all measured programs run on")
    made.add_argument("--quick", action="store_true", help="a tenth of the edits: to see that it works")
    made.add_argument("--only", action="append", choices=PARTS, help="measure this part anew, keep the others' results")
    made.add_argument(
        "--page", action="store_true", help="measure nothing: write the page from the results that there are"
    )
    made.add_argument("--no-page", action="store_true", help="leave docs/benchmarks.md alone")
    return made


def measure(part: str, found: dict[str, Path], python: Path, quick: bool, results: dict[str, Any]) -> None:
    """One part, of all reloaders in turn."""
    few, some, many = (6, 8, 10) if quick else (30, 60, 100)
    if part == "own":
        results[part] = bench_own.all_of_them(found["reload-lsp"], quick)
    elif part == "start":
        results[part] = peers.started({"none": found["reload-lsp"], **found}, few)
    elif part == "restart":
        made = python_of(RESTART, python)
        results["versions"][RESTART.name] = version_of(RESTART, made) if made else ""
        results[part] = peers.attempt(restarted, made, few) if made else {}
    else:
        results[part] = {}
        for name, made in found.items():
            results[part][name] = of_peer(part, name, made, (few, some, many), quick)
            say(f"   {name}: {json.dumps(results[part][name])[:240]}")


def of_peer(part: str, name: str, python: Path, counts: tuple[int, int, int], quick: bool) -> Any:
    """One part, of one reloader."""
    few, some, many = counts
    editor = name == "reload-lsp"
    if part == "edited":
        return peers.attempt(peers.edited, name, python, editor, some)
    if part == "small":
        return peers.attempt(peers.edited_small, name, python, editor, few)
    if part == "correct":
        return peers.attempt(peers.correctness, name, python, editor)
    if part == "constants":
        return peers.attempt(peers.constants, name, python, editor, few)
    if part == "paused":
        return peers.attempt(peers.paused, name, python, editor, many)
    if part == "modules":
        sizes = MODULES[:2] if quick else MODULES
        return {str(size): peers.grown(name, python, editor, few, modules=size) for size in sizes}
    if part == "objects":
        sizes = OBJECTS[:1] if quick else OBJECTS
        return {str(size): peers.grown(name, python, editor, few, objects=size) for size in sizes}
    if part == "memory":
        return peers.attempt(peers.remembered, name, python, 500 if quick else 10_000, _memory_seconds(editor, quick))
    return peers.attempt(peers.idle, name, python, editor, 2.0 if quick else 10.0)


def _memory_seconds(editor: bool, quick: bool) -> float:
    """How long the many reloads may take: ours are always all made."""
    return 20.0 if quick else 600.0 if editor else 30.0


def default_python() -> Path:
    """CPython 3.12, which all peers know; else this one."""
    return pythons.find("3.12") or Path(sys.executable)


def machine(python: Path) -> dict[str, Any]:
    """What it is measured on: nothing that names the machine."""
    ask = "import platform; print(platform.python_version())"
    version = subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    return {
        "cpus": os.cpu_count(),
        "system": platform.system(),
        "python": version,
        "server_python": platform.python_version(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "load": round(os.getloadavg()[0], 2),
        "date": time.strftime("%Y-%m-%d"),
    }


def load() -> dict[str, Any]:
    """The results of the run before, from here or as the page has them."""
    before = [path for path in (RESULTS, ROOT / "docs/benchmarks/results.json") if path.exists()]
    return json.loads(before[0].read_text()) if before else {}


def save(results: dict[str, Any]) -> None:
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1) + "\n")


def say(text: str) -> None:
    print(time.strftime("%H:%M:%S"), text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
