"""VS Code for the tests: the extension packaged once, then a server, a window and a folder of its own for each test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from codeserver import EDITORS, EXTENSION, SHOTS, CodeServer, editors, missing, npm

MISSING = missing("node", "npm", "code-server", "chromium")
WHY = f"no {', '.join(MISSING)} in {EDITORS}: run tests/editors/setup.sh, or name the folder in RELOAD_LSP_EDITORS"
FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.editor)
            item.add_marker(pytest.mark.skipif(bool(MISSING), reason=WHY))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


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
    return installed(vsix, tmp_path_factory.mktemp("extensions"))


def installed(vsix: Path, folder: Path) -> Path:
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
def built(vsix: Path) -> Path:
    """The folder with what is built for tests alone: tests inside the extension host, the yardstick."""
    subprocess.run([*editors("node"), "scripts/build.mjs", "--host-tests"], cwd=EXTENSION, check=True)
    return EXTENSION / "out"


@pytest.fixture(scope="session")
def server(extensions: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CodeServer]:
    """One server for all windows: what the browser keeps of it makes the second window fast."""
    one = CodeServer(tmp_path_factory.mktemp("server"), extensions)
    yield one
    one.stop()


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What browsers keep from one file of tests to the next: the workbench's code, read and compiled already."""
    return tmp_path_factory.mktemp("profile")


@pytest.fixture(scope="module")
def browser(server: CodeServer, profile: Path) -> Iterator[Any]:
    """A browser for each file of tests: Playwright keeps an asyncio loop running, which async tests cannot have beside."""
    from playwright.sync_api import sync_playwright

    options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch_persistent_context(
            profile, executable_path=editors("chromium")[0], args=options, viewport={"width": 1280, "height": 800}
        )
        yield launched
        launched.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shop"
    made.mkdir()
    return made


@pytest.fixture
def workbench(
    request: pytest.FixtureRequest, browser: Any, server: CodeServer, folder: Path, desk: Any
) -> Iterator[Callable[..., Any]]:
    """Opens a window on the folder, with settings given by name (dots as double underscores).

    It ends with the test, and so do the programs in it. Where the test fails, a picture and the logs are kept.
    """

    def prepare(settings: dict[str, Any]) -> None:
        if settings:
            desk.close()  # they are the user's, and would come into force there as well
        server.configure(settings)

    yield from windows(request, browser, server, folder, prepare)


@pytest.fixture
def last_workbench(
    request: pytest.FixtureRequest,
    browser: Any,
    vsix: Path,
    folder: Path,
    desk: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., Any]]:
    """The same on a server of its own, for who does away with the extension."""
    desk.close()
    room = tmp_path_factory.mktemp("last")
    server = CodeServer(room / "server", installed(vsix, room / "extensions"))
    yield from windows(request, browser, server, folder, server.configure)
    server.stop()


def windows(
    request: pytest.FixtureRequest,
    browser: Any,
    server: CodeServer,
    folder: Path,
    prepare: Callable[[dict[str, Any]], None],
) -> Iterator[Callable[..., Any]]:
    from workbench import Workbench

    opened: list[Workbench] = []

    def open_window(file: str, **settings: Any) -> Workbench:
        prepare({name.replace("__", "."): value for name, value in settings.items()})
        opened.append(Workbench(browser, server, folder, SHOTS))
        opened[-1].open(file)
        return opened[-1]

    yield open_window
    for one in opened:
        if request.node.stash.get(FAILED, False):
            one.explain(request.node.name)
        one.close()
    server.end_programs()


@pytest.fixture(scope="module")
def desk(browser: Any, server: CodeServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The window of the stories that need no fresh one: opening it takes longer than they do."""
    from desk import Desk

    one = Desk(browser, server, tmp_path_factory.mktemp("desk"), SHOTS)
    yield one
    one.close()


@pytest.fixture
def at_work(request: pytest.FixtureRequest, desk: Any, server: CodeServer) -> Iterator[Callable[..., Any]]:
    """Brings files, given by name, to a window that other stories may have used, nothing of which is left in it."""
    yield desk.cleared
    if request.node.stash.get(FAILED, False) and desk.window is not None:
        desk.window.explain(request.node.name)
        desk.close()
    server.end_programs()
