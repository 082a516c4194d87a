"""A real VS Code without a screen: code-server, one for each test, with the packaged extension installed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
EDITORS = Path(os.environ.get("RELOAD_LSP_EDITORS", ROOT / ".cache" / "editors"))
EXTENSION = ROOT / "vscode-extension"
SHOTS = Path(os.environ.get("RELOAD_LSP_SHOTS", EXTENSION / "out" / "screenshots"))
SECONDS = float(os.environ.get("RELOAD_LSP_TEST_SECONDS", "120"))
LOOK = 0.02

SETTINGS: dict[str, Any] = {
    "workbench.startupEditor": "none",
    "security.workspace.trust.enabled": False,
    "telemetry.telemetryLevel": "off",
    "workbench.enableExperiments": False,
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
    "update.mode": "none",
    "chat.disableAIFeatures": True,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "files.autoSave": "off",
    "editor.minimap.enabled": False,
    "editor.accessibilitySupport": "off",
    "editor.autoIndent": "none",
    "editor.autoClosingBrackets": "never",
    "editor.autoClosingQuotes": "never",
    "editor.quickSuggestions": {"other": "off", "comments": "off", "strings": "off"},
    "editor.parameterHints.enabled": False,
    "editor.hover.delay": 100,
    "git.enabled": False,
    "window.commandCenter": False,
    "workbench.tips.enabled": False,
    "terminal.integrated.gpuAcceleration": "off",
    "terminal.integrated.enablePersistentSessions": False,
    "workbench.editor.enablePreview": False,
    "workbench.editor.useModal": "off",
    "terminal.integrated.stickyScroll.enabled": False,
    "terminal.integrated.defaultProfile.linux": "bash",
    "reloadLsp.autoAttach": "smart",
}


def editors(*names: str) -> list[Path]:
    """Where the programs of tests/editors/setup.sh are."""
    return [EDITORS / "bin" / name for name in names]


def missing(*names: str) -> list[str]:
    """Which of these programs could not be installed."""
    return [name for name, path in zip(names, editors(*names), strict=True) if not path.exists()]


def npm(*words: str) -> None:
    """Run npm in the extension's folder, with the tests' own node first on the path."""
    env = {**os.environ, "PATH": f"{EDITORS / 'bin'}{os.pathsep}{os.environ['PATH']}", "CI": "1"}
    done = subprocess.run(
        [*editors("npm"), *words], cwd=EXTENSION, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"npm {' '.join(words)}:\n{done.stdout[-6000:]}\n{done.stderr[-6000:]}"


class CodeServer:
    """A server with profile, extensions, home and runtime folder of its own."""

    def __init__(self, folder: Path, extensions: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.runtime = folder / "run"
        self.user = folder / "data" / "User"
        self.user.mkdir(parents=True)
        self.runtime.mkdir(mode=0o700)
        (folder / "home").mkdir()
        # A login shell, which the editor asks for the environment, may begin with a path of the system's own.
        path = f"'{Path(sys.executable).parent}':$PATH:'{EDITORS / 'bin'}'"
        (folder / "home" / ".bashrc").write_text(f"PS1='$ '\nexport PATH={path}\n")
        (folder / "home" / ".bash_profile").write_text(". ~/.bashrc\n")
        self.extensions = extensions
        self.configure({})
        self._process = self._start()
        self._wait()

    @property
    def extension(self) -> Path:
        """The folder of ours, as it was installed."""
        (installed,) = self.extensions.glob("reload-lsp.reload-lsp-*")
        return installed

    def configure(self, settings: dict[str, Any]) -> None:
        """The user's settings; None takes one out."""
        merged = {name: value for name, value in {**SETTINGS, **settings}.items() if value is not None}
        (self.user / "settings.json").write_text(json.dumps(merged))

    def environment(self) -> dict[str, str]:
        """As a user's who has a Python on the path and nothing of ours."""
        env = {k: v for k, v in os.environ.items() if not k.startswith(("RELOAD_LSP", "PYTHON", "VIRTUAL_ENV"))}
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        own = {"HOME": str(self.folder / "home"), "XDG_RUNTIME_DIR": str(self.runtime), "PATH": path}
        return {**env, **own, "LC_ALL": "C.UTF-8", "SHELL": "/bin/bash", "TESTS_PYTHON": sys.executable}

    def log(self) -> str:
        """What the server and the extension host wrote."""
        files = [self.folder / "log", *(self.folder / "data").glob("logs/**/*reload-lsp*.log")]
        return "\n".join(f"== {file.name}\n{file.read_text(errors='replace')[-6000:]}" for file in files)

    def programs(self) -> list[dict[str, Any]]:
        """The records of the programs that have the agent inside."""
        return [json.loads(file.read_text()) for file in self.runtime.glob("reload-lsp/*.json")]

    def end_programs(self) -> None:
        """End what a test has started in a terminal."""
        for record in self.programs():
            with contextlib.suppress(ProcessLookupError):
                os.kill(record["pid"], signal.SIGTERM)
        for file in self.runtime.glob("reload-lsp/*.json"):
            file.unlink(missing_ok=True)

    def stop(self) -> None:
        """End it and all that it started."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [*editors("code-server"), "--auth", "none", "--bind-addr", f"127.0.0.1:{self.port}"]
        command += ["--user-data-dir", self.folder / "data", "--extensions-dir", self.extensions]
        command += ["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"]
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(
                command, env=self.environment(), stdout=log, stderr=log, stdin=-3, start_new_session=True
            )

    def _wait(self) -> None:
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
                return
            except OSError:
                assert time.monotonic() < deadline and self._process.poll() is None, self.log()
                time.sleep(LOOK)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
