"""Edited lines that have not run since: inlay hints that clear themselves."""

from pathlib import Path

import pytest
from lsprotocol import types as t
from real import ANSWERING, MONITORS, NO_MONITOR, launch

pytestmark = NO_MONITOR

LIB = "def price(n):\n    if n:\n        return 1\n    return 2\n"
APP = "import lib\n" + ANSWERING


@pytest.fixture
def lib(folder) -> Path:
    (folder / "lib.py").write_text(LIB)
    (folder / "app.py").write_text(APP)
    return folder / "lib.py"


@pytest.fixture
async def program(lib):
    started = await launch(lib.with_name("app.py"), python=MONITORS)
    yield started
    await started.kill()


def shows_hints(capabilities) -> None:
    capabilities.text_document.inlay_hint = t.InlayHintClientCapabilities()
    capabilities.workspace.inlay_hint = t.InlayHintWorkspaceClientCapabilities(refresh_support=True)


async def hints(editor, path: Path) -> list[tuple[int, str]]:
    whole = t.Range(t.Position(0, 0), t.Position(99, 0))
    params = t.InlayHintParams(t.TextDocumentIdentifier(path.as_uri()), whole)
    return [(h.position.line, h.label) for h in await editor.client.text_document_inlay_hint_async(params)]


async def hinted(editor, path: Path, *lines: int) -> None:
    for _ in range(200):
        await editor.run("reloadLsp.ping")
        if [line for line, _ in await hints(editor, path)] == list(lines):
            return
    raise AssertionError(await hints(editor, path))


async def test_as_inlay_hints(start, program, lib):
    editor = await start("visual-studio-code", capabilities=shows_hints)
    await editor.attached()
    editor.open(lib)
    editor.save(lib, LIB.replace("return 1\n    return 2", "return 10\n    return 20"))
    await editor.reloaded()
    await hinted(editor, lib, 3)
    assert (await hints(editor, lib))[0][1] == "not run yet"
    editor.insert(lib, 0, "# a new first line\n")
    await hinted(editor, lib, 4)
    assert await program.ask("lib.price(0)") == "20"
    await hinted(editor, lib, 3)
    assert await program.ask("lib.price(1)") == "10"
    await hinted(editor, lib)


async def test_as_diagnostics(start, program, lib):
    editor = await start(options={"notRun": "hint"})
    await editor.attached()
    editor.open(lib)
    editor.save(lib, LIB.replace("return 1", "return 10"))
    (shown,) = await editor.diagnosed(lib, "RLD413")
    assert (shown.range.start.line, shown.severity) == (2, t.DiagnosticSeverity.Hint)
    await program.ask("lib.price(1)")
    await editor.diagnosed(lib)


async def test_it_goes_with_its_process_and_can_be_switched_off(start, program, lib):
    editor = await start(options={"notRun": "hint"})
    silent = await start(options={"notRun": "off"})
    await editor.attached()
    await silent.attached()
    editor.open(lib)
    editor.save(lib, LIB.replace("return 1", "return 10"))
    await editor.diagnosed(lib, "RLD413")
    assert silent.diagnostics(lib) == []
    await program.kill()
    await editor.diagnosed(lib)
