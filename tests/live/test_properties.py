"""For every program and every edit: hot equals fresh, a failure changes nothing, a revert is the identity."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live_fresh import Shapes, differences, fresh, running, shapes
from live_programs import Program, edits, lambdas, programs, texts
from live_project import Project, said

many = settings(
    max_examples=int(os.environ.get("RELOAD_LSP_EXAMPLES", "40")),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


@contextmanager
def hot(program: Program) -> Iterator[Project]:
    """The program, imported in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, Project(Path(folder)) as project:
        project.load(**texts(program))
        yield project


def imports(project: Project) -> bool:
    """Whether a fresh process could import these texts."""
    try:
        fresh(project)
    except (ImportError, AttributeError):
        return False
    return True


def objects(project: Project) -> dict[str, Any]:
    """Everything the program has bound, held as a running application holds it."""
    return {
        f"{name}.{key}": value
        for name, module in running(project).items()
        for key, value in module.__dict__.items()
        if not key.startswith("__")
    }


def replaced(project: Project, held: dict[str, Any]) -> list[str]:
    """The names that no longer mean the objects they meant."""
    now = objects(project)
    return [n for n, v in held.items() if now.get(n) is not v]


def state(project: Project) -> Shapes:
    return shapes(running(project))


@given(st.data())
@many
def test_after_every_save_the_program_is_what_a_fresh_one_would_be_or_a_finding_says_so(
    data: st.DataObject,
) -> None:
    program = data.draw(programs(), "program")
    with hot(program) as project:
        for _ in range(data.draw(st.integers(1, 4), "saves")):
            program = data.draw(edits(program), "edited")
            report = project.save(**texts(program))
            if report.findings:
                return
            assert differences(project) == []


@given(st.data())
@many
def test_only_a_name_that_somebody_imports_and_nobody_binds_is_worth_a_message(data: st.DataObject) -> None:
    program = data.draw(programs(), "program")
    with hot(program) as project:
        edited = texts(data.draw(edits(program), "edited"))
        report = project.save(**edited)
        # A class cannot gain or lose its last base but `object`; a list of another module is not built again.
        reach = {text for text in (*texts(program).values(), *edited.values()) if "import" in text}
        elsewhere = any(".append(" in text or " += " in text for text in reach)
        codes = set(said(report)) - {"RLD102"} - ({"RLD307", "RLD311", "RLD316"} if elsewhere else set())
        assert codes <= {"RLD209", "RLD901"}
        assert bool(codes) != imports(project)


@given(st.data(), st.sampled_from(("1 / 0\n", "def broken(:\n", "raise SystemExit(3)\n", "import app_missing\n")))
@many
def test_after_a_batch_that_fails_everything_is_what_it_was(data: st.DataObject, fault: str) -> None:
    program = data.draw(programs(), "program")
    with hot(program) as project:
        before, held = state(project), objects(project)
        edited = texts(data.draw(edits(program), "edited"))
        file = data.draw(st.sampled_from(sorted(edited)), "file with the fault")
        report = project.save(**{**edited, file: edited[file] + fault})
        assert report.outcome in ("rolled-back", "refused")
        assert "RLD901" in said(report)
        assert replaced(project, held) == []
        assert state(project) == before


@given(st.data())
@many
def test_the_next_good_save_goes_on_from_the_last_good_state(data: st.DataObject) -> None:
    program = data.draw(programs(), "program")
    with hot(program) as project:
        last = sorted(program)[-1]
        project.save(**{last: texts(program)[last] + "1 / 0\n"})
        report = project.save(**texts(data.draw(edits(program), "edited")))
        if not report.findings:
            assert differences(project) == []


@given(st.data())
@many
def test_an_edit_and_its_revert_leave_every_object_as_it_was(data: st.DataObject) -> None:
    program = data.draw(programs(), "program")
    with hot(program) as project:
        held, before = objects(project), state(project)
        edited = data.draw(edits(program), "edited")
        report = project.save(**texts(edited))
        if report.outcome in ("rolled-back", "partial"):
            return
        if said(project.save(**texts(program))):
            return
        assert state(project) == before
        values = lambdas(program) | lambdas(edited)
        definitions = {n: v for n, v in held.items() if isinstance(v, (FunctionType, type)) and n not in values}
        assert replaced(project, definitions) == []
