"""Files on disk to batches: what is read, what cannot be compiled, what each process is to get."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..findings.values import Cause, Finding, Report
from ..sessions.batch import Batch, FileChange
from ..sessions.dispatch import Result
from ..sessions.roster import Member
from ..watch.contents import sha256
from .checks import Checks
from .texts import Problem, read_bytes
from .turns import in_turns


@dataclass(slots=True)
class FilesRead:
    """What was found on disk: the changes to send, and why some of them cannot be compiled."""

    changes: dict[str, FileChange] = field(default_factory=dict[str, FileChange])
    problems: dict[str, Problem] = field(default_factory=dict[str, Problem])
    vanished: list[str] = field(default_factory=list[str])


async def read_files(paths: Iterable[str], gone_is_deleted: bool, checks: Checks) -> FilesRead:
    """Read and check each of `paths`; a file that is not there was deleted, or (just saved) vanished."""
    found = FilesRead()
    async for path in in_turns(paths):
        data = _read(found, path, gone_is_deleted)
        problem = checks.problem_in(data, path) if data is not None and path.endswith(".py") else None
        if problem is not None:
            found.problems[path] = problem
    return found


def _read(found: FilesRead, path: str, gone_is_deleted: bool) -> bytes | None:
    data = read_bytes(path)
    if data is not None:
        found.changes[path] = FileChange(path, "modified", sha256(data))
    elif gone_is_deleted and not os.path.lexists(path):
        found.changes[path] = FileChange(path, "deleted", None)
    else:
        found.vanished.append(path)
    return data


def part_for(member: Member, number: int, cause: Cause, changes: Mapping[str, FileChange]) -> Batch | None:
    """What a process gets of a batch: its own files, and those it is behind with; None without own ones."""
    loaded = member.process.loaded
    if not any(path in loaded for path in changes):
        return None
    wanted = [path for path in changes if path in loaded]
    late = FilesRead()
    for path in sorted(member.behind - set(wanted)):
        _read(late, path, gone_is_deleted=True)
    return Batch(number, cause, (*late.changes.values(), *(changes[path] for path in wanted)))


def uncompilable(part: Batch, problems: Mapping[str, Problem]) -> list[str]:
    return [file.path for file in part.files if file.path in problems]


def refused_result(member: Member, part: Batch, findings: Iterable[Finding]) -> Result:
    """The result for a process to which nothing was sent: its files cannot be compiled."""
    report = Report("refused", part.cause, member.process.generation, findings=tuple(findings))
    return Result(member.process.facts, part, report)


def syntax_finding(path: str, problem: Problem) -> Finding:
    """A text that cannot be compiled, on its line: nothing is sent, the program runs on."""
    return Finding(
        f"syntax:{path}",
        "RLD901",
        "refused",
        "error",
        f"refused: {problem.message}. The program keeps the code it has; correct this and save again.",
        path,
        problem.range,
    )


def grammar_finding(path: str, problem: Problem, server: str, target: str) -> Finding:
    """A text that only the target's newer Python may be able to read."""
    return Finding(
        f"grammar:{path}",
        "RLD804",
        "no-effect",
        "hint",
        f"the server's Python {server} cannot read this ({problem.message}); the program runs Python "
        f"{target}, so the file was sent unchecked. Install reload-lsp under that Python to have it checked.",
        path,
        problem.range,
    )
