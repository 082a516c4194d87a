"""After a batch: what still runs old code, and what live objects lack."""

from __future__ import annotations

import ast
import gc
import sys
import threading
from types import CodeType, FrameType

from ..findings.values import Count, Range, Related
from ..source.codes import CodePair
from .abstract import became_abstract, say_abstract
from .batch import Batch
from .cached import settle_caches
from .copied import say_copies
from .heap import Survey, survey
from .kinds import is_a
from .lacking import gained_by, say_lacking
from .lingering import every_frame, name_of
from .made_before import say_made_before
from .makers import other_makers
from .old_defaults import say_old_defaults
from .speak import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def audit(batch: Batch, heap: Survey | None) -> None:
    """Say what the batch could not reach. Frames that differ only in line numbers are no finding."""
    batch.modules.old_frames.say_again(batch)
    pairs = {id(p.old): p for e in batch.edits for p in e.codes if p.own}
    _threads(batch, pairs)
    if heap is not None:
        _suspended(batch, heap, pairs)
    settle_caches(batch)
    _objects(batch, heap)
    say_copies(batch)
    _left_running(batch)


def _objects(batch: Batch, heap: Survey | None) -> None:
    """What live objects lack or hold of what their classes gave before: one look at the heap, that of the swap if it saw all."""
    gained, makers, abstract = gained_by(batch), other_makers(batch), became_abstract(batch)
    wanted = dict.fromkeys((*gained, *makers, *batch.old_defaults, *abstract))
    if wanted:
        heap = heap if heap is not None and wanted.keys() <= heap.instances.keys() else survey((), wanted)
        say_lacking(batch, gained, heap)
        say_made_before(batch, makers, heap)
        say_old_defaults(batch, heap)
        say_abstract(batch, abstract, heap)


# frames --------------------------------------------------------------------------------------------------------


def _threads(batch: Batch, pairs: dict[int, CodePair]) -> None:
    names = {t.ident: t.name for t in threading.enumerate()}
    own = threading.get_ident()
    for ident, frame in every_frame():
        pair = pairs.get(id(frame.f_code))
        if pair is not None and not (ident == own and _is_ours(frame)):
            _running(batch, pair, frame, names.get(ident, str(ident)))


def _is_ours(frame: FrameType) -> bool:
    return "_reload_lsp_agent" in frame.f_globals.get("__name__", "")


def _running(batch: Batch, pair: CodePair, frame: FrameType, thread: str) -> None:
    line = pair.new.co_firstlineno - 1
    endless = _loops_for_ever(_text_before(batch, pair.old), pair.old, frame)
    place = Range.of(line, 0, line, 200)
    at = Related(
        pair.old.co_filename,
        Range.of(frame.f_lineno - 1, 0, frame.f_lineno - 1, 1),
        f"thread {thread} is here",
    )
    message = f"Thread {thread} is in the old {name_of(pair.old)}; the next call runs the new one."
    data: dict[str, Any] = {"thread": thread}
    if endless:
        message = (
            f"Thread {thread} still runs the old {name_of(pair.old)}, line {frame.f_lineno}, and never leaves its loop: "
            "this edit will not show there. Move the loop's body into a function of its own, or restart the process."
        )
        data["fixes"] = [{"kind": "restart"}]
    found = batch.findings.say(
        "RLD402" if endless else "RLD401",
        message,
        pair.old.co_filename,
        place,
        related=[at],
        count=Count(1),
        data=data,
    )
    if found is not None:
        batch.modules.old_frames.add(found, pair.old)


def _text_before(batch: Batch, code: CodeType) -> str:
    """The text that a code of an edited module was made of."""
    return next((e.module.text for e in batch.edits if e.module.filename == code.co_filename), "")


def _loops_for_ever(text: str, code: CodeType, frame: FrameType) -> bool:
    """Whether the running function stands in a `while True` that it does not break out of."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError):
        return True
    for node in ast.walk(tree):
        if isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and node.test.value:
            start = node.lineno
            if code.co_firstlineno <= start and start <= frame.f_lineno <= (node.end_lineno or start):
                return not any(isinstance(n, (ast.Break, ast.Return)) for n in ast.walk(node))
    return False


def _suspended(batch: Batch, heap: Survey, pairs: dict[int, CodePair]) -> None:
    tasks = tasks_by_coroutine([g for g, _ in heap.suspended])
    for generator, code in heap.suspended:
        pair = pairs.get(id(code))
        if pair is None:
            continue
        line = pair.new.co_firstlineno - 1
        task = tasks.get(id(generator))
        what = f"Task {task}" if task else "A suspended generator or coroutine"
        alike = [g for g, c in heap.suspended if c is code]
        found = batch.findings.say(
            "RLD404" if task else "RLD403",
            f"{what} is in the old {name_of(code)} and goes on with it; new calls run the new code.",
            code.co_filename,
            Range.of(line, 0, line, 200),
            count=Count(len(alike), heap.exact),
        )
        if found is not None:
            batch.modules.old_frames.add(found, code, alike)


def tasks_by_coroutine(suspended: list[Any]) -> dict[int, str]:
    """Asyncio's tasks by their coroutines, where the program uses asyncio."""
    tasks: Any = sys.modules.get("asyncio.tasks")
    if tasks is None or not suspended:
        return {}
    lists = [getattr(tasks, name, None) for name in ("_all_tasks", "_scheduled_tasks", "_eager_tasks")]
    known: list[Any] = [task for listed in lists if listed is not None for task in list(listed)]
    if sys.version_info >= (3, 14):  # tasks written in C stand in no list that Python can read
        known = [h for h in gc.get_referrers(*suspended) if is_a(h, tasks.Task)]
    return {id(task.get_coro()): task.get_name() for task in known}


# what a replaced object leaves behind --------------------------------------------------------------------------


def _left_running(batch: Batch) -> None:
    """An edited statement made its thread, process or socket again: the earlier one goes on."""
    for before, dirty in batch.replaced:
        found = _alive(before)
        if found is None:
            continue
        code, what = found
        batch.findings.say(
            code,
            f"{dirty.statement.label} was made again, and {what} it made before is still there. "
            "Stop that one, or restart the process.",
            dirty.view.module.path,
            place_of(dirty.statement),
            verdict="applied-risk",
            count=Count(1),
            data={"fixes": [{"kind": "restart"}]},
        )


def _alive(value: Any) -> tuple[str, str] | None:
    if is_a(value, threading.Thread) and value.is_alive():
        return "RLD301", f"the thread {value.name}"
    kinds = {k.__name__ for k in type(value).__mro__}
    if "Popen" in kinds and getattr(value, "returncode", 0) is None:
        return "RLD302", f"the process {getattr(value, 'pid', '')}"
    if "socket" in kinds and getattr(value, "_closed", True) is False:
        return "RLD303", "the socket"
    return None
