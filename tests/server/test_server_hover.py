"""Hover on module-level names: what runs, how many objects there are, who depends on it."""

from pathlib import Path

import pytest
from lsprotocol import types as t
from real import ANSWERING, launch

MODELS = (
    "LIMIT = 10\n\n\nclass Item:\n    def price(self):\n        return LIMIT\n\n\ndef double(n):\n    return n * 2\n"
)
SERVICES = "from models import LIMIT, Item, double\n\nHIGHEST = double(LIMIT)\nitems = [Item(), Item()]\n"
APP = "import services\n\nTOTAL = services.HIGHEST + 1\n" + ANSWERING


@pytest.fixture(params=["visual-studio-code", "neovim", "emacs"])
async def editor(request, start):
    return await start(request.param)


@pytest.fixture
def project(folder) -> Path:
    for name, text in {"models": MODELS, "services": SERVICES, "app": APP}.items():
        (folder / f"{name}.py").write_text(text)
    return folder


@pytest.fixture
async def program(project):
    started = await launch(project / "app.py")
    yield started
    await started.kill()


async def hovered(editor, path: Path, line: int, character: int) -> str | None:
    found = await editor.client.text_document_hover_async(
        t.HoverParams(t.TextDocumentIdentifier(path.as_uri()), t.Position(line, character))
    )
    return found.contents.value if found else None


async def test_what_runs_and_who_depends_on_it(editor, program, project):
    models = project / "models.py"
    await editor.attached()
    editor.open(models)
    said = await hovered(editor, models, 0, 2)
    assert said.startswith("`LIMIT` of `models`\n\n**app.py (pid ") and "generation 0**" in said
    assert "- runs the text on the screen" in said
    assert "Read by, in order: `models.Item` → `services.HIGHEST` → `services.items` → `__main__.TOTAL`" in said
    editor.write(models, MODELS.replace("10", "20"))
    assert "- runs another text than the one on the screen" in await hovered(editor, models, 0, 2)
    editor.save(models)
    await editor.reloaded()
    said = await hovered(editor, models, 0, 2)
    assert "runs the text on the screen" in said and "models was last reloaded in generation 1" in said


async def test_a_class_with_its_live_objects_also_where_it_is_imported(editor, program, project):
    services = project / "services.py"
    await editor.attached()
    editor.open(services)
    said = await hovered(editor, services, 3, 10)
    assert said.startswith("`Item` of `models`") and "- 2 live instances" in said
    await program.ask("services.items.clear()")
    assert "- 0 live instances" in await hovered(editor, services, 3, 10)


async def test_names_that_are_no_names_of_the_program(editor, program, project):
    models = project / "models.py"
    await editor.attached()
    editor.open(models)
    assert await hovered(editor, models, 8, 11) is None, "a parameter"
    assert await hovered(editor, models, 1, 0) is None
    editor.write(models, "# LIMIT\nx = 'LIMIT'\nimport os\nos.sep\n")
    for place in ((0, 3), (1, 6), (3, 4)):
        assert await hovered(editor, models, *place) is None


async def test_without_a_process_it_says_so(editor, project):
    models = project / "models.py"
    editor.open(models)
    said = await hovered(editor, models, 8, 5)
    assert "No process is attached." in said and "`services.HIGHEST` → `app.TOTAL`" in said
