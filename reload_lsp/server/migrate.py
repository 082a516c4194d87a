"""The way out for live objects that lack attributes: a `__reload_instance__`, tried on copies, then written into the class."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from ..findings.values import Finding, Position
from ..sessions.process import ProcessGone, ProcessRefused
from ..source.migration import Stub, stub_for
from . import ways
from .store import Shown

if TYPE_CHECKING:
    from .app import ReloadServer

MIGRATE = "reloadLsp.migrate"

Json = dict[str, Any]


async def migrate(server: ReloadServer, arguments: Sequence[Any]) -> Json:
    """Try the migration on copies of the live objects, say what it comes to, and write it into the file."""
    shown = ways.shown(server, arguments)
    if not shown:
        return {"applied": False, "message": ways.GONE}
    finding = shown[0].finding
    stub = _stub(server, finding)
    if isinstance(stub, str):
        return {"applied": False, "message": stub}
    trial = joined(await asyncio.gather(*[_tried(server, one) for one in shown]))
    said = sentence(str(finding.data["class"]), trial)
    place = Position(stub.line, 0)
    answer = await ways.edit(
        server, finding.path, place, stub.text, f"Migrate the live {finding.data['class']} objects"
    )
    server.window_show_message(types.ShowMessageParams(types.MessageType.Info, said))
    return {**answer, "message": said, "trial": trial}


def _stub(server: ReloadServer, finding: Finding) -> Stub | str:
    """The method for the class as it is in the editor, or why there is none."""
    text = "".join(server.view.lines_of(finding.path))
    try:
        stub = stub_for(text, str(finding.data["class"]), list(finding.data["fields"]))
    except SyntaxError as error:
        return f"the file cannot be read as it is ({error.msg}); correct it first"
    return stub or f"class {finding.data['class']} has a __reload_instance__ already, or cannot be given one"


async def _tried(server: ReloadServer, one: Shown) -> Mapping[str, Any]:
    member, data = server.roster.members.get(one.producer), one.finding.data
    if member is None:
        return {}
    try:
        return await member.process.migration(one.finding.path, str(data["class"]), list(data["fields"]))
    except (ProcessGone, ProcessRefused) as error:
        return {"failures": [{"error": str(error), "count": 1}]}


def joined(trials: Sequence[Mapping[str, Any]]) -> Json:
    """What the trials of several processes come to."""
    failures: Counter[str] = Counter()
    for trial in trials:
        failures.update({failure["error"]: failure["count"] for failure in trial.get("failures", ())})
    return {
        "total": sum(trial.get("total", 0) for trial in trials),
        "good": sum(trial.get("good", 0) for trial in trials),
        "failures": [{"error": error, "count": count} for error, count in failures.most_common()],
    }


def sentence(cls: str, trial: Json) -> str:
    """ "2,310 of 2,314 live Node objects would migrate; 4 fail: KeyError: 'x'. Save the file to migrate them." """
    said = f"{trial['good']:,} of {trial['total']:,} live {cls} objects would migrate"
    if not trial["failures"]:
        return f"{said}. Save the file to migrate them."
    failed = sum(failure["count"] for failure in trial["failures"])
    why = "; ".join(failure["error"] for failure in trial["failures"])
    return f"{said}; {failed:,} fail: {why}. Change __reload_instance__ for them, then save the file."
