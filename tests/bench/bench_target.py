"""The measured program: `bench_target.py RELOADER FOLDER MODULES OBJECTS [by-hand]`.

Imports the generated program, keeps OBJECTS objects alive, lets a reloader in, and does what its standard input says, one JSON
object a line. Times are of `time.perf_counter`, which all processes of a machine share.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from bench_reloaders import RELOADERS

NAP = 0.0002  # seconds between two looks, where the looking thread is not to be busy
PATIENCE = 20.0
NEVER = 4.0  # seconds, where some reloaders never come to it
AFTER = 0.030  # a busy thread is watched a little longer than until the new behaviour shows


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


def value_of(what: str) -> Any:
    """What the program does now, read as another module would."""
    if what == "function":
        return sys.modules["big"].target(1)
    if what == "small":
        return sys.modules["extra_0"].function_0(1)
    if what == "method":
        return sys.modules["app"].thing.method(1)
    if what == "closure":
        return sys.modules["app"].made(1)
    return sys.modules["dep_0"].limit


def everywhere(what: str) -> list[Any]:
    """The same, through every way in which the program holds it."""
    app, big = sys.modules["app"], sys.modules["big"]
    if what == "function":
        return [big.target(1), app.target(1), app.table["target"](1)]
    if what == "closure":
        return [app.made(1), sys.modules["held"].make()(1)]
    if what == "method":
        return [app.thing.method(1), app.bound(1), big.Thing().method(1)]
    modules = sys.modules["derived"].all_of_them
    return [m.limit // (n + 1) for n, m in enumerate(modules)]


def state() -> list[Any]:
    """What the program has come to while it ran."""
    app = sys.modules["app"]
    return [sys.modules["big"].count, app.thing.hits, app.state["requests"], len(sys.modules["dep_0"].kept)]


def dirty_state() -> None:
    """The program runs: its state is no longer what its text says."""
    sys.modules["big"].bump()
    sys.modules["app"].thing.hits = 1
    sys.modules["app"].state["requests"] = 1
    sys.modules["dep_0"].kept.append(1)


class Gaps:
    """The longest time between two turns of a busy thread: by the clock, and of that what other threads of this very program
    used the processor, which other programs on the machine cannot add to."""

    def __init__(self) -> None:
        self.clock = self.held = 0.0
        self.last, self.used = time.perf_counter(), time.process_time()

    def turn(self) -> float:
        now, used = time.perf_counter(), time.process_time()
        self.clock = max(self.clock, now - self.last)
        self.held = max(self.held, used - self.used)
        self.last, self.used = now, used
        return now


def watch(what: str, value: Any, busy: bool) -> None:
    """Look until the program does what was saved; a busy thread does nothing else and says its longest gap."""
    now = time.perf_counter()
    end, seen, gaps = now + (PATIENCE if what == "function" else NEVER), 0.0, Gaps()
    while now < end:
        if not seen and value_of(what) == value:
            seen = time.perf_counter()
            if not busy:
                break
        if not busy:
            time.sleep(NAP)
        now = gaps.turn()
        if seen and now > seen + AFTER:
            break
    say(seen=seen, worst=gaps.clock, held=gaps.held)


def quiet(seconds: float) -> None:
    """The longest gap of a busy thread while nothing is saved."""
    gaps = Gaps()
    end = time.perf_counter() + seconds
    while gaps.turn() < end:
        pass
    say(seen=end, worst=gaps.clock, held=gaps.held)


def rival(seconds: float) -> None:
    """The same while another thread of the program's own computes."""
    end = time.perf_counter() + seconds

    def compute() -> None:
        while time.perf_counter() < end:
            sum(range(100))

    threads_of(compute)
    quiet(seconds)


def threads_of(work: Callable[..., None], *arguments: Any) -> None:
    threading.Thread(target=work, args=arguments, daemon=True).start()


def resident() -> int:
    """Bytes of this process that are in memory."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def private() -> int:
    """Bytes of it that no file backs and no other process shares."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("RssAnon"))


def many(reloader: Any, folder: Path, count: int, seconds: float) -> None:
    """Reload a module again and again, at most for `seconds`: blocks and bytes on the way."""
    from bench_texts import SMALL_BLOCKS, big

    path, points, codes = folder / "big.py", [], 0
    end = time.perf_counter() + seconds
    marks = {100, count, *(count * n // 20 for n in range(1, 20))}
    for number in range(1, count + 1):
        path.write_text(big(edit=number, blocks=SMALL_BLOCKS))
        reloader.reload(path)
        value_of("function")
        if number in marks or time.perf_counter() > end:
            gc.collect()
            points.append([number, sys.getallocatedblocks(), resident()])
            if time.perf_counter() > end:
                break
    codes = sum(1 for f in old_codes())
    say(points=points, codes=codes, right=value_of("function") == 2 + number)


def old_codes() -> list[Any]:
    """The code objects named `target` that are still there: one is the one that runs."""
    found: dict[int, Any] = {}
    for held in gc.get_objects():
        code = getattr(held, "__code__", None) if type(held).__name__ == "function" else None
        if code is not None and code.co_name == "target":
            found[id(code)] = code
    return list(found.values())


def answer(reloader: Any, folder: Path, asked: dict[str, Any]) -> None:
    """Do one thing that the bench asks for."""
    do = asked["do"]
    if do == "rival":
        rival(asked["seconds"])
    elif do == "watch":
        threads_of(watch, asked["what"], asked["value"], asked["busy"])
    elif do == "quiet":
        threads_of(quiet, asked["seconds"])
    elif do == "reload":
        begun = time.perf_counter()
        try:
            reloader.reload(Path(asked["path"]))
        except Exception as error:
            say(error=f"{type(error).__name__}: {error}"[:300])
            return
        value = value_of(asked["what"])
        say(took=time.perf_counter() - begun, value=value)
    elif do == "everywhere":
        say(values=everywhere(asked["what"]), state=state())
    elif do == "dirty":
        dirty_state()
        say(state=state())
    elif do == "many":
        many(reloader, folder, asked["count"], asked["seconds"])
    elif do == "memory":
        gc.collect()
        say(resident=resident(), private=private())
    elif do == "compile":
        data = Path(asked["path"]).read_bytes()
        begun = time.perf_counter()
        compile(data, asked["path"], "exec")
        say(took=time.perf_counter() - begun)


def main() -> None:
    name, folder, modules, objects = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    sys.dont_write_bytecode = True  # a cache of the same second and size would pass for the new text
    sys.path.insert(0, str(folder))
    reloader = RELOADERS[name](watching="by-hand" not in sys.argv)
    reloader.prepare(folder)
    if modules >= 0:  # else nothing but the reloader's start is measured
        importlib.import_module("app")
        for number in range(modules):
            importlib.import_module(f"extra_{number}")
    kept = [[number] for number in range(objects)]
    reloader.begin()
    say(ready=time.perf_counter(), watches=reloader.watches, modules=len(sys.modules), objects=len(kept))
    for line in sys.stdin:
        answer(reloader, folder, json.loads(line))


if __name__ == "__main__":
    main()
