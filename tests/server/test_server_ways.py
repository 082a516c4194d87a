"""The ways out, each from a real program in the state that raises the finding to a program that is right and no finding."""

from pathlib import Path

import pytest
from lsprotocol import types as t
from real import ANSWERING, launch

REGISTRY = "known = []\n\n\ndef register(name):\n    known.append(name)\n    print(end='')\n"
PLUGINS = "from registry import register\n\nSIZE = 2\nregister(f'ours{SIZE}')\n"
APP = "import plugins\nimport registry\n" + ANSWERING


@pytest.fixture
def project(folder) -> Path:
    for name, text in {"registry": REGISTRY, "plugins": PLUGINS, "app": APP}.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
async def program(project):
    started = await launch(project / "app.py")
    yield started
    await started.kill()


@pytest.fixture
async def editor(start, request):
    """One client is enough where a fix does the same in all of them."""
    return await start(getattr(request, "param", "neovim"))


each_client = pytest.mark.parametrize("editor", ["visual-studio-code", "neovim", "emacs"], indirect=True)


@pytest.fixture
async def held(editor, program, project):
    """The editor with a statement that was held: its input changed, and running it again would register twice."""
    plugins = project / "plugins.py"
    await editor.attached()
    editor.open(plugins)
    editor.save(plugins, PLUGINS.replace("SIZE = 2", "SIZE = 3"))
    await editor.until(lambda: editor.reloads_of(plugins))
    (shown,) = await editor.diagnosed(plugins, "RLD316")
    assert shown.range.start.line == 3
    assert await program.ask("registry.known") == "['ours2']"
    return editor


async def offered(editor, path, line, title) -> t.CodeAction:
    found = {action.title: action for action in await editor.actions(path, line)}
    assert title in found, list(found)
    return found[title]


async def press(editor, path, line, title):
    """Take a code action as an editor does: its edit, then its command."""
    action = await offered(editor, path, line, title)
    if action.edit:
        editor.apply(action.edit)
    if action.command:
        return await editor.run(action.command.command, *action.command.arguments)
    return None


@each_client
async def test_run_this_statement_again(held, program, project):
    plugins = project / "plugins.py"
    held.insert(plugins, 0, "# typed since, and not saved\n")
    answer = await press(held, plugins, 4, "Run this statement again")
    assert [p["outcome"] for p in answer["processes"]] == ["applied"]
    assert await program.ask("registry.known") == "['ours3']"
    await held.diagnosed(plugins)


async def test_a_statement_that_raises_when_it_is_run_again_is_put_back_and_stays_held(held, program, project):
    registry, plugins = project / "registry.py", project / "plugins.py"
    held.open(registry)
    held.save(registry, REGISTRY.replace("    known.append", "    int(name)\n    known.append"))
    await held.until(lambda: held.reloads_of(registry))
    await press(held, plugins, 3, "Run this statement again")
    found = await held.until(lambda: len(held.diagnostics(plugins)) == 2 and held.diagnostics(plugins))
    assert any("invalid literal" in one.message and "ours3" in one.message for one in found)
    assert await program.ask("registry.known") == "['ours2']"


async def test_apply_what_is_held(held, program, project):
    plugins = project / "plugins.py"
    (shown,) = held.diagnostics(plugins)
    await held.run("reloadLsp.applyHeld", shown.data["finding"], shown.data["process"])
    assert await program.ask("registry.known") == "['ours3']"
    await held.diagnosed(plugins)


COMMENTS = [
    "Keep this value on reload",
    "Never reload this statement",
    "Never reload this module",
    "Never report RLD316 here",
]


@pytest.mark.parametrize("title", COMMENTS)
async def test_a_comment_answers_once_it_is_saved(held, program, project, title):
    plugins = project / "plugins.py"
    await press(held, plugins, 3, title)
    held.save(plugins)
    await held.diagnosed(plugins)
    assert "# reload:" in plugins.read_text(encoding="utf-8")
    assert await program.ask("registry.known") == "['ours2']"


async def test_keep_the_value_by_command(held, project):
    plugins = project / "plugins.py"
    (shown,) = held.diagnostics(plugins)
    answer = await held.run("reloadLsp.keepValue", shown.data["finding"])
    if not answer["applied"]:
        held.apply(held.client.protocol._converter.structure(answer["edit"], t.WorkspaceEdit))
    held.save(plugins)
    await held.diagnosed(plugins)


async def test_undo_this_reload(held, program, project):
    plugins = project / "plugins.py"
    await press(held, plugins, 3, "Undo this reload")
    assert await program.ask("plugins.SIZE") == "2"
    await held.diagnosed(plugins)


async def test_retry_when_what_was_wrong_is_mended_elsewhere(held, program, project):
    plugins = project / "plugins.py"
    held.save(plugins, PLUGINS + "LIMIT = int(open('limit').read())\n")
    await held.until(lambda: any("FileNotFoundError" in one.message for one in held.diagnostics(plugins)))
    (project / "limit").write_text("5", encoding="utf-8")
    await press(held, plugins, 4, "Retry the reload")
    assert await program.ask("plugins.LIMIT") == "5"
    await held.until(lambda: not any("FileNotFound" in one.message for one in held.diagnostics(plugins)))


async def test_the_page_on_a_code(held, project):
    action = await offered(held, project / "plugins.py", 3, "Open the page on RLD316")
    assert list(action.command.arguments) == ["RLD316"]


async def test_a_finding_that_is_gone_is_said_to_be(held):
    for command in ("rerunStatement", "keepValue", "applyHeld"):
        answer = await held.run(f"reloadLsp.{command}", "99.9")
        assert "no longer shown" in answer["message"]


@each_client
async def test_write_a_migration_for_live_objects_and_save_it(editor, program, project):
    models = project / "models.py"
    before = "class Node:\n    def __init__(self, name):\n        self.name = name\n"
    models.write_text(before, encoding="utf-8")
    await editor.attached()
    assert await program.ask("len(globals().setdefault('nodes', [__import__('models').Node(n) for n in 'abc']))") == "3"
    editor.open(models)
    editor.save(
        models, before + "        self.children = []\n\n    def size(self):\n        return len(self.children)\n"
    )
    await editor.until(lambda: editor.reloads_of(models))
    await editor.diagnosed(models, "RLD106")
    assert await program.ask("[hasattr(n, 'children') for n in nodes]") == "[False, False, False]"
    answer = await press(editor, models, 3, "Write __reload_instance__ for the live objects")
    assert answer["message"] == "3 of 3 live Node objects would migrate. Save the file to migrate them."
    assert await program.ask("[hasattr(n, 'children') for n in nodes]") == "[False, False, False]"
    editor.save(models)
    await editor.diagnosed(models)
    assert await program.ask("[n.size() for n in nodes]") == "[0, 0, 0]"


SPINNING = "import jobs\nimport threading\n\nthreading.Thread(target=jobs.spin, daemon=True).start()\n" + ANSWERING
JOBS = """import time

turns = 0


def spin():
    global turns
    while True:
        turns += 1
        time.sleep(0.001)
"""


@pytest.fixture
async def spinning(project, editor):
    """A thread in a loop without an end: an edit of it never shows."""
    (project / "jobs.py").write_text(JOBS, encoding="utf-8")
    (project / "spinning.py").write_text(SPINNING, encoding="utf-8")
    started = []

    async def begin(*options):
        program = await launch(project / "spinning.py", *options)
        started.append(program)
        await editor.attached()
        editor.open(project / "jobs.py")
        editor.save(project / "jobs.py", JOBS.replace("+= 1", "-= 1"))
        await editor.until(lambda: editor.reloads_of(project / "jobs.py"))
        return program

    yield begin
    for program in started:
        await program.kill()


async def test_restart_the_program(editor, spinning, project):
    program, jobs = await spinning(), project / "jobs.py"
    await editor.diagnosed(jobs, "RLD402")
    await press(editor, jobs, 5, "Restart spinning.py")
    assert await program.line() == "ready"
    assert await program.ask("jobs.turns <= 0") == "True"
    await editor.diagnosed(jobs)
    assert (await editor.attached()).processes[0].pid == program.pid


async def test_a_restart_as_soon_as_an_edit_needs_one(editor, spinning, project):
    program = await spinning("--restart", "on-unsafe")
    assert await program.line() == "ready"
    assert await program.ask("jobs.turns <= 0") == "True"


@pytest.mark.parametrize("pressed", ["Restart spinning.py", "Not now"])
async def test_a_restart_when_the_user_says_so(editor, spinning, project, pressed):
    asked = []

    def answer(params):
        asked.append(params)
        return t.MessageActionItem(pressed)

    editor.client.feature(t.WINDOW_SHOW_MESSAGE_REQUEST)(answer)
    program = await spinning("--restart", "ask")
    await editor.until(lambda: asked)
    assert "never leaves its loop" in asked[0].message
    if pressed == "Not now":
        assert await program.ask("jobs.turns > 0") == "True"
    else:
        assert await program.line() == "ready"


async def test_what_cannot_be_restarted_is_said(held):
    answer = await held.run("reloadLsp.restart", "nobody")
    assert "reload-lsp run" in answer["message"]


async def test_the_classic_reload_of_a_module_and_its_dependents(held, program, project):
    registry, plugins = project / "registry.py", project / "plugins.py"
    answer = await held.run("reloadLsp.reloadModule", registry.as_uri())
    assert [list(p["modules"]) for p in answer["processes"]] == [["registry", "plugins"]]
    assert await program.ask("registry.known") == "['ours3']"
    await held.diagnosed(plugins)


async def test_unload_a_module_and_hear_who_holds_it(held, program, project):
    registry = project / "registry.py"
    await held.run("reloadLsp.unload", registry.as_uri())
    assert await program.ask("'registry' in sys.modules") == "False"
    (shown,) = await held.diagnosed(registry, "RLD204")
    assert "1 name in other modules" in shown.message
    answer = await held.run("reloadLsp.unload", registry.as_uri())
    assert "no attached process runs" in answer["message"]


async def test_give_what_holds_the_old_class_the_new_one(held, program, project):
    registry = project / "registry.py"
    held.open(registry)
    held.save(registry, REGISTRY + "\n\nclass Plugin:\n    pass\n")
    await held.until(lambda: held.reloads_of(registry))
    assert await program.ask("globals().setdefault('kept', registry.Plugin()) and 1") == "1"
    await held.run("reloadLsp.reloadModule", registry.as_uri())
    (shown,) = await held.diagnosed(registry, "RLD206")
    holders = await held.run("reloadLsp.showHolders", shown.data["finding"])
    assert holders["count"] == 1
    await press(held, registry, shown.range.start.line, "Give what holds the old one the new one")
    assert await program.ask("isinstance(kept, registry.Plugin)") == "True"
    await held.diagnosed(registry)


CACHED = """from functools import cached_property


class Pool:
    @cached_property
    def handler(self):
        return Exception('old')
"""


async def test_clear_the_caches(editor, program, project):
    pools = project / "pools.py"
    pools.write_text(CACHED, encoding="utf-8")
    await editor.attached()
    assert await program.ask("globals().setdefault('pool', __import__('pools').Pool()).handler.args") == "('old',)"
    editor.open(pools)
    editor.save(pools, CACHED.replace("old", "new"))
    await editor.until(lambda: editor.reloads_of(pools))
    await editor.diagnosed(pools, "RLD601")
    assert await program.ask("pool.handler.args") == "('old',)"
    await press(editor, pools, 4, "Clear the caches")
    assert await program.ask("pool.handler.args") == "('new',)"
    await editor.diagnosed(pools)
