"""The diagnostic codes that a reload may show. Numbers are a contract: never reused, never renumbered."""

from __future__ import annotations

from ..values import dataclass
from .values import Severity, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


@dataclass(frozen=True, slots=True)
class Entry:
    """What a code is called, and what it means where nothing speaks for more or less."""

    code: str
    name: str
    verdict: Verdict
    severity: Severity


def _entries(*rows: tuple[str, str, Verdict, Severity]) -> dict[str, Entry]:
    return {row[0]: Entry(*row) for row in rows}


CATALOGUE: Final[dict[str, Entry]] = _entries(
    ("RLD101", "slots-layout-changed", "held", "error"),
    ("RLD102", "base-layout-conflict", "held", "error"),
    ("RLD104", "metaclass-changed", "held", "error"),
    ("RLD105", "class-kind-changed", "held", "error"),
    ("RLD106", "field-added-live-instances", "applied-risk", "warning"),
    ("RLD108", "field-type-or-default-changed", "applied-risk", "information"),
    ("RLD109", "init-changed-not-rerun", "applied-risk", "information"),
    ("RLD110", "enum-members-changed", "held", "error"),
    ("RLD112", "namedtuple-shape-changed", "held", "error"),
    ("RLD114", "abstract-methods-changed", "applied-risk", "warning"),
    ("RLD201", "from-import-value-stale", "stale", "warning"),
    ("RLD203", "captured-in-closure", "stale", "warning"),
    ("RLD204", "held-in-container", "stale", "warning"),
    ("RLD206", "class-identity-split", "stale", "error"),
    ("RLD209", "name-deleted-still-used", "applied-risk", "warning"),
    ("RLD218", "monkeypatch-lost", "applied-risk", "warning"),
    ("RLD301", "thread-started", "held", "warning"),
    ("RLD302", "process-or-pool-started", "held", "warning"),
    ("RLD303", "port-bound", "held", "warning"),
    ("RLD304", "atexit-registered", "held", "warning"),
    ("RLD305", "signal-handler-set", "held", "warning"),
    ("RLD306", "logging-handler-added", "held", "warning"),
    ("RLD307", "registration-call", "held", "warning"),
    ("RLD308", "global-config-mutated", "held", "warning"),
    ("RLD311", "state-reset", "applied-risk", "warning"),
    ("RLD312", "external-write", "held", "warning"),
    ("RLD313", "event-loop-or-gui-object-created", "held", "warning"),
    ("RLD314", "input-or-blocking-call", "held", "warning"),
    ("RLD315", "main-guard-body-changed", "no-effect", "information"),
    ("RLD316", "unknown-effect", "held", "warning"),
    ("RLD401", "function-on-stack", "stale", "information"),
    ("RLD402", "endless-loop-on-stack", "stale", "warning"),
    ("RLD403", "generator-suspended", "stale", "information"),
    ("RLD404", "coroutine-or-task-pending", "stale", "information"),
    ("RLD409", "no-safe-point", "refused", "warning"),
    ("RLD413", "not-run-since-reload", "no-effect", "hint"),
    ("RLD501", "native-module", "refused", "error"),
    ("RLD502", "native-source-edited", "no-effect", "warning"),
    ("RLD505", "main-module", "no-effect", "information"),
    ("RLD510", "stdlib-or-third-party-edited", "held", "warning"),
    ("RLD512", "sys-modules-replaced", "held", "warning"),
    ("RLD516", "module-file-moved", "stale", "warning"),
    ("RLD601", "lru-cache-kept", "applied-risk", "information"),
    ("RLD606", "decorator-source-changed", "held", "warning"),
    ("RLD609", "schema-built", "held", "warning"),
    ("RLD612", "data-file-changed", "held", "warning"),
    ("RLD701", "django-model-changed", "applied-risk", "warning"),
    ("RLD702", "django-settings-or-urls", "held", "warning"),
    ("RLD703", "sqlalchemy-declarative", "applied-risk", "warning"),
    ("RLD704", "web-route-changed", "held", "warning"),
    ("RLD716", "other-reloader-active", "applied-risk", "warning"),
    ("RLD717", "adapter-failed", "stale", "warning"),
    ("RLD801", "disk-differs-from-loaded", "stale", "warning"),
    ("RLD804", "python-version-mismatch", "refused", "error"),
    ("RLD806", "multiple-targets-diverged", "stale", "warning"),
    ("RLD809", "free-threaded-build", "applied-risk", "information"),
    ("RLD901", "reload-failed-rolled-back", "rolled-back", "error"),
    ("RLD902", "rollback-incomplete", "rolled-back", "error"),
    ("RLD903", "hook-failed", "rolled-back", "error"),
    ("RLD906", "no-effect", "no-effect", "information"),
    ("RLD907", "not-loaded", "no-effect", "hint"),
    ("RLD908", "pending", "held", "hint"),
    ("RLD909", "differs-from-a-fresh-process", "stale", "warning"),
)


def entry(code: str) -> Entry:
    """The catalogue entry of `code`; raises KeyError for a number that no release may show."""
    return CATALOGUE[code]
