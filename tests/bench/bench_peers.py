"""What is measured of every reloader alike: each function makes its own sessions and gives plain data, times in milliseconds."""

from __future__ import annotations

import itertools
import os
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench_numbers import Json, summary
from bench_session import Ended, Session
from bench_texts import big, constant, held, small

SETTLE = 0.15  # seconds: a watcher that waits for quiet is given it
SECONDS = 30.0  # a series ends then, however few edits it has
LEAST = 5

_numbers = itertools.count(100)  # no value is the one that the program begins with

Edit = tuple[str, str, Any]  # the file, its new text, the value that the program then gives


def edits(what: str) -> Iterator[Edit]:
    """One edit after the other of a kind: of a function's body, of a method's, of a closure's, of a constant."""
    for number in _numbers:
        if what == "function":
            yield "big.py", big(edit=number), 2 + number
        elif what == "method":
            yield "big.py", big(method=number), 2 + number
        elif what == "small":
            yield "extra_0.py", small(number), 2 + number
        elif what == "closure":
            yield "held.py", held(number), 2 + number
        else:
            yield "config.py", constant(number), number


def series(session: Session, what: str, count: int, busy: bool = False) -> list[Json]:
    """Save `count` edits of a kind, or as many as the time allows."""
    found: list[Json] = []
    end = time.monotonic() + SECONDS
    for file, text, value in itertools.islice(edits(what), count):
        if time.monotonic() > end and len(found) >= LEAST:
            break
        found.append(session.save(file, text, what, value, busy))
        if session.watches and session.editor is None:
            time.sleep(SETTLE)
        if len(found) >= LEAST and all(f["way"] is None for f in found):
            break
    return found


def is_right(session: Session, what: str) -> Json:
    """Whether one more edit is in force wherever the program holds what was edited, and the program's state is still there."""
    state = session.ask("state", do="dirty")["state"]
    file, text, value = next(edits(what))
    session.save(file, text, what, value)
    time.sleep(SETTLE)
    seen = session.ask("values", do="everywhere", what=what)
    return {"right": all(v == value for v in seen["values"]), "kept": seen["state"] == state}


def correctness(name: str, python: Path, editor: bool) -> Json:
    """Of each kind of edit: right, and state kept; each in a program of its own."""
    found: Json = {}
    for what in ("function", "method", "constant"):
        try:
            with Session(name, python, editor=editor) as session:
                session.save(*_one(what))
                found[what] = is_right(session, what)
        except Ended as error:
            found[what] = {"right": False, "kept": False, "error": str(error)}
    return found


def _one(what: str) -> tuple[str, str, str, Any]:
    file, text, value = next(edits(what))
    return file, text, what, value


def edited(name: str, python: Path, editor: bool, count: int) -> Json:
    """A function of the 2,000-line module edited: the whole way, the reload alone, `compile` of the file in that process."""
    with Session(name, python, editor=editor) as session:
        series(session, "function", 3)
        rows = series(session, "function", count)
        compiled = [_compiled(session) for _ in range(30)]
    found: Json = {"way": summary(r["way"] for r in rows), "compile": summary(compiled)}
    for key in ("apply", "nothing"):
        found[key] = summary(r.get(key) for r in rows)
    found["never"] = sum(1 for r in rows if r["way"] is None)
    with Session(name, python, by_hand=True) as session:
        end = time.monotonic() + SECONDS
        taken: list[float] = []
        for file, text, _ in itertools.islice(edits("function"), count + 3):
            told = session.by_hand(file, text, "function")
            if "took" in told:
                taken.append(told["took"])
            if time.monotonic() > end:
                break
    found["alone"] = summary(taken[3:] or taken)
    return found


def edited_small(name: str, python: Path, editor: bool, count: int) -> Json:
    """A function of a 14-line module edited: what a reload costs at least."""
    with Session(name, python, editor=editor) as session:
        rows = series(session, "small", count + 3)[3:]
    with Session(name, python, by_hand=True) as session:
        told = [session.by_hand(file, text, "small") for file, text, _ in itertools.islice(edits("small"), count + 3)]
    return {"way": summary(r["way"] for r in rows), "alone": summary(t.get("took") for t in told[3:])}


def _compiled(session: Session) -> float:
    return session.ask("took", do="compile", path=str(session.folder / "big.py"))["took"]


def constants(name: str, python: Path, editor: bool, count: int) -> Json:
    """A constant that ten modules derive something from."""
    with Session(name, python, editor=editor) as session:
        rows = series(session, "constant", count)
    return {"way": summary(r["way"] for r in rows)}


def paused(name: str, python: Path, editor: bool, count: int) -> Json:
    """The longest gap that a busy thread sees in each edit, beside the longest in as long a time without one."""
    with Session(name, python, editor=editor) as session:
        series(session, "function", 3)
        rows = series(session, "function", count, busy=True)
        length = statistics.median(r["way"] or 0.1 for r in rows) + 0.03
        still = [session.ask("worst", do="quiet", seconds=length) for _ in range(min(count, 50))]
    return {
        "gap": summary(r["gap"] for r in rows),
        "held": summary(r["held"] for r in rows),
        "quiet": summary(s["worst"] for s in still),
        "quiet_held": summary(s["held"] for s in still),
    }


def grown(name: str, python: Path, editor: bool, count: int, modules: int = 10, objects: int = 1000) -> Json:
    """The same edit in a bigger program: the first, and those after it."""
    try:
        with Session(name, python, modules, objects, editor=editor) as session:
            start = session.ready["ready"] - session.begun
            first = series(session, "function", 1)[0]["way"]
            rows = series(session, "function", count)
    except Ended as error:
        return {"error": str(error)}
    return {"start": round(start, 2), "first": first and round(first * 1e3, 2), "way": summary(r["way"] for r in rows)}


def remembered(name: str, python: Path, count: int, seconds: float) -> Json:
    """Memory over many reloads of a 300-line module."""
    with Session(name, python, by_hand=True) as session:
        session.say(do="many", count=count, seconds=seconds)
        told = session.heard("points", seconds + 60)
    points = told["points"]
    first = next((p for p in points if p[0] >= 100), points[0])
    done = points[-1][0] - first[0]
    blocks = points[-1][1] - first[1]
    return {
        "points": points,
        "reloads": points[-1][0],
        "blocks_each": round(blocks / done, 3) if done else None,
        "bytes_each": round((points[-1][2] - first[2]) / done) if done else None,
        "blocks_grown": round(blocks / first[1], 4),
        "codes": told["codes"],
        "right": told["right"],
    }


def started(names: dict[str, Path], count: int) -> dict[str, Json | None]:
    """Seconds from the launch of an empty program to its first line with each reloader in it, taken in turns."""
    taken: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(count):
        for name, python in names.items():
            with Session(name, python, modules=-1) as session:
                taken[name].append(session.ready["ready"] - session.begun)
    return {name: summary(values) for name, values in taken.items()}


def idle(name: str, python: Path, editor: bool, seconds: float) -> Json:
    """What a program costs that does nothing, and its server: CPU milliseconds, and how often a thread was woken."""
    with Session(name, python, editor=editor) as session:
        series(session, "function", 2)
        time.sleep(2.0)
        pids = {"program": session.process.pid}
        if session.editor is not None:
            pids["server"] = session.editor.process.pid
        before = {key: _spent(pid) for key, pid in pids.items()}
        time.sleep(seconds)
        after = {key: _spent(pid) for key, pid in pids.items()}
    found: Json = {"seconds": seconds}
    for key in pids:
        found[key] = {"cpu": after[key][0] - before[key][0], "woken": after[key][1] - before[key][1]}
    return found


def _spent(pid: int) -> tuple[float, int]:
    """Milliseconds of CPU that a process has used, and how often its threads have gone to sleep of themselves."""
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    ticks = os.sysconf("SC_CLK_TCK")
    woken = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/status") as file:
            woken += sum(int(line.split()[1]) for line in file if line.startswith("voluntary_ctxt_switches"))
    return (int(fields[11]) + int(fields[12])) / ticks * 1e3, woken


def attempt(measure: Callable[..., Json], *arguments: Any, **options: Any) -> Json:
    """A measurement that a peer may not live through."""
    try:
        return measure(*arguments, **options)
    except (Ended, OSError, AssertionError) as error:
        return {"error": f"{type(error).__name__}: {error}"[:300]}
