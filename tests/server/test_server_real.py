"""The whole path with nothing scripted: editor, server, wire, agent, engine, a program that runs on."""

from pathlib import Path

import pytest
from real import ANSWERING, Program, launch

MODELS = "LIMIT = 10\n\n\ndef double(n):\n    return n * 2\n"
SERVICES = "from models import LIMIT, double\n\nHIGHEST = double(LIMIT)\n"
APP = "import models\nimport services\n\ncount = [0]\n" + ANSWERING


@pytest.fixture
def project(folder) -> Path:
    for name, text in {"models": MODELS, "services": SERVICES, "app": APP}.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
async def program(project):
    started = await launch(project / "app.py")
    yield started
    await started.kill()


async def test_a_save_changes_the_running_program_which_keeps_its_state(editor, program: Program, project):
    models = project / "models.py"
    status = await editor.attached()
    assert [process.pid for process in status.processes] == [program.pid]
    await program.ask("count.append(7)")
    editor.open(models)
    editor.save(models, MODELS.replace("n * 2", "n * 3"))
    told = await editor.reloaded()
    assert [process.outcome for process in told.processes] == ["applied"]
    assert await program.ask("models.double(5), count") == "(15, [0, 7])"
    assert (await editor.lens(models)).startswith("live in 1 process: models")


async def test_a_value_flows_through_the_modules_in_order(editor, program, project):
    models = project / "models.py"
    await editor.attached()
    editor.open(models)
    editor.save(models, MODELS.replace("10", "21"))
    (process,) = (await editor.reloaded()).processes
    assert list(process.modules) == ["models", "services"]
    assert await program.ask("services.HIGHEST") == "42"


async def test_a_module_that_raises_is_rolled_back_and_said_on_the_line(editor, program, project):
    services = project / "services.py"
    await editor.attached()
    editor.open(services)
    editor.save(services, SERVICES + "é = '😀'; raised = 1 / 0\n")
    assert (await editor.reloaded()).processes[0].outcome == "rolled-back"
    (shown,) = await editor.until(lambda: editor.diagnostics(services))
    assert shown.range.start.line == 3 and "ZeroDivisionError" in shown.message
    assert await program.ask("services.HIGHEST") == "20"
    editor.save(services, SERVICES)
    await editor.diagnosed(services)


async def test_a_syntax_error_changes_nothing(editor, program, project):
    models = project / "models.py"
    await editor.attached()
    editor.open(models)
    editor.save(models, MODELS + "x = = 1\n")
    await editor.diagnosed(models, "RLD901")
    assert await program.ask("models.LIMIT") == "10"


async def test_undo_from_the_editor(editor, program, project):
    models = project / "models.py"
    await editor.attached()
    editor.open(models)
    editor.save(models, MODELS.replace("n * 2", "n * 3"))
    await editor.reloaded()
    assert (await editor.lens(models)).startswith("live")
    await editor.run("reloadLsp.undo")
    assert (await editor.lens(models)).startswith("undone in 1 process")
    told = await editor.reloaded(2)
    assert list(told.files) == [models.as_uri()] and told.undone
    assert await program.ask("models.double(5)") == "10"


async def test_a_library_file_opened_and_saved(editor, program, project):
    import sysconfig

    json = Path(sysconfig.get_paths()["stdlib"]) / "json" / "decoder.py"
    await program.ask("__import__('json') and None")
    await editor.attached()
    editor.open(json)
    editor.said_saved(json)
    (process,) = (await editor.reloaded()).processes
    assert process.outcome == "no-effect"


async def test_two_editors_on_one_program_hear_of_each_others_saves(start, program, project):
    models = project / "models.py"
    one, two = await start("visual-studio-code"), await start("neovim")
    await one.attached()
    await two.attached()
    one.open(models)
    one.save(models, MODELS.replace("10", "30"))
    assert (await one.reloaded()).cause == "save"
    assert (await two.reloaded()).processes[0].pid == program.pid


async def test_a_program_killed_takes_its_findings_with_it(editor, program, project):
    services = project / "services.py"
    await editor.attached()
    editor.open(services)
    editor.save(services, SERVICES + "raised = 1 / 0\n")
    await editor.until(lambda: editor.diagnostics(services))
    await program.kill()
    await editor.diagnosed(services)
    await editor.attached(0)


async def test_a_library_file_is_remembered_from_the_moment_it_is_opened(editor, project):
    library = project / ".venv" / "lib" / "python3" / "site-packages" / "lib.py"
    library.parent.mkdir(parents=True)
    (project / ".venv" / "pyvenv.cfg").write_text("")
    library.write_text("def told():\n    return 'old'\n")
    app = project / "app.py"
    app.write_text(f"import sys\nsys.path.append({str(library.parent)!r})\nimport lib\n" + app.read_text())
    editor.open(library)
    program = await launch(app)
    try:
        await editor.attached()
        await editor.run("reloadLsp.ping")
        editor.save(library, "def told():\n    return 'new'\n")
        (process,) = (await editor.reloaded()).processes
        assert (process.outcome, list(process.modules)) == ("applied", ["lib"])
        assert await program.ask("lib.told()") == "new"
    finally:
        await program.kill()


async def test_what_the_program_loaded_since_it_was_attached_is_watched_too(editor, program, project):
    late, data = project / "late.py", project / "limit.txt"
    late.write_text("HIGHEST = int(open('limit.txt').read())\n", encoding="utf-8")
    data.write_text("5\n", encoding="utf-8")
    await editor.attached()
    await editor.watching(project / "services.py")
    assert await program.ask("__import__('late').HIGHEST") == "5"
    data.write_text("6\n", encoding="utf-8")
    await editor.until(lambda: editor.reloads_of(data))
    assert await program.ask("sys.modules['late'].HIGHEST") == "6"
    late.write_text("HIGHEST = 7\n", encoding="utf-8")
    await editor.until(lambda: editor.reloads_of(late))
    assert await program.ask("sys.modules['late'].HIGHEST") == "7"
