"""What is known of a module-level name (LSP "Hover Request"): told by texts and counts, no code of the user's runs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from ..findings.values import Range
from ..sessions.process import ProcessGone, ProcessRefused
from ..sessions.roster import Member
from ..verdict.dependents import Dependent, dependents_of
from ..verdict.facts import Facts, Questions
from ..verdict.module import ModuleText
from ..verdict.names import name_at, same_definition
from ..verdict.program import Place, Program
from .positions import from_client, range_to_client
from .programs import Texts

if TYPE_CHECKING:
    from .app import ReloadServer

MOST = 8  # dependents that are named
STALE = ("held", "stale", "refused", "rolled-back")
PATIENCE = 1.0  # seconds


async def hover(server: ReloadServer, params: types.HoverParams) -> types.Hover | None:
    document = server.documents.at(params.text_document.uri)
    if document is None or not document.path.endswith(".py"):
        return None
    at = from_client(document.lines, params.position, server.encoding)
    text = document.text.replace("\r\n", "\n").replace("\r", "\n")
    said: list[str] = []
    where: Range | None = None
    for _, member, texts in await server.verdicts.programs_for(document.path):
        found = await asyncio.to_thread(_find, texts, document.path, text, at.line, at.column)
        if found is None:
            continue
        place, screen, start, end = found
        where = Range.of(at.line, start, at.line, end)
        said.append(await _about(server, member, texts.program, screen, place))
    if where is None:
        return None
    content = types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(dict.fromkeys(said)))
    return types.Hover(content, range_to_client(document.lines, where, server.encoding))


def _find(texts: Texts, path: str, text: str, line: int, column: int) -> tuple[Place, Program, int, int] | None:
    """The name at a place, in the program as it is on the screen; None where that cannot be parsed."""
    modules = texts.program.at(path)
    screen = texts.program.with_modules(m.edited(text) for m in modules if m.text != text)
    try:
        found = name_at(screen, screen.at(path)[0], line, column) if modules else None
    except (SyntaxError, ValueError):
        return None
    return (found[0], screen, found[1], found[2]) if found else None


async def _about(server: ReloadServer, member: Member | None, runs: Program, screen: Program, place: Place) -> str:
    assert place.module is not None
    used = await asyncio.to_thread(dependents_of, screen, place.module, place.name)
    lines = [f"`{place.name}` of `{place.module.name}`"]
    if member is None:
        lines.append("No process is attached.")
    else:
        facts = member.process.facts
        head = f"{facts.name} (pid {facts.pid}), generation {member.process.generation}"
        lines += [f"**{head}**", *[f"- {line}" for line in await _state(server, member, runs, place)]]
    return "\n\n".join([lines[0], "\n".join(lines[1:]), _readers(used)])


async def _state(server: ReloadServer, member: Member, runs: Program, place: Place) -> list[str]:
    module = place.module
    assert module is not None
    lines = [_sync(server, runs, module, place.name), *_last_reload(server, member, module.name)]
    binders = module.binders(place.name)
    if binders and module.statements[binders[-1]].kind == "class":
        count = await _instances(member, module.name, place.name)
        lines += [count] if count else []
    return lines


def _sync(server: ReloadServer, runs: Program, module: ModuleText, name: str) -> str:
    old = runs.named(module.name)
    same = same_definition(old, module, name) if old else None
    if same is None:
        return "not in the program yet"
    if not same:
        return "runs another text than the one on the screen"
    lines = {n for i in module.binders(name) for n in _lines(module, i)}
    for merged in server.store.at(module.path):
        if merged.finding.verdict in STALE and merged.finding.range.start.line in lines:
            return f"not as the text on the screen says: {merged.finding.code}, see the finding there"
    return "runs the text on the screen"


def _lines(module: ModuleText, index: int) -> range:
    return range(module.statements[index].line, module.statements[index].end_line + 1)


def _last_reload(server: ReloadServer, member: Member, module: str) -> Iterator[str]:
    for outcome in reversed(server.reloader.history):
        for result in outcome.results:
            if result.process.id == member.process.facts.id and module in result.report.modules:
                yield f"{module} was last reloaded in generation {result.report.generation}"
                return


async def _instances(member: Member, module: str, name: str) -> str:
    if member.queue.busy:
        return ""
    try:
        asked = Questions(classes={(module, name)}).as_json()
        answer = await asyncio.wait_for(member.process.ask(asked), PATIENCE)
    except (ProcessGone, ProcessRefused, asyncio.TimeoutError):
        return ""
    live = Facts.from_json(answer).instances.get((module, name))
    if live is None:
        return ""
    return f"{'' if live.exact else 'at most '}{live.n} live instance{'s' if live.n != 1 else ''}"


def _readers(used: Sequence[Dependent]) -> str:
    if not used:
        return "Nothing in the program reads it."
    named = " → ".join(f"`{d.module}.{d.label}`" for d in used[:MOST])
    more = f" and {len(used) - MOST} more" if len(used) > MOST else ""
    return f"Read by, in order: {named}{more}"


def register(server: ReloadServer) -> None:
    server.on(types.TEXT_DOCUMENT_HOVER, hover)
