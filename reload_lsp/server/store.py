"""What there is to say about each file now: findings by producer, process and file. Pure.

A report replaces what the same process said because of the same files. Findings about a failed attempt
(refused, rolled back) go with the next attempt; the others describe the running program and stay until it
takes new text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from ..findings.values import Finding, Range, Report
from .edits import Edit, moved

SERVER = ""  # the producer of what the server finds by itself; processes produce under their id
FAILED = frozenset({"refused", "rolled-back"})
CHANGED = frozenset({"applied", "partial"})
TAKEN = CHANGED | {"no-effect"}
OVER_LIMIT = 10_000  # of what is over, as long as it may be on its way here; the oldest is forgotten


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding of one producer, and the files whose change brought it about."""

    producer: str
    finding: Finding
    origin: frozenset[str]


@dataclass(frozen=True, slots=True)
class Merged:
    """The same finding of several processes: said once."""

    finding: Finding
    processes: tuple[str, ...]


class Store:
    """All findings shown; every change returns the paths whose diagnostics must be published again."""

    def __init__(self) -> None:
        self._shown: list[Shown] = []
        self._over: dict[tuple[str, str], None] = {}

    def report(
        self,
        producer: str,
        report: Report,
        files: frozenset[str],
        unchanged: frozenset[str],
        place: Callable[[Finding], Finding],
        answered: frozenset[tuple[str, int]] = frozenset(),
    ) -> set[str]:
        """Take a process's report on `files`, of which those `unchanged` ran the same bytes before.

        `place` puts a finding where its text is now; `answered` are the statements, by path and present line,
        of which the report says what became of them: only these are no longer held by an earlier batch.
        """
        fresh = files - unchanged
        taken, changed = report.outcome in TAKEN, report.outcome in CHANGED

        def is_over(shown: Shown) -> bool:
            if shown.producer != producer:
                return False
            if shown.finding.verdict in FAILED:
                return bool(shown.origin & files)
            if shown.finding.verdict == "held":
                return taken and is_settled(shown.finding)
            return changed and (shown.finding.path in fresh or bool(shown.origin & fresh))

        def is_settled(finding: Finding) -> bool:
            where = finding.range
            deleted = finding.path in fresh and where.start == where.end
            return deleted or (finding.path, where.start.line) in statements

        known = [finding for finding in report.findings if (producer, finding.id) not in self._over]
        found = [Shown(producer, place(finding), files) for finding in known]
        statements = answered | {(s.finding.path, s.finding.range.start.line) for s in found}
        return self._drop(is_over) | self._add(found)

    def replace(self, producer: str, path: str, findings: Iterable[Finding]) -> set[str]:
        """Take all that `producer` says about one file."""
        found = [Shown(producer, finding, frozenset({path})) for finding in findings]
        return self._drop(lambda s: s.producer == producer and path in s.origin) | self._add(found)

    def add(self, producer: str, path: str, findings: Iterable[Finding]) -> set[str]:
        """Further findings about one file."""
        return self._add([Shown(producer, finding, frozenset({path})) for finding in findings])

    def drop_code(self, producer: str, code: str) -> set[str]:
        """What a code says of one process is not known any more."""
        return self._drop(lambda shown: shown.producer == producer and shown.finding.code == code)

    def drop_producer(self, producer: str) -> set[str]:
        """The process is gone, and with it all it said."""
        self._over = {(who, finding): None for who, finding in self._over if who != producer}
        return self._drop(lambda shown: shown.producer == producer)

    def over(self, producer: str, findings: Iterable[str]) -> set[str]:
        """A process says that some findings, by id, are over; its report of them may still be on its way here."""
        self._over.update(((producer, finding), None) for finding in findings)
        for oldest in list(self._over)[:-OVER_LIMIT]:
            del self._over[oldest]
        return self._drop(lambda s: (s.producer, s.finding.id) in self._over)

    def drop(self, finding_id: str, producer: str) -> set[str]:
        """One finding is dealt with."""
        return self._drop(lambda s: s.finding.id == finding_id and s.producer == producer)

    def drop_origin(self, path: str) -> set[str]:
        """All that an edit of one file brought about, whoever said it."""
        return self._drop(lambda shown: path in shown.origin)

    def pending(self, producer: str, findings: Iterable[Finding]) -> set[str]:
        """What a process still waits for (RLD908), in the place of what it waited for before."""
        found = [Shown(producer, finding, frozenset({finding.path})) for finding in findings]
        return self._drop(lambda s: s.producer == producer and s.finding.code == "RLD908") | self._add(found)

    def drop_about(self, producer: str, paths: frozenset[str]) -> set[str]:
        """The process runs some files anew: what it said about them is void."""
        return self._drop(lambda shown: shown.producer == producer and shown.finding.path in paths)

    def superseded(self, path: str, code: str) -> set[str]:
        """What a code says about a file is answered anew, whoever said it."""
        return self._drop(lambda shown: shown.finding.path == path and shown.finding.code == code)

    def undone(self, producer: str) -> set[str]:
        """The process went back to what it ran before: what it said about the batch is void."""
        return self._drop(lambda shown: shown.producer == producer)

    def edited(self, path: str, edit: Edit) -> bool:
        """Move the findings of `path` with its text; True when any of them did."""
        before = self._shown
        self._shown = [_moved(shown, path, edit) for shown in before]
        return any(old is not new for old, new in zip(before, self._shown, strict=True))

    def at(self, path: str) -> list[Merged]:
        """What to show on one file, from the top down, the same finding of several processes once."""
        groups: dict[tuple[object, ...], list[Shown]] = {}
        for shown in self._shown:
            if shown.finding.path == path:
                groups.setdefault(_sameness(shown.finding), []).append(shown)
        return sorted((_merged(group) for group in groups.values()), key=lambda m: _order(m.finding))

    def find(self, finding_id: str, producer: str | None = None) -> list[Shown]:
        """The finding of a process (None: of any), and what others say of the same thing."""
        for shown in self._shown:
            if shown.finding.id == finding_id and producer in (None, shown.producer):
                path, same = shown.finding.path, _sameness(shown.finding)
                return [s for s in self._shown if s.finding.path == path and _sameness(s.finding) == same]
        return []

    def failed_files(self) -> set[str]:
        """The files whose last attempt failed."""
        return {path for shown in self._shown if shown.finding.verdict in FAILED for path in shown.origin}

    def holds_back(self, producer: str) -> bool:
        """Are statements held in this process?"""
        return any(s.producer == producer and s.finding.verdict == "held" for s in self._shown)

    def lines_held(self, producer: str, path: str) -> list[tuple[str, int]]:
        """The statements of one file that are held in this process."""
        mine = [s.finding for s in self._shown if s.producer == producer and s.finding.path == path]
        return [(path, finding.range.start.line) for finding in mine]

    def all(self) -> list[Finding]:
        return [shown.finding for shown in self._shown]

    def paths(self) -> set[str]:
        return {shown.finding.path for shown in self._shown}

    def _drop(self, is_over: Callable[[Shown], bool]) -> set[str]:
        over = [shown for shown in self._shown if is_over(shown)]
        self._shown = [shown for shown in self._shown if not is_over(shown)]
        return {shown.finding.path for shown in over}

    def _add(self, found: list[Shown]) -> set[str]:
        self._shown += found
        return {shown.finding.path for shown in found}


def _moved(shown: Shown, path: str, edit: Edit) -> Shown:
    if shown.finding.path != path:
        return shown
    where = moved(shown.finding.range, edit)
    return shown if where == shown.finding.range else replace(shown, finding=placed(shown.finding, where))


def placed(finding: Finding, where: Range) -> Finding:
    """The finding at another place."""
    return replace(finding, range=where)


def _sameness(finding: Finding) -> tuple[object, ...]:
    return (finding.code, finding.verdict, finding.range.start)


def _merged(group: list[Shown]) -> Merged:
    """One of a group: the finding that counts most, said of all the processes."""
    chief = max(group, key=lambda shown: shown.finding.count.n if shown.finding.count else 0)
    producers = dict.fromkeys(shown.producer for shown in group if shown.producer != SERVER)
    related = dict.fromkeys(place for shown in group for place in shown.finding.related)
    return Merged(replace(chief.finding, related=tuple(related)), tuple(producers))


def _order(finding: Finding) -> tuple[int, int, str]:
    start = finding.range.start
    return (start.line, start.column, finding.code)
