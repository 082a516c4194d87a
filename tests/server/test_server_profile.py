"""`run --profile-reload`: a trace of every batch, from the save in the editor to what the editor shows."""

from __future__ import annotations

import json
import time
from itertools import pairwise

from real import ANSWERING, launch

STEPS = ["notice", "route", "diff", "swap", "plan", "apply", "audit", "report", "show"]
APP = "LIMIT = 1\n\n\ndef limit():\n    return LIMIT\n" + ANSWERING


def steps(file):
    """The events of a trace but those that name processes, as `X` (complete) events in the order of their times."""
    events = json.loads(file.read_text(encoding="utf-8"))
    return sorted((e for e in events if e["ph"] == "X"), key=lambda e: e["ts"])


async def test_every_step_of_every_batch_in_its_order(start, folder):
    app, file = folder / "app.py", folder / "trace.json"
    app.write_text(APP)
    program = await launch(app, "--profile-reload", str(file))
    try:
        assert json.loads(file.read_text()) == []
        editor = await start()
        await editor.attached()
        editor.open(app)
        begun = time.perf_counter_ns() / 1e3
        for number in (2, 3):
            editor.save(app, APP.replace("LIMIT = 1", f"LIMIT = {number}"))
            await editor.reloaded(number - 1)
            await editor.run("reloadLsp.ping")  # after the last step was told
        ended = time.perf_counter_ns() / 1e3
        assert await program.ask("limit()") == "3"
    finally:
        await program.kill()
    events = steps(file)
    assert [event["name"] for event in events] == STEPS * 2
    assert all(event["dur"] >= 0 for event in events)
    assert all(a["ts"] + a["dur"] <= b["ts"] + 1 for a, b in pairwise(events))
    assert begun < events[0]["ts"] and events[-1]["ts"] + events[-1]["dur"] < ended
    assert {event["pid"] for event in events if event["name"] in STEPS[2:8]} == {program.pid}
    assert program.pid not in {event["pid"] for event in events if event["name"] in ("notice", "route", "show")}
    assert events[2]["args"]["outcome"] == "applied"


async def test_without_it_nothing_is_told_and_nothing_written(start, folder):
    app = folder / "app.py"
    app.write_text(APP)
    program = await launch(app)
    try:
        editor = await start()
        await editor.attached()
        editor.open(app)
        editor.save(app, APP.replace("LIMIT = 1", "LIMIT = 2"))
        await editor.reloaded()
        assert await program.ask("'_reload_lsp_agent.agent.profile' in __import__('sys').modules") == "False"
    finally:
        await program.kill()
    assert sorted(path.name for path in folder.iterdir() if path.suffix != "") == ["app.py"]
