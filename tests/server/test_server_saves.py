"""The way of a save through the server, with a scripted agent on the real wire."""

import asyncio
import os
from pathlib import Path

import pytest
from fake_agent import finding, report
from lsprotocol import types as t

TEXT = "value = 'é😀'; name = value\n\n\ndef f():\n    return 1\n"
AfterDelay = t.TextDocumentSaveReason.AfterDelay


@pytest.fixture
def app(folder) -> Path:
    path = folder / "app é.py"
    path.write_text(TEXT, encoding="utf-8")
    return path


def answers(agent, *findings, outcome="partial"):
    """Let the agent answer with findings from now on."""

    async def apply(params):
        agent.generation += 1
        return report(outcome, params["cause"], agent.generation, modules=["app"], findings=list(findings))

    agent.apply = apply


async def test_a_save_reloads_the_process_that_runs_the_file(editor, agent, app):
    running = await agent(app)
    await editor.attached()
    editor.open(app)
    editor.save(app, TEXT.replace("1", "2"))
    told = await editor.reloaded()
    assert (told.cause, list(told.files)) == ("save", [app.as_uri()])
    (process,) = told.processes
    assert (process.id, process.outcome, list(process.modules)) == (running.id, "applied", ["app é"])
    asked = await running.applied.get()
    assert asked["files"] == [{"path": str(app), "kind": "modified", "sha256": running.files()[0]["sha256"]}]
    assert await editor.lens(app) == "live in 1 process: app é, 1.5 ms"


async def test_the_program_may_start_before_or_after_the_editor(agent, app, start):
    await agent(app)
    editor = await start()
    await editor.attached(1)
    await agent(app, name="worker")
    status = await editor.attached(2)
    assert {process.name for process in status.processes} == {"app.py", "worker"}


async def test_a_process_of_another_workspace_is_left_alone(editor, agent, tmp_path, app):
    other = tmp_path / "other.py"
    other.write_text("")
    await agent(other)
    await agent(app)
    await editor.attached(1)
    answer = await editor.run("reloadLsp.attach")
    assert sorted(process["attached"] for process in plain(answer)["processes"]) == [False, True]


async def test_findings_are_diagnostics_where_the_client_counts(editor, agent, app):
    running = await agent(app)
    place = TEXT.index("name")
    where = {"path": str(app), "range": {"start": {"line": 3, "column": 4}, "end": {"line": 3, "column": 5}}}
    answers(running, finding(str(app), 0, place, place + 4, related=[{**where, "message": "read here"}]))
    await editor.attached()
    editor.open(app)
    editor.save(app)
    (shown,) = await editor.diagnosed(app, "RLD401")
    line = TEXT.splitlines()[0][:place]
    units = {"utf-16": len(line.encode("utf-16-le")) // 2, "utf-8": len(line.encode()), "utf-32": len(line)}
    assert shown.range.start == t.Position(0, units[editor.encoding])
    assert shown.source == "reload-lsp"
    assert shown.data["finding"] == "f0" and shown.data["process"] == running.id
    related = ["read here"] if editor.capabilities.text_document.publish_diagnostics.related_information else []
    assert [place.message for place in shown.related_information or []] == related
    assert shown.code_description and shown.code_description.href.endswith("#rld401")


async def test_findings_move_with_the_text(editor, agent, app):
    answers(await agent(app), finding(str(app), 3, 4, 5))
    await editor.attached()
    editor.open(app)
    editor.save(app)
    await editor.diagnosed(app, "RLD401")
    editor.insert(app, 0, "# one\n# two\n")
    await editor.until(lambda: editor.diagnostics(app)[0].range.start == t.Position(5, 4))


async def test_edits_made_while_the_reload_runs_move_its_findings(editor, agent, app):
    running = await agent(app)
    may_end = asyncio.Event()

    async def slow(params):
        await may_end.wait()
        return report("partial", "save", 1, findings=[finding(str(app), 3, 4, 5)])

    running.apply = slow
    await editor.attached()
    editor.open(app)
    editor.save(app)
    await running.applied.get()
    editor.insert(app, 0, "# one\n")
    await editor.lens(app)  # the server has taken the edit
    may_end.set()
    (shown,) = await editor.diagnosed(app, "RLD401")
    assert shown.range.start == t.Position(4, 4)


async def test_a_finding_goes_with_the_save_that_mends_it(editor, agent, app):
    running = await agent(app)
    answers(running, finding(str(app), 3, 4, 5))
    await editor.attached()
    editor.open(app)
    editor.save(app, TEXT + "# edited\n")
    await editor.diagnosed(app, "RLD401")
    step = {"module": app.stem, "name": "f", "line": 3, "ending": "patched", "why": "its text changed"}

    async def mended(params):
        return report("applied", "save", 2, statements=[step])

    running.apply = mended
    editor.save(app, TEXT)
    await editor.diagnosed(app)


async def test_a_finding_goes_with_its_process(editor, agent, app):
    running = await agent(app)
    answers(running, finding(str(app), 3, 4, 5))
    await editor.attached()
    editor.open(app)
    editor.save(app)
    await editor.diagnosed(app, "RLD401")
    await running.stop()
    await editor.diagnosed(app)
    await editor.attached(0)


async def test_the_same_finding_of_two_processes_is_shown_once(editor, agent, app):
    for name in ("web", "worker"):
        answers(await agent(app, name=name), finding(str(app), 3, 4, 5))
    await editor.attached(2)
    editor.open(app)
    editor.save(app)
    (told,) = [await editor.reloaded()]
    assert [process.outcome for process in told.processes] == ["partial", "partial"]
    (shown,) = await editor.diagnosed(app, "RLD401")
    assert shown.message == "held (in 2 of 2 processes)"
    assert len(shown.data["processes"]) == 2


async def test_a_syntax_error_is_shown_and_not_pushed(editor, agent, app):
    running = await agent(app)
    await editor.attached()
    editor.open(app)
    editor.save(app, "x = (1,\ny = 2 3\n")
    told = await editor.reloaded()
    assert told.processes[0].outcome == "refused"
    (shown,) = await editor.diagnosed(app, "RLD901")
    assert "refused" in shown.message and shown.severity == t.DiagnosticSeverity.Error
    editor.save(app, TEXT)
    assert (await editor.reloaded(2)).processes[0].outcome == "applied"
    await editor.diagnosed(app)
    assert running.applied.qsize() == 1


async def test_one_bad_file_holds_the_whole_batch_of_its_process_back(editor, agent, folder):
    one, two = folder / "one.py", folder / "two.py"
    for path in (one, two):
        path.write_text("a = 1\n")
    running = await agent(one, two)
    await editor.attached()
    for path in (one, two):
        editor.open(path)
    editor.write(one, "a = (\n")
    editor.write(two, "a = 2\n")
    editor.save(one)
    editor.save(two)
    assert (await editor.reloaded()).processes[0].outcome == "refused"
    editor.save(one, "a = 3\n")
    await editor.reloaded(2)
    asked = await running.applied.get()
    assert {os.path.basename(file["path"]) for file in asked["files"]} == {"one.py", "two.py"}


async def test_save_all_is_one_batch(editor, agent, folder):
    paths = [folder / f"m{number}.py" for number in range(5)]
    for path in paths:
        path.write_text("a = 1\n")
    running = await agent(*paths)
    await editor.attached()
    for path in paths:
        editor.open(path)
    together: list[int] = []
    for number in range(8):  # a machine that is busy with something else may tear one apart
        for path in paths:
            editor.write(path, f"a = {number + 2}\n")
        for path in paths:
            editor.save(path)
        files = 0
        while files < 5:
            told = await editor.reloaded(len(together) + 1)
            together.append(len(told.files))
            files += len(told.files)
    assert 5 in together
    assert running.applied.qsize() == len(together)


async def test_saves_during_a_batch_join_the_next(editor, agent, app):
    running = await agent(app)
    may_end = asyncio.Event()

    async def slow(params):
        await may_end.wait()
        return await running.accept(params)

    running.apply = slow
    await editor.attached()
    editor.open(app)
    editor.save(app, TEXT + "a = 1\n")
    await running.applied.get()
    for number in range(3):
        editor.save(app, TEXT + f"a = {number + 2}\n")
    await editor.lens(app)
    may_end.set()
    await editor.reloaded(4)
    assert running.applied.qsize() == 1


async def test_a_process_killed_in_the_middle_is_gone(editor, agent, app):
    running = await agent(app)

    async def die(params):
        await running.stop()
        return {}

    running.apply = die
    await editor.attached()
    editor.open(app)
    editor.save(app)
    assert (await editor.reloaded()).processes[0].outcome == "gone"
    await editor.attached(0)


async def test_two_editors_on_one_program(start, agent, app):
    running = await agent(app)
    one, two = await start(), await start("neovim")
    await one.attached()
    await two.attached()
    running.tell("reloaded", {"report": report("partial", findings=[finding(str(app), 3, 4, 5)])})
    for editor in (one, two):
        await editor.diagnosed(app, "RLD401")
        assert (await editor.reloaded()).processes[0].id == running.id


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"a = '\xff'\n", "utf-8"), (b"a = 1\nb = '\0'\n", "null"), (b"# coding: nonsense\n", "encoding")],
)
async def test_files_that_python_cannot_read(editor, agent, app, content, says):
    await agent(app)
    await editor.attached()
    editor.open(app)
    app.write_bytes(content)
    editor.said_saved(app)
    (shown,) = await editor.diagnosed(app, "RLD901")
    assert says in shown.message.lower()
    assert (await editor.reloaded()).processes[0].outcome == "refused"


async def test_a_file_of_five_megabytes_is_left_to_the_agent(editor, agent, app):
    running = await agent(app)
    await editor.attached()
    editor.open(app)
    app.write_text("a = 1\n" * 850_000)
    editor.said_saved(app)
    await editor.reloaded()
    assert running.applied.qsize() == 1


async def test_a_file_that_vanishes_after_the_save(editor, agent, app):
    await agent(app)
    await editor.attached()
    editor.open(app)
    app.unlink()
    editor.said_saved(app)
    said = await editor.until(lambda: editor.heard("window/logMessage"))
    assert "save the file again" in said[-1].message
    assert editor.heard("reloadLsp/didReload") == []


async def test_a_symlinked_workspace(start, agent, folder, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(folder)
    (folder / "m.py").write_text("a = 1\n")
    running = await agent(folder / "m.py")
    answers(running, finding(str(folder / "m.py"), 0, 0, 1))
    editor = await start(folders=[link])
    await editor.attached()
    editor.open(link / "m.py")
    editor.save(link / "m.py", "a = 2\n")
    await editor.reloaded()
    assert (await running.applied.get())["files"][0]["path"] == str(folder / "m.py")
    await editor.diagnosed(link / "m.py", "RLD401")


async def test_a_library_file_opened_and_saved_in_the_editor(editor, agent, app, tmp_path):
    library = tmp_path / "venv" / "site-packages" / "lib.py"
    library.parent.mkdir(parents=True)
    library.write_text("a = 1\n")
    running = await agent(app, library)
    await editor.attached()
    editor.open(library)
    editor.save(library, "a = 2\n")
    await editor.reloaded()
    assert (await running.applied.get())["files"][0]["path"] == str(library)


async def test_a_script_without_a_suffix(editor, agent, folder):
    script, notes = folder / "tool", folder / "notes"
    for path in (script, notes):
        path.write_text("a = 1\n")
    running = await agent(script)
    await editor.attached()
    for path in (notes, script):
        editor.open(path)
        editor.save(path, "a = 2\n")
    await editor.reloaded()
    (asked,) = [running.applied.get_nowait()]
    assert [file["path"] for file in asked["files"]] == [str(script)]


async def test_a_file_saved_before_the_process_was_found(start, agent, app, folder):
    other = folder / "other.py"
    other.write_text("a = 1\n")
    running = await agent(app, other)
    running.runs_older.add(str(app))
    editor = await start()
    (shown,) = await editor.diagnosed(app, "RLD801")
    assert "older text" in shown.message
    editor.open(app)
    assert "Reload this file" in [action.title for action in await editor.actions(app, 0)]
    editor.open(other)
    editor.save(other, "a = 2\n")
    await editor.diagnosed(app)
    asked = await running.applied.get()
    assert {os.path.basename(file["path"]) for file in asked["files"]} == {"other.py", "app é.py"}


def plain(value):
    """pygls gives results as named tuples."""
    if hasattr(value, "_asdict"):
        return {key: plain(item) for key, item in value._asdict().items()}
    return [plain(item) for item in value] if isinstance(value, list) else value
