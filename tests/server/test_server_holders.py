"""Show who holds the old objects: from a real program with some, as places and as a page."""

import pytest
from real import ANSWERING, launch

MODELS = "class Node:\n    __slots__ = ('name',)\n"
APP = "import models\n\nnodes = [models.Node(), models.Node()]\n" + ANSWERING


each_client = pytest.mark.parametrize("name", ["visual-studio-code", "neovim", "emacs"])


@pytest.fixture
async def program(folder):
    (folder / "models.py").write_text(MODELS, encoding="utf-8")
    (folder / "app.py").write_text(APP, encoding="utf-8")
    started = await launch(folder / "app.py")
    yield started
    await started.kill()


@each_client
async def test_show_who_holds_it(start, program, folder, name):
    editor, models = await start(name), folder / "models.py"
    await editor.attached()
    editor.open(models)
    editor.save(models, MODELS.replace("('name',)", "('name', 'x')"))
    (shown,) = await editor.diagnosed(models, "RLD101")
    action = {a.title: a for a in await editor.actions(models, shown.range.start.line)}["Show who holds it"]
    answer = await editor.run(action.command.command, *action.command.arguments)
    assert [(h["uri"], h["range"]["start"]["line"], h["message"]) for h in answer["holders"]] == [
        ((folder / "app.py").as_uri(), 2, "__main__.nodes in a container holds 2 of them")
    ]
    pages = ["holders.md"] if editor.capabilities.window.show_document else []
    assert [page.uri.rpartition("/")[2] for page in editor.client.shown_documents] == pages
    assert await program.ask("nodes.clear()") == "None"
    editor.save(models, MODELS.replace("('name',)", "('name', 'y')"))
    await editor.diagnosed(models)


@each_client
async def test_reload_all_changed_files_as_a_source_action(start, program, folder, name):
    editor, models = await start(name, options={"reloadOnSave": "never"}), folder / "models.py"
    await editor.attached()
    editor.open(models)
    editor.save(models, MODELS + "\n\nLIMIT = 5\n")
    await editor.lens(models)
    assert await program.ask("hasattr(models, 'LIMIT')") == "False"
    (action,) = await editor.actions(models, 0, only=["source.reloadLsp"])
    assert action.title == "Reload all changed files"
    await editor.run(action.command.command, *(action.command.arguments or ()))
    assert await program.ask("models.LIMIT") == "5"


@each_client
async def test_retry_what_failed_as_a_source_action(start, program, folder, name):
    editor, models = await start(name), folder / "models.py"
    await editor.attached()
    editor.open(models)
    editor.save(models, MODELS + "\n\nLIMIT = int(open('limit').read())\n")
    await editor.diagnosed(models, "RLD901")
    (folder / "limit").write_text("7", encoding="utf-8")
    found = {a.title: a for a in await editor.actions(models, 0, only=["source"])}
    action = found["Retry what failed to reload"]
    await editor.run(action.command.command, *(action.command.arguments or ()))
    assert await program.ask("models.LIMIT") == "7"
    await editor.diagnosed(models)
