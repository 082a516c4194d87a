"""Settings: one schema, three sources, unknown names told with the nearest."""

from pathlib import Path

import pytest
from lsprotocol import types as t

from reload_lsp.server.saving import Gather, Reason, reloads
from reload_lsp.server.settings import Settings, from_pyproject, merged, section, watches_open_files


def test_later_sources_win():
    found, problems = merged({"reload-on-save": "never", "watch": False}, {}, {"reloadOnSave": "manual"})
    assert found == Settings("manual", False, True) and problems == []


def test_unknown_names_are_told_with_the_nearest():
    _, problems = merged({"reloadOnSav": "all"}, {"zzz": 1})
    assert "did you mean reloadOnSave?" in problems[0]
    assert "there are reloadOnSave, watch, codeLens" in problems[1]


@pytest.mark.parametrize(("name", "value"), [("reloadOnSave", "sometimes"), ("watch", "yes"), ("codeLens", 1)])
def test_values_that_make_no_sense_are_told_and_left_out(name, value):
    found, problems = merged({name: value})
    assert found == Settings() and name in problems[0]


def test_a_clients_section_with_and_without_its_name():
    assert section({"reloadLsp": {"watch": False}}) == section({"watch": False}) == {"watch": False}
    assert section(None) == section([1]) == {}


def test_pyproject(tmp_path: Path):
    file = tmp_path / "pyproject.toml"
    assert from_pyproject(tmp_path) == ({}, None)
    file.write_text('[tool.reload-lsp]\nreload-on-save = "never"\n')
    assert from_pyproject(tmp_path) == ({"reload-on-save": "never"}, None)
    file.write_text("[tool.reload-lsp\n")
    assert "not valid TOML" in (from_pyproject(tmp_path)[1] or "")


@pytest.mark.parametrize(
    ("policy", "reason", "dirty", "expected"),
    [
        ("all", Reason.AfterDelay, False, True),
        ("allIfDirty", Reason.AfterDelay, True, True),
        ("allIfDirty", Reason.Manual, False, False),
        ("manual", Reason.AfterDelay, True, False),
        ("manual", Reason.FocusOut, True, False),
        ("manual", Reason.Manual, False, True),
        ("manual", None, False, True),
        ("manualIfDirty", Reason.Manual, False, False),
        ("manualIfDirty", Reason.Manual, True, True),
        ("never", Reason.Manual, True, False),
    ],
)
def test_which_saves_reload(policy, reason, dirty, expected):
    assert reloads(policy, reason, dirty) is expected


def test_by_hand_and_never_silence_the_watcher_for_open_files():
    assert [watches_open_files(p) for p in ("all", "allIfDirty", "manual", "manualIfDirty", "never")] == [
        True, True, False, False, False,
    ]  # fmt: skip


def test_one_save_never_waits():
    flushed = []
    Gather(flushed.append, more=lambda: False).add("/a.py")
    assert flushed == [["/a.py"]]


async def test_settings_by_initialization_options_silence_the_save(start, agent, folder):
    app = folder / "app.py"
    app.write_text("a = 1\n")
    running = await agent(app)
    editor = await start(options={"reloadOnSave": "never"})
    await editor.attached()
    editor.open(app)
    editor.save(app, "a = 2\n")
    await editor.lens(app)
    assert running.applied.empty()
    await editor.run("reloadLsp.reload")
    assert running.applied.qsize() == 1


async def test_settings_by_configuration_and_their_change(start, agent, folder):
    def pulls(capabilities: t.ClientCapabilities) -> None:
        capabilities.workspace.configuration = True

    app = folder / "app.py"
    app.write_text("a = 1\n")
    running = await agent(app)
    editor = await start(capabilities=pulls, options={"reloadOnSave": "never"})
    editor.client.set_configuration({"reloadLsp": {"reloadOnSave": "all"}})
    editor.client.workspace_did_change_configuration(t.DidChangeConfigurationParams(None))
    await editor.attached()
    editor.open(app)
    editor.save(app, "a = 2\n")
    await editor.reloaded()
    assert running.applied.qsize() == 1


async def test_a_misspelt_setting_is_told(start):
    editor = await start(options={"reloadOnSaves": "all"})
    (said,) = await editor.until(lambda: editor.heard("window/showMessage"))
    assert "did you mean reloadOnSave?" in said.message


async def test_auto_save_does_not_reload_when_only_saves_by_hand_do(start, agent, folder):
    app = folder / "app.py"
    app.write_text("a = 1\n")
    running = await agent(app)
    editor = await start(options={"reloadOnSave": "manual"})
    await editor.attached()
    editor.open(app)
    editor.save(app, "a = 2\n", reason=t.TextDocumentSaveReason.AfterDelay)
    editor.save(app, "a = 3\n")
    await editor.reloaded()
    assert running.applied.qsize() == 1
