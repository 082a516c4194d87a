"""After a batch: what still runs old code, and what live objects lack."""

from __future__ import annotations

import ast
import gc
import re
import sys
import threading
from types import CodeType, FrameType

from ..findings.values import Count, Range, Related
from ..source.codes import CodePair
from .batch import Batch
from .cached import settle_caches
from .copied import say_copies
from .heap import Survey, survey
from .kinds import is_a
from .lingering import every_frame, name_of
from .reach import getattr_raw
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
    _fields(batch)
    settle_caches(batch)
    say_copies(batch)
    _left_running(batch)


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


# live instances ------------------------------------------------------------------------------------------------


def _fields(batch: Batch) -> None:
    """Instances made before the edit lack the attributes that only the new `__init__` sets."""
    gained: dict[type, tuple[set[str], set[str], Any, int]] = {}
    for edit in batch.edits:
        for index, before in enumerate(edit.pairing.old_of):
            if before is None or edit.new[index].kind != "class" or edit.old[before].kind != "class":
                continue
            if edit.old[before].text == edit.new[index].text:
                continue
            cls = edit.module.ns.get(edit.new[index].name)
            view = batch.view_of(edit.module)
            old_node = view.old_node(index)
            held = batch.steps.get((edit.module.name, index))
            if held is not None and held.ending == "held":
                continue
            if isinstance(cls, type) and isinstance(old_node, ast.ClassDef):
                names, line = _gained(old_node, view.node(index), cls)
                if names:
                    gained[cls] = (names, set(_attributes(old_node)), edit, line)
    if not gained:
        return
    heap = survey((), gained)
    for cls, (names, had, edit, line) in gained.items():
        names = {n for n in names if _is_read(batch, cls, n)}
        lacking = [o for o in heap.instances.get(cls, ()) if any(not _has(o, n) for n in names) and _was_made(o, had)]
        if lacking:
            listed = ", ".join(sorted(names))
            batch.findings.say(
                "RLD106",
                f"{_counted(len(lacking), cls)} {'lack' if len(lacking) > 1 else 'lacks'} "
                f"{listed}, made before this edit. Give the class a default, write `__reload_instance__`, or make them again.",
                edit.module.path,
                Range.of(line, 0, line, 200),
                count=Count(len(lacking), heap.exact),
                data={"class": cls.__qualname__, "fields": sorted(names), "fixes": [{"kind": "migrate"}]},
            )


def _counted(count: int, cls: type) -> str:
    return f"{count} live {cls.__qualname__} object{'s' if count > 1 else ''}"


def _was_made(target: Any, had: set[str]) -> bool:
    """Whether the old `__init__` ran for an object: one that lacks all of its attributes was never initialised."""
    state = getattr_raw(target, "__dict__")
    if type(state) is dict:
        if not state and any("__init__" in c.__dict__ for c in type(target).__mro__[1:-1]):
            return False
        return not had or any(n in state for n in had)
    return not had or any(_has(target, n) for n in had)


def _is_read(batch: Batch, cls: type, name: str) -> bool:
    """Whether any text of the program reads the attribute: one that nobody reads is missed by nobody."""
    if name in getattr(cls, "__dataclass_fields__", ()):
        return True
    read = re.compile(rf"\.{re.escape(name)}\b(?!\s*(?::[^=\n]*)?=[^=])")
    return any(read.search(e.text) for e in batch.edits) or any(read.search(m.text) for m in batch.modules.all())


def _gained(old: ast.ClassDef, new: ast.stmt, cls: type) -> tuple[set[str], int]:
    assert isinstance(new, ast.ClassDef)
    before, after = _attributes(old), _attributes(new)
    names = {n for n in after.keys() - before.keys() if not hasattr_static(cls, n)}
    return names, min((after[n] for n in names), default=new.lineno) - 1


def _attributes(node: ast.ClassDef) -> dict[str, int]:
    found: dict[str, int] = {}
    for member in node.body:
        if isinstance(member, ast.FunctionDef) and member.name in ("__init__", "__post_init__"):
            for part in filter(_sets_on_self, ast.walk(member)):
                assert isinstance(part, ast.Attribute)
                found.setdefault(part.attr, part.lineno)
        if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name):
            found.setdefault(member.target.id, member.lineno)
    return found


def _sets_on_self(node: ast.AST) -> bool:
    if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Store):
        return False
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def hasattr_static(cls: type, name: str) -> bool:
    """Whether a class or its bases hold `name`, slots apart."""
    return any(name in c.__dict__ and type(c.__dict__[name]).__name__ != "member_descriptor" for c in cls.__mro__)


def _has(target: Any, name: str) -> bool:
    try:
        object.__getattribute__(target, name)
    except AttributeError:
        return False
    except Exception:  # noqa: BLE001, RUF100 - a property of the user's may raise anything: then the attribute is there
        return True
    return True


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
