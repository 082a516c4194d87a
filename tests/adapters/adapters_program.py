"""Programs on real libraries, edited while they run: write modules, run something, save other texts, ask what is so now."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

from environments import environment_with

ROOT = Path(__file__).parents[2]
HOST = Path(__file__).with_name("adapters_host.py")
LIBRARIES = (
    "flask==3.1.3",
    "fastapi==0.165.0",
    "starlette==1.10.0",
    "httpx==0.28.1",
    "uvicorn==0.54.0",
    "Django==5.2.19",
    "SQLAlchemy==2.1.9",
    "pydantic==2.14.3",
    "attrs==26.1.0",
    "msgspec==0.22.0",
    "click==8.5.1",
    "typer==0.29.2",
    "Jinja2==3.1.6",
    "celery==5.7.0",
    "pytest==9.2.0",
    "numba==0.68.1",
    "textual==8.2.8",
    "discord.py==2.7.1",
    "structlog==26.1.0",
    "APScheduler==3.11.3",
    "pluggy==1.7.0",
    "beartype==0.23.1",
    "typeguard==4.6.0",
    "aiohttp==3.14.5",
    "tornado==6.6.1",
    "setuptools==84.2.1",
    "blinker==1.9.0",
)


def python_with(name: str, packages: Sequence[str]) -> Path:
    """The interpreter of an environment with `packages`, made once."""
    return environment_with(name, packages) / "bin" / "python"


class Program:
    """A program in `folder` that runs under `python`. `said` are the findings of the last save that an editor underlines."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.folder = folder
        self.said: list[dict[str, Any]] = []
        self.report: dict[str, Any] = {}
        self._runtime = tempfile.mkdtemp(prefix="rl-")  # short, because socket paths are
        env = {k: v for k, v in os.environ.items() if k not in ("CI", "RELOAD_LSP")}
        path = os.pathsep.join((str(ROOT), str(folder)))
        env |= {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "XDG_RUNTIME_DIR": self._runtime}
        self._process = subprocess.Popen(
            [python, HOST], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder, env=env, text=True
        )

    def write(self, **texts: str) -> None:
        """Put modules on disk; `pkg__mod` is pkg/mod.py, `i_html` a template in templates/."""
        for name, text in texts.items():
            path = self.path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")

    def path(self, name: str) -> Path:
        """The file of a module."""
        if name.endswith("_html"):
            return self.folder / "templates" / name.replace("_html", ".html")
        if name.endswith("____init__"):
            return self.folder / name.removesuffix("____init__") / "__init__.py"
        return self.folder / f"{name.replace('__', '/')}.py"

    def run(self, code: str) -> None:
        """Run something in the program."""
        self._call(run=dedent(code))

    def ask(self, expression: str) -> Any:
        """What an expression gives in the program."""
        return self._call(ask=expression)

    def save(self, **texts: str) -> list[str]:
        """Save other texts; the codes of what the user then sees."""
        self.write(**texts)
        return self.reload()

    def edit(self, name: str, *pairs: str) -> list[str]:
        """Save a module with some places of it changed: old, new, old, new."""
        path = self.path(name)
        text = path.read_text(encoding="utf-8")
        for old, new in zip(pairs[::2], pairs[1::2], strict=True):
            assert text.count(old) >= 1, f"{name} has no {old!r}"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return self.reload()

    def reload(self) -> list[str]:
        """Reload what was written."""
        self.report = self._call(reload="")
        self.said = [f for f in self.report["findings"] if f["severity"] in ("error", "warning")]
        return [f["code"] for f in self.said]

    def end(self) -> None:
        """End the program."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        shutil.rmtree(self._runtime)

    def _call(self, **asked: str) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the program has ended"
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["value"]
