"""The engine's rooms are imported in small steps: a program that computes or forks meanwhile is kept waiting for one of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from reload_lsp.live.rooms import ROOMS, Rooms

ROOT = Path(__file__).parents[2]
# What each step imports of ours, in a process of its own.
STEPS = """
import json, sys
from reload_lsp.live.engine import Engine
from reload_lsp.live.rooms import Rooms
def ours():
    return {name for name in sys.modules if name.startswith("reload_lsp.")}
rooms, steps = Rooms(), {}
while rooms.left or rooms.rest:
    name, before = (rooms.left or rooms.rest)[-1], ours()
    rooms.step()
    steps[name] = sorted(ours() - before) or steps.get(name, [])
print(json.dumps(steps))
"""


def steps() -> dict[str, list[str]]:
    done = subprocess.run([sys.executable, "-c", STEPS], cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_no_step_is_a_long_one_and_in_the_end_all_is_there() -> None:
    """Where this fails, a stone (a module that the step needs) is missing in `live.rooms`."""
    imported = steps()
    assert {name: new for name, new in imported.items() if len(new) > 12} == {}
    files = {
        f"reload_lsp.{p.parent.name}.{p.stem}" for room in ROOMS for p in (ROOT / "reload_lsp" / room).glob("*.py")
    }
    assert {f for f in files if not f.endswith("__init__")} <= {
        new for step in imported.values() for new in step
    } | ENGINE


ENGINE = {
    f"reload_lsp.live.{name}"
    for name in (
        "engine",
        "recorder",
        "installed",
        "kept",
        "kinds",
        "since_start",
        "reading",
        "rewriting",
        "rooms",
        "started",
    )
}


def test_one_that_fails_is_the_next_one_again() -> None:
    rooms = Rooms()
    rooms.left = ["nowhere.to.be.found"]
    for _ in range(2):
        try:
            rooms.step()
        except ModuleNotFoundError:
            assert rooms.left == ["nowhere.to.be.found"]
        else:
            raise AssertionError
