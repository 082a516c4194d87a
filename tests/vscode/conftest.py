"""VS Code for the tests: the extension packaged once, then a server, a window and a folder of its own for each test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from codeserver import EDITORS, EXTENSION, CodeServer, editors, npm

NEEDED = ("node", "npm", "code-server", "chromium")
MISSING = [name for name in NEEDED if not (EDITORS / "bin" / name).exists()]
WHY = f"no {', '.join(MISSING)} in {EDITORS}: run tests/editors/setup.sh, or name the folder in RELOAD_LSP_EDITORS"
SHOTS = Path(os.environ.get("RELOAD_LSP_SHOTS", EXTENSION / "out" / "screenshots"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.editor)
            item.add_marker(pytest.mark.skipif(bool(MISSING), reason=WHY))


@pytest.fixture(scope="session")
def modules() -> None:
    """The extension's own dependencies, as its lock file names them."""
    installed = EXTENSION / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (EXTENSION / "package-lock.json").stat().st_mtime:
        npm("ci", "--ignore-scripts", "--prefer-offline")


@pytest.fixture(scope="session")
def vsix(modules: None) -> Path:
    """The package that users install, built from what is here."""
    subprocess.run([sys.executable, EXTENSION / "scripts" / "bundle.py"], check=True)
    npm("run", "package")
    return EXTENSION / "out" / "reload-lsp.vsix"


@pytest.fixture(scope="session")
def extensions(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of extensions with ours, installed from the package."""
    folder = tmp_path_factory.mktemp("extensions")
    command = [*editors("code-server"), "--extensions-dir", folder, "--user-data-dir", folder.with_name("profile")]
    done = subprocess.run(
        [*command, "--install-extension", vsix],
        env={**os.environ, "HOME": str(folder.with_name("home"))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "was successfully installed" in done.stdout, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def browser(vsix: Path) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=editors("chromium")[0], args=options)
        yield launched
        launched.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shop"
    made.mkdir()
    return made


@pytest.fixture
def server(extensions: Path, tmp_path: Path) -> Iterator[Callable[..., CodeServer]]:
    """Starts VS Code with settings given by name, dots as double underscores."""
    started: list[CodeServer] = []

    def start(**settings: Any) -> CodeServer:
        given = {name.replace("__", "."): value for name, value in settings.items()}
        started.append(CodeServer(tmp_path / "server", extensions, given))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def workbench(browser: Any, server: Callable[..., CodeServer], folder: Path) -> Iterator[Callable[..., Any]]:
    """Opens a window on the folder; where the test fails, its last picture and the logs are shown."""
    from workbench import Workbench

    opened: list[Workbench] = []

    def open_window(*files: str, **settings: Any) -> Workbench:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        opened.append(Workbench(context, server(**settings), folder, SHOTS))
        opened[-1].open(*files)
        return opened[-1]

    yield open_window
    for one in opened:
        one.shots.mkdir(parents=True, exist_ok=True)
        one.page.screenshot(path=one.shots / "last.png")
        print(one.server.log())
        one.page.context.close()
