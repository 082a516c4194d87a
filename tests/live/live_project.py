"""Small programs for the engine's tests: write modules, import them, save other texts, look at what runs.

A program lives in this process. `load` and `save` take texts by module name (`pkg/__init__` and `pkg/sub` for
packages); a text without a name is that of the module `app`. Texts are dedented.
"""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from textwrap import dedent
from types import ModuleType, TracebackType
from typing import Any

from reload_lsp.findings.values import Finding, Report
from reload_lsp.live.engine import Engine
from reload_lsp.live.requests import Save


def module_name(file: str) -> str:
    """`pkg/sub` and `pkg/sub/__init__` as they are imported."""
    return file.removesuffix("/__init__").replace("/", ".")


def rare(text: str, *words: str) -> str:
    """A text in which words are spelled as no other test of this process spells them: common ones lead nowhere."""
    for word in words:
        text = re.sub(rf"\b{word}\b", f"{word}_of_these", text)
    return text


def said(report: Report) -> list[str]:
    """The codes of a report's findings."""
    return [f.code for f in report.findings]


def only(report: Report) -> Finding:
    """The one finding of a report."""
    [finding] = report.findings
    return finding


def endings(report: Report) -> dict[str, str]:
    """What became of each dirty statement, by its name."""
    return {s.name: s.ending for s in report.statements}


class Project:
    """Modules in `folder`, imported here, and the engine that reloads them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = Engine()
        self._before: dict[str, ModuleType] = {}
        self._settings: tuple[list[str], bool] = ([], False)

    def __enter__(self) -> Project:
        self._before = dict(sys.modules)
        self._settings = (list(sys.path), sys.dont_write_bytecode)
        sys.path.insert(0, str(self.folder))
        sys.dont_write_bytecode = True  # an old .pyc would pass for the text of the same second
        self.engine.install()
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.engine.recorder.remove()
        sys.path[:], sys.dont_write_bytecode = self._settings
        for name in self.loaded():
            del sys.modules[name]

    # files --------------------------------------------------------------------------------------------------
    def path(self, file: str = "app") -> Path:
        return self.folder / f"{file}.py"

    def write(self, text: str | None = None, /, **files: str | None) -> None:
        """Put texts on disk; None deletes the file."""
        for file, content in self._named(text, files).items():
            path = self.path(file)
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(content), encoding="utf-8")
        importlib.invalidate_caches()

    def _named(self, text: str | None, files: dict[str, str | None]) -> dict[str, str | None]:
        return files if text is None else {"app": text, **files}

    # the program --------------------------------------------------------------------------------------------
    def load(self, text: str | None = None, /, **files: str) -> Any:
        """Write files and import them in their order: the module, or a list of several."""
        named = self._named(text, dict(files))
        self.write(**named)
        modules = [importlib.import_module(module_name(f)) for f in named]
        return modules[0] if len(modules) == 1 else modules

    def save(self, text: str | None = None, /, **files: str | None) -> Report:
        """Write files and reload what changed, as one batch."""
        self.write(text, **files)
        return self.reload()

    def reload(self) -> Report:
        return self.engine.apply(self.engine.changed(), "save")

    def apply(self, *files: str) -> Report:
        """A batch over exactly these files."""
        return self.engine.apply([Save(str(self.path(f))) for f in files], "save")

    def loaded(self) -> list[str]:
        """The names of the program's modules in `sys.modules`."""
        return [n for n, m in list(sys.modules.items()) if m is not self._before.get(n) and self._own(m)]

    def _own(self, module: object) -> bool:
        file = getattr(module, "__file__", None)
        folders = getattr(module, "__path__", ())
        own = str(self.folder)
        return str(file).startswith(own) or any(str(f).startswith(own) for f in list(folders))
