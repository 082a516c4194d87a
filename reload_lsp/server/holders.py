"""Who holds the old object: a finding's holders as places in files, and as a page where the client can show one."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..findings.values import Range, Related
from ..sessions.paths import canonical
from ..sessions.process import ProcessGone, ProcessRefused
from . import pages, ways
from .store import Shown

if TYPE_CHECKING:
    from .app import ReloadServer

SHOW_HOLDERS = "reloadLsp.showHolders"
# The findings that are about objects which somebody holds.
CODES = frozenset(
    ("RLD101", "RLD102", "RLD104", "RLD105", "RLD106", "RLD110", "RLD112", "RLD114", "RLD203", "RLD204", "RLD206")
)

Json = dict[str, Any]


async def show_holders(server: ReloadServer, arguments: Sequence[Any]) -> Json:
    """Where a finding's objects are held, as far as it is known: places in files, and how many holders there are."""
    found, converter = ways.shown(server, arguments), server.view.converter()
    if not found:
        return {"count": 0, "holders": [], "message": ways.GONE}
    told = [place for one in found for place in one.finding.related]
    told += [place for places in await asyncio.gather(*[_asked(server, one) for one in found]) for place in places]
    places = list(dict.fromkeys(told))
    await pages.show(server, "holders.md", _page(server, found[0], places), arguments)
    return {
        "count": sum(one.finding.count.n for one in found if one.finding.count),
        "holders": [
            {"uri": server.view.uri_of(p.path), "range": converter.range(p.path, p.range), "message": p.message}
            for p in places
        ],
    }


async def _asked(server: ReloadServer, one: Shown) -> list[Related]:
    """What the process finds in its heap."""
    member = server.roster.members.get(one.producer)
    if member is None or one.finding.code not in CODES:
        return []
    try:
        answer = await member.process.holders(*ways.loaded_place(server, one.finding))
    except (ProcessGone, ProcessRefused):
        return []
    return [
        Related(
            canonical(path), Range.of(line, 0, line, 200), f"{what} holds {f'{count} of them' if count > 1 else 'one'}"
        )
        for path, line, what, count in answer.get("holders", ())
    ]


def _page(server: ReloadServer, one: Shown, places: Sequence[Related]) -> str:
    lines = [f"# Who holds it\n\n{one.finding.code}: {one.finding.message}\n"]
    for place in places:
        line = place.range.start.line + 1
        lines.append(
            f"- [{os.path.basename(place.path)}:{line}]({server.view.uri_of(place.path)}#L{line}): {place.message}"
        )
    return "\n".join([*lines, "" if places else "Nobody that can be named: what only C code holds is not seen.\n"])
