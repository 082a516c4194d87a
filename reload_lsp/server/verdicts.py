"""What saving an edited document would do, told while it is typed: debounced, and of the newest version only."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..findings.values import Finding, Range
from ..sessions.process import LoadedFile, ProcessGone, ProcessRefused
from ..sessions.roster import Member
from ..verdict.facts import Facts
from ..verdict.plan import Plan
from ..verdict.verdict import edited_modules, plan_for
from .documents import Document
from .parsing import ready
from .programs import Programs, Texts
from .seen import SeenTexts
from .store import Merged, Store

if TYPE_CHECKING:
    from .app import ReloadServer

DEBOUNCE = 0.200  # seconds without a further edit
PATIENCE = 1.0  # seconds that a process has for its facts


@dataclass(frozen=True, slots=True)
class Verdict:
    """What saving one version of a document would do: a plan for each process by id (""; nothing is attached).

    `problem` says why there is no plan, and `line` (0-based) where.
    """

    version: int
    plans: Mapping[str, Plan] = field(default_factory=dict[str, Plan])
    problem: str = ""
    line: int = 0

    @property
    def is_about_nothing(self) -> bool:
        """Is the text the one that runs?"""
        return not self.problem and not any(plan.edited for plan in self.plans.values())

    @property
    def chief(self) -> Plan | None:
        """The plan of the process in which most would happen."""
        return max(self.plans.values(), key=lambda p: (len(p.findings), len(p.steps)), default=None)


class Verdicts:
    """The verdicts on all edited documents of one server."""

    def __init__(self, server: ReloadServer) -> None:
        self._server = server
        self.seen = SeenTexts()
        self.programs = Programs(self.seen)
        self.known: dict[str, Verdict] = {}
        self.store = Store()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._rest: dict[str, asyncio.Event] = {}

    # what happens to documents ---------------------------------------------------------------------------------
    def opened(self, document: Document) -> None:
        """Remember the text: most often it is what a process runs."""
        self.seen.note(document.text.encode("utf-8", "surrogatepass"))

    def edited(self, document: Document) -> None:
        """Judge the document once it has rested."""
        if not self._server.settings.verdict or not document.path.endswith(".py"):
            return
        self._stop(document.path)
        self._rest.setdefault(document.path, asyncio.Event()).clear()
        self._timers[document.path] = asyncio.get_running_loop().call_later(DEBOUNCE, self._begin, document)

    def forget(self, path: str) -> None:
        """The document was saved or closed: what saving it would do is no question any more."""
        self._stop(path)
        task = self._tasks.pop(path, None)
        if task is not None:
            task.cancel()
        if path in self._rest:
            self._rest[path].set()
        if self.known.pop(path, None) is not None:
            self._server.view.refresh_lenses()
        self._show(path, {})

    def again(self) -> None:
        """What runs is another: judge all edited documents anew."""
        for document in self._server.documents:
            if document.dirty and document.path not in self._timers:
                self.edited(document)

    def switched(self) -> None:
        """The setting is another."""
        for document in self._server.documents:
            self.forget(document.path)
        self.again()

    def process_ended(self, process: str) -> None:
        self.programs.forget(process)
        self.again()

    async def settled(self, path: str) -> None:
        """Wait until the newest version of a document has been judged."""
        document, known = self._server.documents.of(path), self.known.get(path)
        if document is not None and document.dirty and (known is None or known.version != document.version):
            self._stop(path)
            self._begin(document)
        task = self._tasks.get(path)
        if task is not None:
            await asyncio.wait([task])

    async def rested(self, path: str) -> None:
        """Wait until nothing is typed into a document, and its newest version has been judged."""
        if path in self._rest:
            await self._rest[path].wait()

    def _stop(self, path: str) -> None:
        timer = self._timers.pop(path, None)
        if timer is not None:
            timer.cancel()

    def _begin(self, document: Document) -> None:
        self._timers.pop(document.path, None)
        running = self._tasks.get(document.path)
        if running is not None:
            running.cancel()
        self._tasks[document.path] = self._server.spawn(self._judge(document))

    # judging ---------------------------------------------------------------------------------------------------
    async def _judge(self, document: Document) -> None:
        await self._judged(document)
        if document.path not in self._timers and document.path in self._rest:
            self._rest[document.path].set()

    async def _judged(self, document: Document) -> None:
        version, text = document.version, document.text.replace("\r\n", "\n").replace("\r", "\n")
        found: dict[str, tuple[Plan, tuple[Finding, ...]]] = {}
        try:
            for name, member, texts in await self.programs_for(document.path):
                plan = await self._plan(texts, document.path, text, member)
                found[name] = (plan, (*plan.findings, *_about_texts(texts, document.path)))
        except (SyntaxError, ValueError) as error:
            said = error.msg if isinstance(error, SyntaxError) else str(error)
            line = ((error.lineno or 1) - 1) if isinstance(error, SyntaxError) else 0
            self._take(document, Verdict(version, {}, said, line), {})
            return
        verdict = Verdict(version, {name: plan for name, (plan, _) in found.items()})
        self._take(document, verdict, {name: findings for name, (_, findings) in found.items()})

    async def programs_for(self, path: str) -> list[tuple[str, Member | None, Texts]]:
        """Each process that runs a file with its texts; with none attached, the workspace."""
        attached = self._server.roster.attached
        if not attached:
            folders = self._server.roots.folders
            texts = await asyncio.to_thread(self.programs.of_folders, folders)
            return [("", None, texts)] if texts.program.at(path) else []
        found: list[tuple[str, Member | None, Texts]] = []
        for member in attached:
            loaded: list[tuple[str, LoadedFile]] = list(member.process.loaded.items())
            if path in member.process.loaded:
                name = member.process.facts.id
                found.append((name, member, await asyncio.to_thread(self.programs.of_process, name, loaded)))
        return found

    async def _plan(self, texts: Texts, path: str, text: str, member: Member | None) -> Plan:
        edited = edited_modules(texts.program, {path: text})
        for module in edited:
            old = texts.program.named(module.name)
            if old is not None:
                await ready(old)
            await ready(module)
        plan = await asyncio.to_thread(plan_for, texts.program, edited)
        if member is None or not plan.asked or member.queue.busy:
            return plan
        try:
            answer = await asyncio.wait_for(member.process.ask(plan.asked.as_json()), PATIENCE)
        except (ProcessGone, ProcessRefused, asyncio.TimeoutError):
            return plan  # the texts alone then
        facts = Facts.from_json(answer)
        return (
            plan
            if facts.are_as_assumed(plan.asked)
            else await asyncio.to_thread(plan_for, texts.program, edited, facts)
        )

    def at(self, path: str) -> list[Merged]:
        """What to show on one file, without what a process has said there already."""
        said = {(m.finding.code, m.finding.range.start.line) for m in self._server.store.at(path)}
        return [m for m in self.store.at(path) if (m.finding.code, m.finding.range.start.line) not in said]

    # showing ---------------------------------------------------------------------------------------------------
    def _take(self, document: Document, verdict: Verdict, findings: Mapping[str, Sequence[Finding]]) -> None:
        if document.version != verdict.version or self._server.documents.of(document.path) is not document:
            return  # a newer one is on its way
        if document.dirty:
            self.known[document.path] = verdict
            self._show(document.path, findings if self._server.settings.verdict else {})
            self._server.view.refresh_lenses()

    def _show(self, path: str, findings: Mapping[str, Sequence[Finding]]) -> None:
        """Replace all that was said about saving one document."""
        marks, touched = self._server.documents.marks(), self.store.drop_origin(path)
        for name, found in findings.items():
            placed = [self._placed(finding, path, marks) for finding in found]
            touched |= self.store.replace(name, path, placed)
        self._server.view.publish(touched)
        if any(map(self._server.view.is_pulled, touched)):
            self._server.workspace_diagnostic_refresh(None)

    def _placed(self, finding: Finding, path: str, marks: Mapping[str, int]) -> Finding:
        """A finding in another open document stands where its text is by now."""
        document = self._server.documents.of(finding.path)
        if finding.path == path or document is None:
            return finding
        return replace(finding, range=document.now(finding.range, marks[finding.path]))


def _about_texts(texts: Texts, path: str) -> list[Finding]:
    if path not in texts.unseen:
        return []
    return [
        Finding(
            f"verdict:unseen:{path}",
            "RLD801",
            "stale",
            "hint",
            "the process runs a text of this file that was never seen here: what a save would do is told by the text "
            "on disk. Reload the file to have both the same.",
            path,
            Range.of(0, 0, 1, 0),
            data={"fixes": [{"kind": "reload", "path": path}]},
        )
    ]
