"""The settings, under one schema wherever they come from.

Sources, the later winning: `[tool.reload-lsp]` of pyproject.toml (camelCase or kebab-case), the client's
`initializationOptions`, `workspace/configuration`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from .rules import Rules, problems_in

SECTION = "reloadLsp"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its `name`, `default`, the values `allowed` (none named: any of the default's type)."""

    name: str
    default: Any
    about: str
    allowed: tuple[str, ...] = ()

    def problem(self, value: object) -> str | None:
        """What is wrong with `value`, if anything."""
        if self.allowed and value not in self.allowed:
            return f"{self.name} is {value!r}; it must be one of {', '.join(self.allowed)}"
        if type(value) is not type(self.default):
            return f"{self.name} is {value!r}; it must be {_kind(self.default)}"
        return None


SCHEMA = (
    Setting(
        "reloadOnSave",
        "all",
        "Which saves reload: all of them, only those made by hand, only of edited files, or none.",
        ("all", "allIfDirty", "manual", "manualIfDirty", "never"),
    ),
    Setting("watch", True, "Reload files that change outside the editor too."),
    Setting("codeLens", True, "Show on the first line of a file what the last reload of it did."),
    Setting(
        "runIn",
        "agentThread",
        "Where a reload happens: beside the program, in its main thread, or in its asyncio loop.",
        ("agentThread", "mainThread", "eventLoop"),
    ),
    Setting("safePointSeconds", 30, "How long a reload waits for the program to come to where it can happen."),
    Setting("verdict", True, "Tell while a file is edited what saving it would do."),
    Setting(
        "notRun",
        "inlay",
        "Show edited lines that have not run since, as inlay hints, as hints among the diagnostics, or not at all.",
        ("inlay", "hint", "off"),
    ),
    Setting("severity", {}, "Another severity, or off, for a code (RLD301) or a family of codes (RLD3)."),
)
_BY_NAME = {setting.name: setting for setting in SCHEMA}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force."""

    reload_on_save: str = "all"
    watch: bool = True
    code_lens: bool = True
    verdict: bool = True
    run_in: str = "agentThread"
    safe_point_seconds: int = 30
    not_run: str = "inlay"
    rules: Rules = field(default_factory=Rules)


def watches_open_files(policy: str) -> bool:
    """May a change on disk reload a file that is open in the editor?"""
    return policy.startswith("all")


def merged(*sources: Mapping[str, Any]) -> tuple[Settings, list[str]]:
    """The settings that `sources` come to, the later winning, and what to tell the user about them."""
    values = {setting.name: setting.default for setting in SCHEMA}
    problems: list[str] = []
    for source in sources:
        for key, value in source.items():
            found = _problems(_camel(key), value)
            problems += [problem for problem in found if problem not in problems]
            if not found:
                joined = isinstance(value, Mapping)
                values[_camel(key)] = {**values[_camel(key)], **value} if joined else value
    rules = Rules(values["severity"])
    found = Settings(
        values["reloadOnSave"],
        values["watch"],
        values["codeLens"],
        values["verdict"],
        values["runIn"],
        values["safePointSeconds"],
        values["notRun"],
        rules,
    )
    return found, problems


def _problems(name: str, value: object) -> list[str]:
    problem = _problem(name, value)
    if problem is None and isinstance(value, Mapping):
        return problems_in(cast("Mapping[str, object]", value))
    return [problem] if problem else []


def _problem(name: str, value: object) -> str | None:
    setting = _BY_NAME.get(name)
    if setting is not None:
        return setting.problem(value)
    near = difflib.get_close_matches(name, _BY_NAME, 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(_BY_NAME)}"
    return f"{SECTION}.{name} is no setting of reload-lsp; {hint}"


def section(options: object) -> dict[str, Any]:
    """The settings in what a client sent: the section itself, or an object that holds it."""
    if not isinstance(options, Mapping):
        return {}
    found = cast("Mapping[str, Any]", options)
    inner = found.get(SECTION)
    if isinstance(inner, Mapping):
        return dict(cast("Mapping[str, Any]", inner))
    return dict(found)


def from_pyproject(folder: Path) -> tuple[dict[str, Any], str | None]:
    """`[tool.reload-lsp]` of `folder`'s pyproject.toml, and what is wrong with the file, if anything."""
    file = folder / "pyproject.toml"
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}, None
    if "tool.reload-lsp" not in text:
        return {}, None
    toml = _toml()
    try:
        return section(toml.loads(text).get("tool", {}).get("reload-lsp", {})), None
    except ValueError as error:
        return {}, f"{file} is not valid TOML, its [tool.reload-lsp] was not read: {error}"


def _toml() -> Any:
    try:
        import tomllib as toml
    except ModuleNotFoundError:
        import tomli as toml  # pyright: ignore[reportMissingImports]
    return toml  # pyright: ignore[reportUnknownVariableType]


def _camel(key: str) -> str:
    first, *rest = key.replace("_", "-").split("-")
    return first + "".join(word.capitalize() for word in rest)


def _kind(default: object) -> str:
    if isinstance(default, dict):
        return "a table"
    return "true or false" if isinstance(default, bool) else f"a {type(default).__name__}"
