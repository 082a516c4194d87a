"""Results as tables and plots: the measured part of docs/benchmarks.md, and docs/benchmarks/*.svg and results.json."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from bench_numbers import Json, shown
from bench_plots import bars, lines

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
WATCHES = {"reload-lsp": "editor's save", "jurigged": "its watcher", "hmr": "its watcher"}


def write_page(results: Json, docs: Path) -> None:
    """Put what was measured between the marks of the page, and the plots beside it."""
    page, folder = docs / "benchmarks.md", docs / "benchmarks"
    folder.mkdir(exist_ok=True)
    (folder / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    for name, made in plots(results).items():
        (folder / f"{name}.svg").write_text(made)
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n{measured(results)}\n{END}{after}")


def measured(results: Json) -> str:
    """All tables that there are results for."""
    parts = [_machine(results)]
    for part, make in PARTS.items():
        if results.get(part):
            parts.append(make(results))
    return "\n\n".join(parts)


def _machine(results: Json) -> str:
    m = results["machine"]
    versions = ", ".join(f"{name} {v}" for name, v in results["versions"].items() if v)
    return (
        f"{m['cpus']} CPUs that other work shared (load {m['load']} at the start), {m['memory_gb']} GB, {m['system']}, CPython "
        f"{m['python']} for the programs and {m['server_python']} for the server, {m['date']}. {versions}; PyPI's newest."
        + _other_days(results)
    )


def _other_days(results: Json) -> str:
    """Which parts are of another day than the whole."""
    days: dict[str, list[str]] = {}
    for part, day in results.get("days", {}).items():
        days.setdefault(day, []).append("the bars" if part == "own" else f"*{part}*")
    others = (f" Measured anew on {day}: {', '.join(parts)}." for day, parts in sorted(days.items()))
    return "".join(said for day, said in zip(sorted(days), others, strict=True) if day != results["machine"]["date"])


# peers ---------------------------------------------------------------------------------------------------------


def _edited(results: Json) -> str:
    rows: list[list[str]] = []
    for name, found in _sorted(results["edited"]):
        right = results.get("correct", {}).get(name, {})
        rows.append(
            [
                name,
                WATCHES.get(name, "call"),
                _median(found.get("way")),
                _median(found.get("alone")),
                _ratio(found),
                _everywhere(right, "function"),
                _everywhere(right, "method"),
                _everywhere(right, "constant"),
                _kept(right),
            ]
        )
    restart = results.get("restart", {})
    if restart.get("way"):
        rows.append(
            [
                "uvicorn --reload",
                "its watcher",
                _median(restart["way"]),
                "–",
                "–",
                "yes",
                "yes",
                "yes",
                "no: it restarts",
            ]
        )
    head = ["", "told by", "save → new", "reload alone", "÷ compile", "function", "method", "constant", "state kept"]
    return (
        "### One function edited in a module of 2,000 lines\n\n" + _table(head, rows) + "\n\n"
        "Medians (90th percentile). *function*, *method*, *constant*: is an edit of that kind in force wherever the program "
        "holds what was edited (`from m import f`, a table of callbacks, a bound method, a live instance, ten modules that "
        "derive something from a constant)?\n\n![Save to new behaviour](benchmarks/edited.svg)"
    )


def _ratio(found: Json) -> str:
    alone, compiled = found.get("alone"), found.get("compile")
    return f"{alone['median'] / compiled['median']:.2f}" if alone and compiled else "–"


def _everywhere(right: Json, what: str) -> str:
    return "yes" if right.get(what, {}).get("right") else "no"


def _kept(right: Json) -> str:
    lost = [what for what in ("function", "method", "constant") if not right.get(what, {}).get("kept")]
    return "yes" if not lost else "no" if len(lost) == 3 else f"not at a {' or '.join(lost)}"


def _small(results: Json) -> str:
    rows = [[name, _median(found.get("way")), _median(found.get("alone"))] for name, found in _sorted(results["small"])]
    return (
        "### One function edited in a module of 14 lines\n\nHere nothing is gained by reading only what was edited; "
        "*save → new* has the way from the editor through server and socket in it for reload-lsp, and a watcher's patience for "
        "those that watch.\n\n" + _table(["", "save → new", "reload alone"], rows)
    )


def _paused(results: Json) -> str:
    rows = [
        [name, *(_three(found.get(key)) for key in ("held", "gap", "quiet"))]
        for name, found in results["paused"].items()
        if found.get("gap")
    ]
    head = ["", "held by the reloader", "by the clock", "by the clock, nothing saved"]
    return (
        "### Pause\n\nThe longest time between two turns of a thread that does nothing but count, in each edit of a function: "
        "median, 90th and 99th percentile.\n\n" + _table(head, rows)
    )


def _grown(part: str, title: str, unit: str) -> Callable[[Json], str]:
    def table(results: Json) -> str:
        sizes = list(next(iter(results[part].values())))
        rows: list[list[str]] = []
        for name, found in results[part].items():
            cells = [_size_cell(found.get(size, {})) for size in sizes]
            last = found.get(sizes[-1], {})
            rows.append([name, *cells, _first(last), f"{last['start']:.0f} s" if "start" in last else "–"])
        most = f"{int(sizes[-1]):,}"
        head = ["", *(f"{int(size):,} {unit}" for size in sizes), f"the first edit with {most}", f"start with {most}"]
        return f"### {title}\n\n{_table(head, rows)}\n\n![{title}](benchmarks/{part}.svg)"

    return table


def _size_cell(found: Json) -> str:
    if "error" in found:
        return found["error"]
    way = found.get("way")
    return _median(way) + ("" if not way or way["n"] >= 30 else f", n = {way['n']}") if way else "never"


def _first(found: Json) -> str:
    return shown(found.get("first")) if found.get("first") else "–"


def _memory(results: Json) -> str:
    rows = [
        [
            name,
            f"{found['reloads']:,}",
            "–" if found["blocks_each"] is None else f"{found['blocks_each']:+.2f}",
            "–" if found["bytes_each"] is None else f"{found['bytes_each']:+,}",
            f"{found['blocks_grown']:+.2%}",
            str(found["codes"]),
            "yes" if found["right"] else "no",
        ]
        for name, found in results["memory"].items()
        if "points" in found
    ]
    head = [
        "",
        "reloads",
        "blocks a reload",
        "bytes a reload",
        "blocks since the 100th",
        "codes of the function",
        "right",
    ]
    return (
        "### Memory over many reloads\n\nA module of 300 lines, 10,000 reloads, of the others as many as half a minute allows; "
        "blocks are "
        "`sys.getallocatedblocks()` after a collection, bytes what is resident.\n\n"
        + _table(head, rows)
        + "\n\n![Memory](benchmarks/memory.svg)"
    )


def _start(results: Json) -> str:
    base = results["start"]["none"]["median"]
    idle = results.get("idle", {})
    rows: list[list[str]] = []
    for name, found in results["start"].items():
        spent = idle.get(name, {})
        cells = [_spent(spent.get("program"), spent.get("seconds"))]
        if spent.get("server"):
            cells[0] += f"; server {_spent(spent['server'], spent['seconds'])}"
        rows.append([name, shown(found["median"]), f"{found['median'] - base:+.0f} ms", *cells])
    return (
        "### Start, and doing nothing\n\nFrom launch to the first line of an empty program with the reloader in it; the "
        "processor's time and the times that a thread was woken while nothing is saved.\n\n"
        + _table(["", "start", "more than without", "idle"], rows)
    )


def _spent(found: Json | None, seconds: float | None) -> str:
    return "–" if found is None else f"{found['cpu']:.0f} ms, woken {found['woken']} times in {seconds:.0f} s"


# the bars ------------------------------------------------------------------------------------------------------


def _own(results: Json) -> str:
    own = results["own"]
    unit = own["apply"]["compile"]["median"]
    rows = [[what, bar, told, "holds" if good else "missed"] for what, bar, told, good in _bars(own, unit)]
    return (
        f"### The bars\n\n`compile` of the 2,000-line module took {unit:.1f} ms here; it took 10 ms where the bars were set, so "
        f"that a time here is to be divided by {unit / 10:.1f} to compare.\n\n"
        + _table(["", "bar", "measured", ""], rows)
    )


Bar = tuple[str, str, str, bool]


def _bars(own: Json, unit: float) -> list[Bar]:
    heap, rival, agent, checkout, folders = (own[key] for key in ("heap", "rival", "agent", "checkout", "folders"))
    slower = unit / 10
    pause, other = rival["edit"]["p99"], rival["rival"]["p99"]
    near, far = own["dependents"]["10"], own["dependents"]["1000"]
    grown, private = own["memory"]["blocks_grown"], own["resident"]["10"]["private_mb"]
    many = f"blocks, from the 100th to the last of {own['memory']['reloads']:,} reloads"
    switched = f"branch switch of {checkout['files']} files: the longest that a request waits"
    return [
        _ratio_bar("reload ÷ `compile`, 2,000 lines", 0.5, own["apply"]["ratio"]),
        _ratio_bar("save → new behaviour without the reload, in requests that do nothing", 2, own["way"]["requests"]),
        _ratio_bar(_between("modules loaded", own["modules"]), 1.2, own["modules"]["growth"]),
        _ratio_bar(_between("live objects", own["objects"]), 1.2, own["objects"]["growth"]),
        _ratio_bar("a constant with 100 dependents ÷ one with 10", 12, near["100"] / near["10"]),
        _ratio_bar("10 dependents among 1,000 modules ÷ among 10", 1.2, far["10"] / near["10"]),
        (
            "a look at the heap, for each object",
            "≤ 60 ns",
            f"{heap['ns_each']:.0f} → {heap['ns_each'] / slower:.0f} ns",
            heap["ns_each"] / slower <= 60,
        ),
        (
            "pause in the edit of a body, 99 of 100",
            "≤ 2 ms",
            f"{_here(pause, slower)} (another thread of the program: {_here(other, slower)})",
            pause / slower <= 2,
        ),
        (many, "± 1 %", f"{grown:+.2%}", abs(grown) <= 0.01),
        ("agent's start", "≤ 15 ms", _here(agent["start"], slower), agent["start"] / slower <= 15),
        ("agent's memory", "≤ 8 MB", _agent_memory(own["resident"]), private <= 8),
        _ratio_bar("server ready ÷ a bare pygls server", 1.5, own["ready"]["ratio"]),
        _ratio_bar("verdict while typing ÷ `ast.parse`, the first", 1, own["verdict"]["first_ratio"]),
        _ratio_bar("verdict while typing ÷ `ast.parse`, later", 0.1, own["verdict"]["later_ratio"]),
        (switched, "≤ 50 ms", _here(checkout["blocked"], slower), checkout["blocked"] / slower <= 50),
        (
            f"watching {folders['folders']:,} folders",
            "≤ 1,000 ms",
            _here(folders["seconds"] * 1e3, slower),
            folders["seconds"] / slower <= 1,
        ),
    ]


def _ratio_bar(what: str, most: float, value: float) -> Bar:
    return what, f"≤ {most:g}", f"{value:.2f}", value <= most


def _between(what: str, found: Json) -> str:
    sizes = [int(size) for size in found["median"]]
    return f"the same edit, {sizes[0]:,} to {sizes[-1]:,} {what}"


def _here(ms: float, slower: float) -> str:
    return f"{shown(ms)} → {shown(ms / slower)}"


def _agent_memory(found: Json) -> str:
    few, many = found["10"], found["1000"]
    return (
        f"{few['private_mb']} MB ({few['mb']} MB with libraries that processes share); "
        f"with 1,000 modules {many['private_mb']} MB, texts of {many['texts_mb']} MB in it"
    )


# plots ---------------------------------------------------------------------------------------------------------


def plots(results: Json) -> dict[str, str]:
    """The SVG files, by name."""
    found: dict[str, str] = {}
    if results.get("edited"):
        found["edited"] = bars("Save → new behaviour, a function of 2,000 lines (log scale)", _bar_rows(results))
    for part, below in (("modules", "modules loaded"), ("objects", "live objects")):
        if results.get(part):
            title = "Save → new behaviour, as the program grows"
            found[part] = lines(title, below, dict(_growth_series(results[part])))
    if results.get("memory"):
        series = {
            name: [(n, size / 2**20) for n, _, size in told["points"]]
            for name, told in results["memory"].items()
            if len(told.get("points", ())) > 1
        }
        found["memory"] = lines("Resident memory over reloads", "reloads", series, "MB")
    return found


def _bar_rows(results: Json) -> list[tuple[str, float, str, bool]]:
    rows: list[tuple[str, float, str, bool]] = []
    for name, told in _sorted(results["edited"]):
        right = results.get("correct", {}).get(name, {}).get("function", {})
        what = (
            ""
            if right.get("right") and right.get("kept")
            else ", state lost"
            if right.get("right")
            else ", not everywhere"
        )
        way = told.get("way")
        if way:
            rows.append((name, way["median"], shown(way["median"]) + what, bool(right.get("right"))))
    restart = results.get("restart", {}).get("way")
    if restart:
        rows.append(("uvicorn --reload", restart["median"], shown(restart["median"]) + ", state lost", True))
    return rows


def _growth_series(part: Json) -> Iterable[tuple[str, list[tuple[float, float]]]]:
    for name, sizes in part.items():
        points = [(float(size), f["way"]["median"]) for size, f in sizes.items() if f.get("way")]
        if points:
            yield name, points


# cells ---------------------------------------------------------------------------------------------------------


def _sorted(part: Json) -> list[tuple[str, Json]]:
    """By the time of the whole way; what never came at the end."""
    return sorted(part.items(), key=lambda item: (item[1].get("way") or {"median": 1e9})["median"])


def _median(found: Json | None) -> str:
    return f"{shown(found['median'])} ({shown(found['p90'])})" if found else "never"


def _three(found: Json | None) -> str:
    return " · ".join(shown(found[key]) for key in ("median", "p90", "p99")) if found else "–"


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    found = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    found += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(found)


PARTS: dict[str, Callable[[Json], str]] = {
    "own": _own,
    "edited": _edited,
    "small": _small,
    "paused": _paused,
    "modules": _grown("modules", "As modules are loaded", "modules"),
    "objects": _grown("objects", "As objects live", "objects"),
    "memory": _memory,
    "start": _start,
}
