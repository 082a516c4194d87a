"""While a file is edited: what saving it would do, on its lines, on its first line and as a page."""

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types as t
from real import ANSWERING, launch

CONFIG = "WORKERS = 2\n\n\ndef double(n):\n    return n * 2\n"
APP = "import threading\nfrom config import WORKERS, double\n\npool = threading.Thread(name=str(WORKERS))\n" + ANSWERING


@pytest.fixture(params=["visual-studio-code", "neovim", "emacs"])
async def editor(request, start):
    return await start(request.param)


@pytest.fixture
def project(folder) -> Path:
    (folder / "config.py").write_text(CONFIG)
    (folder / "app.py").write_text(APP)
    return folder


@pytest.fixture
async def program(project):
    started = await launch(project / "app.py")
    yield started
    await started.kill()


async def lens(editor, path: Path, begins: str) -> str:
    """The lens, once it begins so."""
    for _ in range(200):
        found = await editor.lens(path)
        if found is not None and found.startswith(begins):
            return found
        await editor.run("reloadLsp.ping")
        await asyncio.sleep(0.02)
    raise AssertionError(f"the lens is {found!r}")


async def test_what_a_save_would_hold_is_a_quiet_finding_on_its_line(editor, program, project):
    config, app = project / "config.py", project / "app.py"
    await editor.attached()
    editor.open(config)
    editor.write(config, CONFIG.replace("2\n\n", "3\n\n"))
    (shown,) = await editor.diagnosed(app, "RLD301")
    assert (shown.range.start.line, shown.severity) == (3, t.DiagnosticSeverity.Information)
    assert shown.message.startswith("on save: pool is not run again although WORKERS changed")
    assert await lens(editor, config, "on save") == "on save: re-run 2 statements in 2 modules · 1 held"
    editor.write(config, CONFIG)
    await editor.diagnosed(app)
    assert await program.ask("pool.name") == "2"


async def test_after_the_save_the_same_code_is_there_as_a_warning(editor, program, project):
    config, app = project / "config.py", project / "app.py"
    await editor.attached()
    editor.open(config)
    editor.write(config, CONFIG.replace("2\n\n", "3\n\n"))
    await editor.diagnosed(app, "RLD301")
    editor.save(config)
    await editor.reloaded()
    await editor.until(lambda: [d.severity for d in editor.diagnostics(app)] == [t.DiagnosticSeverity.Warning])
    assert [d.code for d in editor.diagnostics(app)] == ["RLD301"]
    assert (await lens(editor, config, "live")).startswith("live in 1 process: config → __main__")


async def test_only_the_newest_version_is_judged_and_a_closed_file_not_at_all(editor, program, project):
    config, app = project / "config.py", project / "app.py"
    await editor.attached()
    editor.open(config)
    editor.write(config, CONFIG.replace("2\n\n", "3\n\n"))
    editor.write(config, CONFIG.replace("n * 2", "n * 3"))
    assert await lens(editor, config, "on save") == "on save: patch 1 function"
    assert editor.diagnostics(app) == []
    editor.write(config, CONFIG.replace("2\n\n", "4\n\n"))
    await editor.diagnosed(app, "RLD301")
    editor.client.text_document_did_close(t.DidCloseTextDocumentParams(t.TextDocumentIdentifier(config.as_uri())))
    await editor.diagnosed(app)


async def test_an_unfinished_text_is_told_in_the_lens_alone(editor, program, project):
    config = project / "config.py"
    await editor.attached()
    editor.open(config)
    editor.write(config, CONFIG + "x = (\n")
    assert await lens(editor, config, "on save") == "on save: refused, '(' was never closed (line 6)"
    assert editor.diagnostics(config) == []


async def test_the_page_has_every_step_with_its_reason(editor, program, project):
    config = project / "config.py"
    await editor.attached()
    editor.open(config)
    editor.write(config, CONFIG.replace("2\n\n", "3\n\n"))
    page = (await editor.run("reloadLsp.showPlan", config.as_uri()))["markdown"]
    assert page.startswith("# What saving config.py would do\n\n## In app.py (pid ")
    assert "1. run `WORKERS` [config.py:1](" in page
    assert "**hold** `pool` [app.py:4](" in page and "Modules, in order: `config` → `__main__`" in page
    assert (await editor.run("reloadLsp.showPlan"))["markdown"] == page


async def test_without_a_process_the_saved_text_is_the_measure(editor, project):
    config, app = project / "config.py", project / "app.py"
    editor.open(config)
    editor.write(config, CONFIG.replace("2\n\n", "3\n\n"))
    await editor.diagnosed(app, "RLD301")
    assert (await lens(editor, config, "on save")).endswith("1 held (no process attached)")
    editor.save(config)
    await editor.diagnosed(app)


async def test_how_many_objects_are_concerned_the_process_tells(editor, project):
    text = "class A:\n    def __init__(self):\n        self.x = 1\n\n    def y2(self):\n        return self.y\n"
    (project / "config.py").write_text(text)
    (project / "app.py").write_text("import config\nheld = [config.A(), config.A()]\n" + ANSWERING)
    program = await launch(project / "app.py")
    try:
        await editor.attached()
        config = project / "config.py"
        editor.open(config)
        edited = text.replace("self.x = 1\n", "self.x = 1\n        self.y = 2\n")
        editor.write(config, edited)
        (shown,) = await editor.diagnosed(config, "RLD106")
        assert shown.message.startswith("on save: 2 live A objects made before this edit will lack y")
        await program.ask("held.clear()")
        editor.write(config, edited + "\n")
        await editor.diagnosed(config)
    finally:
        await program.kill()


async def test_it_can_be_switched_off(start, project):
    editor = await start(options={"verdict": False})
    config = project / "config.py"
    editor.open(config)
    editor.write(config, CONFIG.replace("2\n\n", "3\n\n"))
    assert (await editor.run("reloadLsp.showPlan", config.as_uri()))["markdown"]
    assert await editor.lens(config) is None


async def test_the_way_out_before_the_save_is_a_comment(editor, program, project):
    config, app = project / "config.py", project / "app.py"
    await editor.attached()
    editor.open(config)
    editor.open(app)
    editor.write(config, CONFIG.replace("2\n\n", "3\n\n"))
    await editor.diagnosed(app, "RLD301")
    titles = [action.title for action in await editor.actions(app, 3)]
    assert titles[:3] == [
        "Keep this value on reload",
        "Always run this again when its inputs change",
        "Never report RLD301 here",
    ]
    assert "Undo this reload" not in titles


async def test_the_graph_of_what_reads_a_file(editor, program, project):
    config = project / "config.py"
    await editor.attached()
    editor.open(config)
    editor.save(config, CONFIG.replace("n * 2", "n * 3"))
    await editor.reloaded()
    found = await editor.run("reloadLsp.showGraph", config.as_uri())
    assert [(n["name"], n["attached"]) for n in found["nodes"]] == [("config", True), ("__main__", True)]
    assert found["edges"] == [{"from": "config", "to": "__main__"}]
    assert found["nodes"][0]["uri"] == config.as_uri()
    assert found["last"] == ["config"] and found["mermaid"].startswith("flowchart TD\n")


async def test_what_differs_from_a_fresh_process_is_shown_until_the_next_reload(editor, program, project):
    config = project / "config.py"
    await editor.attached()
    editor.open(config)
    (process,) = (await editor.run("reloadLsp.verify", {"effects": True}))["processes"]
    assert (sorted(process["compared"]), process["findings"]) == (["__main__", "config"], [])
    await program.ask("setattr(__import__('config'), 'double', lambda n: n)")
    (process,) = (await editor.run("reloadLsp.verify"))["processes"]
    assert [left["module"] for left in process["leftOut"]] == ["__main__"]
    (shown,) = await editor.diagnosed(config, "RLD909")
    assert shown.range.start.line == 3 and "function double differs" in shown.message
    editor.save(config, CONFIG.replace("n * 2", "n * 3"))
    await editor.diagnosed(config)


def pulls(capabilities) -> None:
    capabilities.text_document.diagnostic = t.DiagnosticClientCapabilities()
    capabilities.workspace.diagnostics = t.DiagnosticWorkspaceClientCapabilities(refresh_support=True)


async def pulled(editor, path: Path) -> list[str]:
    params = t.DocumentDiagnosticParams(t.TextDocumentIdentifier(path.as_uri()))
    return [str(d.code) for d in (await editor.client.text_document_diagnostic_async(params)).items]


async def test_a_client_that_pulls_is_pushed_only_what_happened(start, program, project):
    editor = await start("visual-studio-code", capabilities=pulls)
    config, app = project / "config.py", project / "app.py"
    await editor.attached()
    editor.open(config)
    editor.open(app)
    editor.write(config, CONFIG.replace("2\n\n", "3\n\n"))
    assert await pulled(editor, config) == []
    assert await pulled(editor, app) == ["RLD301"]
    assert editor.diagnostics(app) == []
    editor.save(config)
    await editor.diagnosed(app, "RLD301")
    assert await pulled(editor, app) == []
