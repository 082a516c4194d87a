"""Editors and programs for the server's tests; each test has a runtime folder of its own."""

import contextlib
import sys
import tempfile
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "sessions")]

from editor import Editor  # noqa: E402
from fake_agent import FakeAgent  # noqa: E402


@pytest.fixture
def runtime(monkeypatch):
    """The folder of the runtime folder: a short one, for the path of a socket has little room."""
    with tempfile.TemporaryDirectory(prefix="rl-") as made:
        monkeypatch.setenv("XDG_RUNTIME_DIR", made)
        yield Path(made)


@pytest.fixture
def folder(tmp_path, runtime):
    """A workspace whose name needs quoting."""
    made = tmp_path / "my prögram"
    made.mkdir()
    return made


@pytest.fixture
async def start(folder):
    """Starts editors that end with the test."""
    started = []

    async def begin(name="visual-studio-code", **settings):
        editor = Editor(name, folder)
        if "capabilities" in settings:
            settings.pop("capabilities")(editor.capabilities)
        started.append(await editor.start(**settings))
        return editor

    yield begin
    for editor in started:
        with contextlib.suppress(Exception):
            await editor.stop()


@pytest.fixture(params=["visual-studio-code", "neovim", "emacs"])
async def editor(request, start):
    """An editor as VS Code is, one as Neovim is, and one as Emacs is."""
    return await start(request.param)


@pytest.fixture
async def agent(folder):
    """Starts scripted agents that end with the test."""
    started = []

    async def begin(*files, **more):
        found = await FakeAgent(list(files), **more).start()
        started.append(found)
        return found

    yield begin
    for found in started:
        with contextlib.suppress(OSError):
            await found.stop()
