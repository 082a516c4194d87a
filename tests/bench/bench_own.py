"""What only reload-lsp is measured for: the bars it holds itself to, each a ratio of two things measured in one run."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench_numbers import Json, summary
from bench_peers import edits, remembered, series
from bench_session import ROOT, Session, bootstrapped

from reload_lsp.demo.editor import CAPABILITIES, _length
from reload_lsp.demo.processes import COMMAND

NAME = "reload-lsp"
BETWEEN = 0.005  # seconds between two requests that do nothing: the server is not to be kept busy by them
WARM = 3  # edits before those that count: a first reload reads what later ones know


def all_of_them(python: Path, quick: bool) -> Json:
    """Every bar, with as many edits as the page's figures need, or few."""
    count = 10 if quick else 60
    few = 5 if quick else 30
    return {
        "apply": applied(python, count),
        "way": whole_way(python, count),
        "modules": sizes(python, few, modules=(10, 1000) if quick else (10, 1000, 10_000)),
        "objects": sizes(python, few, objects=(1000, 100_000) if quick else (100_000, 10_000_000)),
        "dependents": dependents(python, few),
        "heap": heap_pass(python, few, 100_000 if quick else 10_000_000),
        "rival": rivalled(python, 20 if quick else 200),
        "memory": remembered(NAME, python, 300 if quick else 10_000, 600),
        "agent": agent(python, few),
        "resident": memory(python),
        "ready": ready(few),
        "verdict": verdict(few),
        "checkout": checkout(python, 100 if quick else 500),
        "folders": folders(1000 if quick else 10_000),
    }


# the engine ----------------------------------------------------------------------------------------------------


def by_hand(session: Session, what: str, count: int) -> list[float]:
    """Seconds of each reload alone, the program checked to do what was written."""
    taken: list[float] = []
    for file, text, value in itertools.islice(edits(what), count + WARM):
        told = session.by_hand(file, text, what)
        assert told.get("value") == value, told
        taken.append(told["took"])
    return taken[WARM:]


def applied(python: Path, count: int) -> Json:
    """One function of a 2,000-line module: the reload beside `compile` of the file, in turns."""
    reloads: list[float] = []
    compiled: list[float] = []
    with Session(NAME, python, by_hand=True) as session:
        by_hand(session, "function", 1)
        path = str(session.folder / "big.py")
        for file, text, _ in itertools.islice(edits("function"), count):
            reloads.append(session.by_hand(file, text, "function")["took"])
            compiled.append(session.ask("took", do="compile", path=path)["took"])
    ratio = statistics.median(reloads) / statistics.median(compiled)
    return {"apply": summary(reloads), "compile": summary(compiled), "ratio": round(ratio, 3)}


def whole_way(python: Path, count: int) -> Json:
    """From the save in the editor to the new behaviour, beside the reload and a request that does nothing."""
    with Session(NAME, python, editor=True) as session:
        series(session, "function", WARM)
        rows = series(session, "function", count)
    beyond = statistics.median(r["way"] - r["apply"] for r in rows)
    nothing = statistics.median(r["nothing"] for r in rows)
    found: Json = {key: summary(r[key] for r in rows) for key in ("way", "apply", "nothing")}
    found["beyond"] = round(beyond * 1e3, 3)
    found["requests"] = round(beyond / nothing, 2)
    return found


def sizes(python: Path, count: int, modules: Sequence[int] = (10,), objects: Sequence[int] = (1000,)) -> Json:
    """The same edit in programs of several sizes, the programs side by side and edited in turns."""
    kinds = [(m, o) for m in modules for o in objects]
    sessions = [Session(NAME, python, m, o, by_hand=True) for m, o in kinds]
    taken: list[list[float]] = [[] for _ in kinds]
    firsts: list[float] = []
    try:
        firsts = [session.by_hand(*_one("function"))["took"] for session in sessions]
        for _ in range(count + WARM):
            for session, values in zip(sessions, taken, strict=True):
                values.append(session.by_hand(*_one("function"))["took"])
    finally:
        for session in sessions:
            session.close()
    medians = [statistics.median(values[WARM:]) for values in taken]
    labels = [str(max(m if len(modules) > 1 else 0, o if len(objects) > 1 else 0)) for m, o in kinds]
    return {
        "first": {k: round(f * 1e3, 2) for k, f in zip(labels, firsts, strict=True)},
        "median": {k: round(m * 1e3, 3) for k, m in zip(labels, medians, strict=True)},
        "growth": round(medians[-1] / medians[0], 3),
    }


def _one(what: str) -> tuple[str, str, str]:
    file, text, _ = next(edits(what))
    return file, text, what


def dependents(python: Path, count: int, numbers: Sequence[int] = (1, 10, 100)) -> Json:
    """A constant that 1, 10 and 100 modules derive something from, in programs of 10 and of 1,000 further modules."""
    found: Json = {}
    for modules in (10, 1000):
        for number in numbers:
            with Session(NAME, python, modules, dependents=number, by_hand=True) as session:
                median = statistics.median(by_hand(session, "constant", count))
            found.setdefault(str(modules), {})[str(number)] = round(median * 1e3, 3)
    return found


def heap_pass(python: Path, count: int, objects: int) -> Json:
    """What the one look at the heap costs for each object, where a closure can be found in no other way."""
    medians: list[float] = []
    for number in (1000, objects):
        with Session(NAME, python, objects=number, by_hand=True) as session:
            medians.append(statistics.median(by_hand(session, "closure", count)))
    each = (medians[1] - medians[0]) / (objects - 1000) * 1e9
    return {"small": round(medians[0] * 1e3, 3), "big": round(medians[1] * 1e3, 3), "ns_each": round(each, 1)}


def rivalled(python: Path, count: int) -> Json:
    """The longest gap that a busy thread sees in an edit, and while another thread of the program's own is as busy."""
    with Session(NAME, python, editor=True) as session:
        series(session, "function", WARM)
        edits_, rivals = [], []
        for _ in range(count):
            edits_ += series(session, "function", 1, busy=True)
            rivals.append(session.ask("worst", do="rival", seconds=0.05))
    return {"edit": summary(r["held"] for r in edits_), "rival": summary(r["held"] for r in rivals)}


# the agent -----------------------------------------------------------------------------------------------------


BARELY = "import time; print(time.perf_counter(), flush=True)"


def agent(python: Path, count: int) -> Json:
    """What the agent adds to a program: time at its start, beside that of a program that does nothing, and memory."""
    taken: dict[str, list[float]] = {"bare": [], "with": []}
    with folder() as runtime:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("RELOAD_LSP", "PYTHON"))}
        env["XDG_RUNTIME_DIR"] = str(runtime)
        for _ in range(count):
            for kind, more in (("bare", {}), ("with", bootstrapped())):
                begun = time.perf_counter()
                command = [str(python), "-c", BARELY]
                done = subprocess.run(command, env={**env, **more}, capture_output=True, text=True, check=True)
                taken[kind].append(float(done.stdout) - begun)
    bare, ours = summary(taken["bare"]), summary(taken["with"])
    assert bare and ours
    start = ours["median"] - bare["median"]
    return {"bare": bare, "with": ours, "start": round(start, 2), "ratio": round(start / bare["median"], 3)}


def memory(python: Path) -> Json:
    """Megabytes that programs of 10 and of 1,000 modules have more after edits from an editor, their texts among them.

    What is private is the agent's; the rest are pages of libraries (OpenSSL's, for `hashlib`) that processes share.
    """
    return {str(modules): _memory(python, modules) for modules in (10, 1000)}


def _memory(python: Path, modules: int) -> Json:
    taken: dict[str, Json] = {}
    texts = 0
    for name in ("none", NAME):
        with Session(name, python, modules, editor=name == NAME) as session:
            if name == NAME:
                series(session, "function", WARM)
                texts = sum(path.stat().st_size for path in session.folder.glob("*.py"))
            taken[name] = session.ask("resident", do="memory")
    more = {key: (taken[NAME][key] - taken["none"][key]) / 2**20 for key in ("resident", "private")}
    return {
        "mb": round(more["resident"], 2),
        "private_mb": round(more["private"], 2),
        "texts_mb": round(texts / 2**20, 2),
    }


# the server ----------------------------------------------------------------------------------------------------

BARE = """\
from pygls.lsp.server import LanguageServer
LanguageServer("bare", "1").start_io()
"""


def ready(count: int) -> Json:
    """From the launch of a language server to its answer to `initialize`: ours and a bare pygls server, in turns."""
    commands = {"bare": [sys.executable, "-c", BARE], "ours": [*COMMAND, "--stdio"]}
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(count):
        for name, command in commands.items():
            taken[name].append(_initialized(command))
    ratio = statistics.median(taken["ours"]) / statistics.median(taken["bare"])
    return {**{name: summary(values) for name, values in taken.items()}, "ratio": round(ratio, 3)}


def _initialized(command: list[str]) -> float:
    params = {"processId": None, "rootUri": None, "capabilities": CAPABILITIES}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}).encode()
    begun = time.perf_counter()
    server = subprocess.Popen(command, stdin=-1, stdout=-1, stderr=subprocess.DEVNULL)
    try:
        assert server.stdin and server.stdout
        server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        server.stdin.flush()
        while (length := _length(server.stdout)) is not None:
            if json.loads(server.stdout.read(length)).get("id") == 1:
                return time.perf_counter() - begun
        raise AssertionError("no answer to initialize")
    finally:
        server.kill()
        server.wait()


VERDICT = """\
import ast, json, sys, time
sys.path[:0] = [{root!r}, {bench!r}]
from pathlib import Path
from bench_texts import big, write_program
from reload_lsp.server.programs import Programs
from reload_lsp.server.seen import SeenTexts
from reload_lsp.verdict.verdict import edited_modules, plan_for

folder = Path(sys.argv[1])
write_program(folder)
found = {{"first": [], "later": [], "parse": []}}
path = str(folder / "big.py")
for number in range(int(sys.argv[2])):
    program = Programs(SeenTexts()).of_folders([str(folder)]).program
    for kind in ("first", "later"):
        text = big(edit=2 * number + 1 + (kind == "later"))
        begun = time.thread_time()
        plan = plan_for(program, edited_modules(program, {{path: text}}))
        found[kind].append(time.thread_time() - begun)
        assert plan.edited and not plan.findings, plan
    begun = time.thread_time()
    ast.parse(text)
    found["parse"].append(time.thread_time() - begun)
print(json.dumps(found))
"""


def verdict(count: int) -> Json:
    """What a save would do, told while it is typed: the first time and later, beside `ast.parse` of the 2,000 lines."""
    code = VERDICT.format(root=str(ROOT), bench=str(Path(__file__).parent))
    with folder() as made:
        done = subprocess.run(
            [sys.executable, "-c", code, str(made), str(count)], capture_output=True, text=True, check=True
        )
    found: Json = json.loads(done.stdout)
    parse = statistics.median(found["parse"])
    ratios = {f"{k}_ratio": round(statistics.median(found[k]) / parse, 3) for k in ("first", "later")}
    return {**{key: summary(values) for key, values in found.items()}, **ratios}


def checkout(python: Path, files: int) -> Json:
    """`git checkout` of another branch in which every one of `files` loaded modules differs."""
    with Session(NAME, python, files, editor=True, before=_two_branches) as session:
        assert session.editor is not None
        time.sleep(1.0)  # until the folder is watched, and a little more
        quiet = [session.editor.lens(session.folder / "big.py") for _ in range(50)]
        begun = time.perf_counter()
        _git(session.folder, "checkout", "-q", "new")
        batch, blocked = _batch(session, files)
        taken = time.perf_counter() - begun
        compiled = [session.ask("took", do="compile", path=str(session.folder / "big.py"))["took"] for _ in range(9)]
    return {
        "files": len(batch["files"]),
        "outcome": batch["processes"][0]["outcome"],
        "seconds": round(taken, 3),
        "blocked": round(max(blocked) * 1e3, 2),
        "quiet": summary(quiet),
        "compile": summary(compiled),
    }


def _batch(session: Session, files: int) -> tuple[Json, list[float]]:
    """Wait for the one batch of a checkout, the server asked for something small all the time."""
    editor = session.editor
    assert editor is not None
    blocked: list[float] = []
    end = time.monotonic() + 60
    while time.monotonic() < end:
        blocked.append(editor.lens(session.folder / "big.py"))
        time.sleep(BETWEEN)
        heard = [m["params"] for m in editor._kept if m.get("method") == "reloadLsp/didReload"]
        if heard:
            editor.forget()
            assert len(heard) == 1 and len(heard[0]["files"]) == files, [len(b["files"]) for b in heard]
            return heard[0], blocked
    raise AssertionError("the checkout was not reloaded")


def _two_branches(folder: Path) -> None:
    """A repository with the branch `old` checked out, and `new`, in which every further module is another."""
    _git(folder, "init", "-q", "-b", "old")
    _git(folder, "add", ".")
    _git(folder, "commit", "-q", "-m", "old")
    _git(folder, "checkout", "-q", "-b", "new")
    for path in folder.glob("extra_*.py"):
        path.write_text(path.read_text().replace("y = x + 1", "y = x + 2"))
    _git(folder, "commit", "-q", "-a", "-m", "new")
    _git(folder, "checkout", "-q", "old")


def _git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=bench", "-c", "user.email=bench@example.invalid"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


def folders(count: int) -> Json:
    """A workspace of many folders: seconds until it is watched, beside `os.walk` of it."""
    from reload_lsp.watch.observer import FolderWatch

    with folder() as made:
        for number in range(count // 100):
            for inner in range(99):
                (made / f"package_{number}" / f"part_{inner}").mkdir(parents=True)
        begun = time.perf_counter()
        assert sum(1 for _ in os.walk(made)) > count
        walked = time.perf_counter() - begun
        watch = FolderWatch(lambda path, kind: None)
        begun = time.perf_counter()
        watch.add(str(made))
        taken = time.perf_counter() - begun
        watch.stop()
    return {"folders": count, "seconds": round(taken, 3), "walk": round(walked, 3)}


@contextmanager
def folder() -> Iterator[Path]:
    """A folder for a moment."""
    made = Path(tempfile.mkdtemp(prefix="rl-bench-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
