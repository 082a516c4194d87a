"""What the server offers: code actions, commands, progress; and changes from outside the editor."""

import asyncio
import subprocess
from pathlib import Path

import pytest
from fake_agent import finding, report
from lsprotocol import types as t


@pytest.fixture
def app(folder) -> Path:
    path = folder / "app.py"
    path.write_text("jobs = make()\nother = 1\n")
    return path


def answers(agent, *findings, outcome="partial"):
    async def apply(params):
        agent.generation += 1
        return report(outcome, params["cause"], agent.generation, findings=list(findings))

    agent.apply = apply


async def held(editor, agent, app, **more):
    """A running program with one finding shown in the editor."""
    running = await agent(app)
    said = finding(str(app), 0, 0, 4, **more)
    answers(running, said)
    await editor.attached()
    editor.open(app)
    editor.save(app)
    await editor.until(lambda: said["code"] in [d.code for d in editor.diagnostics(app)])
    return running


def edits(action: t.CodeAction) -> list[t.TextEdit]:
    if action.edit.document_changes:
        return list(action.edit.document_changes[0].edits)
    return [edit for found in action.edit.changes.values() for edit in found]


async def test_the_fixes_that_the_engine_names(editor, agent, app):
    fixes = [{"kind": "keep"}, {"kind": "never"}, {"kind": "from the future"}]
    await held(editor, agent, app, data={"fixes": fixes})
    found = {action.title: action for action in await editor.actions(app, 0)}
    (edit,) = edits(found["Keep this value on reload"])
    assert (edit.new_text, edit.range.start) == ("  # reload: keep", t.Position(0, 13))
    assert found["Keep this value on reload"].diagnostics[0].code == "RLD401"
    assert "Never reload this statement" in found
    assert edits(found["Never report RLD401 here"])[0].new_text == "  # reload: ignore[RLD401]"
    assert found["Undo this reload"].command.command == "reloadLsp.undo"
    assert found["Reload all changed files"].command.command == "reloadLsp.reload"
    assert not any("future" in title for title in found)


async def test_actions_of_the_kinds_asked_for_and_of_the_lines_asked_for(editor, agent, app):
    await held(editor, agent, app)
    (found,) = await editor.actions(app, 0, only=["source"])
    assert found.title == "Reload all changed files"
    assert all(action.kind != "quickfix" for action in await editor.actions(app, 1))


async def test_what_failed_is_retried(editor, agent, app):
    running = await held(editor, agent, app, code="RLD901", verdict="rolled-back")
    titles = [action.title for action in await editor.actions(app, 0)]
    assert "Retry the reload" in titles and "Retry what failed to reload" in titles
    answers(running, outcome="applied")
    await editor.run("reloadLsp.retry")
    await editor.diagnosed(app)


async def test_undo_voids_what_was_said_about_the_batch(editor, agent, app):
    await held(editor, agent, app)
    await editor.run("reloadLsp.undo")
    await editor.diagnosed(app)
    assert (await editor.reloaded(2)).cause == "command"


async def test_pause_remembers_and_resume_reloads(editor, agent, app):
    running = await agent(app)
    await editor.attached()
    editor.open(app)
    await editor.run("reloadLsp.pause")
    await editor.until(lambda: editor.heard("reloadLsp/status")[-1].paused)
    editor.save(app, "jobs = 2\n")
    await editor.lens(app)
    assert running.applied.empty()
    await editor.run("reloadLsp.resume")
    assert (await editor.reloaded()).cause == "command"
    assert running.applied.qsize() == 1


async def test_detach_and_attach_by_id(editor, agent, app):
    running = await held(editor, agent, app)
    await editor.run("reloadLsp.detach", running.id)
    await editor.diagnosed(app)
    await editor.attached(0)
    editor.save(app, "jobs = 3\n")
    await editor.run("reloadLsp.attach", running.id)
    await editor.attached(1)
    assert running.applied.qsize() == 1


async def test_history_is_newest_first(editor, agent, app):
    await held(editor, agent, app)
    editor.save(app, "jobs = 3\n")
    await editor.reloaded(2)
    found = await editor.run("reloadLsp.history")
    assert [batch["batch"] for batch in found["batches"]] == [2, 1]


async def test_progress_is_shown_only_for_what_takes_long(start, agent, app):
    editor = await start()
    running = await agent(app)
    await editor.attached()
    editor.open(app)
    editor.save(app)
    await editor.reloaded()
    assert editor.heard("$/progress") == []
    shown = asyncio.Event()

    async def slow(params):
        await shown.wait()
        return report()

    running.apply = slow
    editor.save(app, "jobs = 4\n")
    await editor.until(lambda: editor.heard("$/progress"))
    assert editor.heard("reloadLsp/status")[-1].processes[0].state == "reloading"
    shown.set()
    await editor.until(lambda: len(editor.heard("$/progress")) == 2)


async def test_a_change_outside_the_editor_reloads(editor, agent, app):
    await agent(app)
    await editor.attached()
    told = await editor.watching(app)
    assert told.cause == "external"


async def test_a_save_is_not_reloaded_again_as_a_change_outside(editor, agent, app):
    running = await agent(app)
    await editor.attached()
    await editor.watching(app)
    while not running.applied.empty():
        running.applied.get_nowait()
    editor.open(app)
    editor.save(app, "jobs = 'saved'\n")
    await editor.until(lambda: any(n.cause == "save" for n in editor.heard("reloadLsp/didReload")))
    app.with_name("other.py").write_text("")
    app.write_text("jobs = 'outside'\n")
    await editor.until(lambda: editor.heard("reloadLsp/didReload")[-1].cause == "external")
    causes = [running.applied.get_nowait()["cause"] for _ in range(running.applied.qsize())]
    assert causes == ["save", "external"]


async def test_a_save_under_way_is_left_to_the_editor_however_often_it_is_seen(editor, agent, app, folder):
    other = folder / "other.py"
    other.write_text("a = 0\n")
    await agent(app, other)
    await editor.attached()
    await editor.watching(other)
    editor.open(app)
    editor.write(app, "jobs = 'saved'\n")
    for number in range(3):
        told = len(editor.reloads_of(other))
        app.write_text("jobs = 'saved'\n")
        other.write_text(f"a = 'beside, {number}'\n")  # seen after the file that is being saved
        await editor.until(lambda told=told: len(editor.reloads_of(other)) > told)
    assert editor.reloads_of(app) == []
    editor.said_saved(app)
    (told,) = await editor.until(lambda: editor.reloads_of(app))
    assert told.cause == "save"
    assert list(told.files) == [app.as_uri()]


async def test_a_save_that_waits_for_the_rest_of_save_all_is_left_alone_by_the_watcher(editor, agent, app, folder):
    other, unsaved = folder / "other.py", folder / "unsaved.py"
    other.write_text("a = 0\n")
    unsaved.write_text("a = 0\n")
    await agent(app, other, unsaved)
    await editor.attached()
    await editor.watching(other)
    for path in (app, unsaved):
        editor.open(path)
        editor.write(path, "jobs = 'edited'\n")
    told = len(editor.reloads_of(other))
    app.write_text("jobs = 'edited'\n")
    other.write_text("a = 'beside'\n")  # seen after the file that was saved
    editor.said_saved(app)
    coming = t.WillSaveTextDocumentParams(t.TextDocumentIdentifier(unsaved.as_uri()), t.TextDocumentSaveReason.Manual)
    while len(editor.reloads_of(other)) == told:
        editor.client.text_document_will_save(coming)  # for as long as others are announced, the save waits
        await asyncio.sleep(0.01)
    await editor.until(lambda: editor.reloads_of(app))
    assert [one.cause for one in editor.reloads_of(app)] == ["save"]


async def test_a_loaded_file_that_git_ignores_is_held(editor, agent, app, folder):
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    (folder / ".gitignore").write_text("generated.py\n")
    generated = folder / "generated.py"
    generated.write_text("a = 1\n")
    running = await agent(app, generated)
    await editor.attached()
    await editor.watching(app)
    generated.write_text("a = 2\n")
    (shown,) = await editor.diagnosed(generated, "RLD510")
    assert "ignored by git" in shown.message
    asked = [running.applied.get_nowait() for _ in range(running.applied.qsize())]
    assert all(Path(file["path"]).name == "app.py" for params in asked for file in params["files"])
    editor.open(generated)
    editor.save(generated)
    await editor.diagnosed(generated)


async def test_by_hand_only_silences_the_watcher_for_open_files(start, agent, app, folder):
    other = folder / "other.py"
    other.write_text("a = 1\n")
    running = await agent(app, other)
    editor = await start(options={"reloadOnSave": "manual"})
    await editor.attached()
    editor.open(app)
    await editor.watching(other)
    app.write_text("jobs = 'outside'\n")
    other.write_text("a = 'outside'\n")
    await editor.until(lambda: len(editor.heard("reloadLsp/didReload")) >= 2)
    asked = [running.applied.get_nowait() for _ in range(running.applied.qsize())]
    assert all(Path(file["path"]).name == "other.py" for params in asked for file in params["files"])


async def test_folders_that_come_later(start, agent, tmp_path, folder):
    added = tmp_path / "second root"
    added.mkdir()
    module = added / "m.py"
    module.write_text("a = 1\n")
    await agent(module)
    editor = await start()
    editor.client.workspace_did_change_workspace_folders(
        t.DidChangeWorkspaceFoldersParams(
            t.WorkspaceFoldersChangeEvent([t.WorkspaceFolder(added.as_uri(), "second")], [])
        )
    )
    await editor.attached(1)
    editor.open(module)
    editor.save(module, "a = 2\n")
    await editor.reloaded()


async def test_a_change_that_only_the_client_saw(editor, agent, app):
    running = await agent(app)
    await editor.attached()
    running.runs_older.add(str(app))
    running.tell("loaded", {"files": running.files()})
    change = t.FileEvent(app.as_uri(), t.FileChangeType.Changed)
    editor.client.workspace_did_change_watched_files(t.DidChangeWatchedFilesParams([change]))
    assert (await editor.reloaded()).cause == "external"
    assert [Path(file["path"]) for file in running.applied.get_nowait()["files"]] == [app]


async def test_what_takes_long_can_be_cancelled_before_it_is_sent(start, agent, app):
    editor = await start()
    running = await agent(app)
    await editor.attached()
    editor.open(app)
    go = asyncio.Event()

    async def slow(params):
        await go.wait()
        return report()

    running.apply = slow
    editor.save(app, "jobs = 1\n")
    await editor.until(lambda: editor.heard("$/progress"))
    editor.save(app, "jobs = 2\n")
    begun = await editor.until(lambda: [n for n in editor.heard("$/progress") if n.token == "reload-lsp/2"])
    assert begun[0].value["cancellable"]
    editor.client.window_work_done_progress_cancel(t.WorkDoneProgressCancelParams("reload-lsp/2"))
    told = await editor.reloaded()
    assert (told.batch, told.processes[0].outcome) == (2, "refused")
    go.set()
    await editor.until(lambda: len(editor.heard("reloadLsp/didReload")) == 2)
    assert running.applied.qsize() == 1
    running.apply = running.accept
    await editor.run("reloadLsp.retry")
    assert running.applied.qsize() == 2


async def test_a_save_that_the_watcher_sees_first_is_one_batch(editor, agent, app, folder):
    other = folder / "other.py"
    other.write_text("a = 1\n")
    await agent(app, other)
    await editor.attached()
    await editor.watching(other)
    editor.open(app)
    editor.write(app, "jobs = 'saved'\n")
    app.write_text("jobs = 'saved'\n")
    other.write_text("a = 'outside'\n")
    before = len(editor.reloads_of(other))
    await editor.until(lambda: len(editor.reloads_of(other)) > before)
    editor.said_saved(app)
    (told,) = await editor.until(lambda: editor.reloads_of(app))
    assert (told.cause, told.processes[0].outcome) == ("save", "applied")
    await editor.run("reloadLsp.ping")
    assert len(editor.reloads_of(app)) == 1


async def test_a_save_of_which_the_editor_never_tells_is_reloaded_all_the_same(editor, agent, app):
    await agent(app)
    await editor.attached()
    await editor.watching(app)
    before = len(editor.reloads_of(app))
    editor.open(app)
    editor.write(app, "jobs = 'written'\n")
    app.write_text("jobs = 'written'\n")
    await editor.until(lambda: len(editor.reloads_of(app)) > before)
    assert editor.reloads_of(app)[-1].cause == "external"
