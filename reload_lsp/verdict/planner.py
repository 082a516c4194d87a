"""From edited texts to a plan: what is dirty, what that reaches, and what would become of each statement.

The rules are those by which the running program is reloaded (`live/`), as far as texts can tell; what only the program
knows comes from `Facts`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from ..findings.catalogue import entry
from ..findings.values import Count, Finding, Range, Verdict
from ..plan.effects import Effects
from ..plan.markers import Markers, markers_at, module_markers
from ..source.digests import digest
from ..source.names import Names
from ..source.statement import Statement
from .edit import Edit
from .facts import Facts, Questions
from .graph import edges_of, load_order
from .module import ModuleText
from .plan import Action, Plan, PlannedStep
from .program import Product, ProductKind, Program, Reader
from .values import Values

Key = tuple[str, int]
LIMIT = 5_000  # statements planned before a program counts as one that does not come to an end
REASONS = {"code": "called", "result": "derived", "deep": "derived"}
PASSED_ON = frozenset(("code", "content", "result", "deep"))


@dataclass(slots=True)
class Dirty:
    """A statement that would be touched: `reasons` as in the engine (edited, added, input, called, derived, rebuild)."""

    module: ModuleText
    index: int
    reasons: set[str] = field(default_factory=set[str])
    why: str = ""

    @property
    def key(self) -> Key:
        return self.module.name, self.index

    @property
    def statement(self) -> Statement:
        return self.module.statements[self.index]

    @property
    def names(self) -> Names:
        return self.module.names(self.index)


class Planner:
    """The state of one plan; its one owner. What becomes of a statement is decided in `steps` and `holds`."""

    def __init__(self, before: Program, edits: Sequence[Edit], facts: Facts) -> None:
        self.before = before
        self.after = before.with_modules(e.new for e in edits)
        self.edits = {e.new.name: e for e in edits}
        self.facts = facts
        self.values = Values(before), Values(self.after)
        self.asked = Questions()
        self.effects = Effects(self.after.called)
        self.pending: dict[Key, Dirty] = {}
        self._queue: list[tuple[int, int, str]] = []
        self.running: Key | None = None
        self.reasons: dict[Key, set[str]] = {}
        self.steps: dict[Key, PlannedStep] = {}
        self.gone: list[PlannedStep] = []
        self.findings: dict[tuple[str, str, int], Finding] = {}
        self.changes: dict[tuple[str, str], Product] = {}

    # dirty statements ------------------------------------------------------------------------------------------
    def mark(self, module: ModuleText, index: int, reason: str, why: str) -> None:
        """A statement must be looked at (again)."""
        key = (module.name, index)
        known = self.reasons.setdefault(key, set())
        if key == self.running or reason in known:
            return
        known.add(reason)
        if key not in self.pending:
            self.take_up(Dirty(module, index, known, why))

    def take_up(self, dirty: Dirty) -> None:
        """Put a statement among the pending ones."""
        self.pending[dirty.key] = dirty
        heappush(self._queue, (dirty.module.order, dirty.index, dirty.module.name))

    def drain(self, perform: Callable[[Planner, Dirty], None]) -> None:
        """Decide about every pending statement, in the order of loading, until nothing further is reached."""
        for _ in range(LIMIT):
            if not self._queue:
                return
            _, index, name = heappop(self._queue)
            key = self.running = (name, index)
            perform(self, self.pending.pop(key))
            self.running = None

    def comes_out_the_same(self, dirty: Dirty, name: str) -> bool:
        """Would the statement give `name` the value that it has? Only where the texts tell, and the process agrees."""
        edit = self.edits.get(dirty.module.name)
        new = self.values[1].made(dirty.module, dirty.index)
        will_be = digest(new.value) if new is not None else None
        if will_be is None:
            return False
        old, key = self.values[0].of(edit.old if edit is not None else dirty.module, name), (dirty.module.name, name)
        self.asked.digests[key] = (old is not None and digest(old.value)) or ""
        is_now = self.facts.digests.get(key, "") if self.facts.attached else self.asked.digests[key]
        return is_now == will_be

    def end(self, dirty: Dirty, action: Action, why: str = "") -> None:
        """What would become of a statement."""
        statement = dirty.statement
        self.steps[dirty.key] = PlannedStep(
            dirty.module.name,
            dirty.module.path,
            statement.label,
            statement.line,
            statement.kind,
            action,
            why or dirty.why,
        )

    # products --------------------------------------------------------------------------------------------------
    def changed(self, module: ModuleText, name: str, kind: ProductKind) -> None:
        """A product would not be what it was: whoever reads it is dirty."""
        product = Product(module.name, name, kind)
        known = self.changes.get((module.name, name))
        if known is not None and (known.kind == kind or known.kind == "identity"):
            return
        self.changes[module.name, name] = product
        for reader in list(self.after.readers(product)):
            self._reached(reader, product)

    def _reached(self, reader: Reader, product: Product) -> None:
        module, statement = reader.module, reader.module.statements[reader.index]
        why = f"{reader.why} ({product.module}.{product.name} changes)"
        if (module.name, statement.name) == (product.module, product.name):
            return
        if reader.late:
            self._called_late(reader, product)
        elif product.kind in PASSED_ON and statement.kind == "import" and product.name != "__all__":
            for imported in module.names(reader.index).imports:
                if imported.name in (product.name, "*"):
                    bound = product.name if imported.name == "*" else imported.bound
                    self.changed(module, bound, product.kind)
        elif product.kind in ("result", "deep") and _defines_only(statement, product):
            return
        else:
            self.mark(module, reader.index, REASONS.get(product.kind, "input"), why)

    def _called_late(self, reader: Reader, product: Product) -> None:
        """A function uses the product: those who call it while they run may get another result."""
        statement = reader.module.statements[reader.index]
        if statement.kind != "function" or (reader.module.name, statement.name) in self.changes:
            return
        kind: ProductKind = "code" if product.kind == "code" else "result" if reader.late == 1 else "deep"
        self.changed(reader.module, statement.name, kind)

    # what is said ----------------------------------------------------------------------------------------------
    def markers(self, dirty: Dirty) -> Markers:
        """What comments say about a statement, on its lines or for its whole module."""
        lines = dirty.module.lines
        return markers_at(lines, dirty.statement.line).joined(module_markers(lines))

    def say(
        self,
        code: str,
        message: str,
        module: ModuleText,
        place: Range,
        *,
        verdict: Verdict | None = None,
        count: Count | None = None,
        fixes: Sequence[str] = (),
    ) -> None:
        """Add a finding as it would stand after the save; while typing it is a hint, where something is held more."""
        lines = module.lines
        ignored = markers_at(lines, place.start.line).joined(module_markers(lines)).ignored
        key = (code, module.path, place.start.line)
        if key in self.findings or code in ignored:
            return
        known = verdict or entry(code).verdict
        data = {"verdict": True, "fixes": [{"kind": kind} for kind in fixes]}
        self.findings[key] = Finding(
            f"verdict:{code}:{module.name}:{place.start.line}",
            code,
            known,
            "information" if known in ("held", "refused") else "hint",
            f"on save: {message}",
            module.path,
            place,
            (),
            count,
            data,
        )

    def plan(self) -> Plan:
        """The result, in order: each module after those that it imports."""
        found = [*self.steps.values(), *self.gone]
        order = load_order(edges_of(self.after, {s.module for s in found}))
        steps = sorted(found, key=lambda s: (order.index(s.module), s.line))
        findings = sorted(self.findings.values(), key=lambda f: (f.path, f.range.start.line, f.code))
        return Plan(tuple(steps), tuple(findings), self.asked, bool(self.edits))


def _defines_only(statement: Statement, product: Product) -> bool:
    return statement.kind == "class" or (statement.kind == "function" and product.kind == "deep")


def place_of(statement: Statement) -> Range:
    """The first line of a statement."""
    first = statement.text.split("\n", 1)[0].strip()
    if statement.line == statement.end_line:
        return Range.of(statement.line, statement.column, statement.line, statement.end_column)
    return Range.of(statement.line, statement.column, statement.line, statement.column + len(first))
