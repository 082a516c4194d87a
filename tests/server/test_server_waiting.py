"""Reloads in the program's own threads: waited for, shown, given up in time."""

import asyncio

import pytest
from real import ANSWERING, launch

LIB = "import threading\n\nWHERE = 'import'\n"
EDIT = LIB.replace("'import'", "threading.current_thread().name")
APP = "import lib\n" + ANSWERING
GAME = "import lib\nimport reload_lsp\n\nreload_lsp.checkpoint()\n" + ANSWERING


@pytest.fixture
async def saved(start, folder):
    """`saved(program, settings)`: a program that sits in a blocking read, and an edit saved in the editor."""
    lib, started = folder / "lib.py", []
    lib.write_text(LIB, encoding="utf-8")

    async def begin(text, **settings):
        (folder / "app.py").write_text(text, encoding="utf-8")
        program = await launch(folder / "app.py")
        started.append(program)
        editor = await start("neovim", options=settings)
        await editor.attached()
        editor.open(lib)
        editor.save(lib, EDIT)
        return program, editor, lib

    yield begin
    for program in started:
        await program.kill()


def states(editor):
    return [process.state for told in editor.heard("reloadLsp/status") for process in told.processes]


async def test_the_agents_thread_does_not_wait(saved):
    program, editor, _ = await saved(APP)
    await editor.reloaded()
    assert await program.ask("lib.WHERE") == "reload-lsp"
    assert "waiting" not in states(editor)


@pytest.mark.parametrize(
    ("text", "settings", "words", "until"),
    [
        (APP, {"runIn": "mainThread"}, "the main thread to come to Python code", "None"),
        (GAME, {}, "the program's next reload_lsp.checkpoint()", "reload_lsp.checkpoint() and None"),
    ],
)
async def test_what_is_waited_for_is_shown_and_goes_when_it_came(saved, text, settings, words, until):
    program, editor, lib = await saved(text, **settings)
    (shown,) = await editor.diagnosed(lib, "RLD908")
    assert words in shown.message and "app.py:" in shown.message
    await editor.until(lambda: states(editor)[-1] == "waiting")
    await program.ask(until)
    assert (await editor.reloaded()).processes[0].outcome == "applied"
    assert await program.ask("lib.WHERE") == "MainThread"
    await editor.diagnosed(lib)
    await editor.until(lambda: states(editor)[-1] == "idle")


async def test_what_does_not_come_in_time_is_given_up_and_can_be_tried_again(saved):
    program, editor, lib = await saved(APP, runIn="mainThread", safePointSeconds=1)
    (shown,) = await editor.diagnosed(lib, "RLD409")
    assert "no safe point came in time" in shown.message
    assert (await editor.reloaded()).processes[0].outcome == "refused"
    assert await program.ask("lib.WHERE") == "import"
    busy = "[__import__('time').sleep(0.01) for _ in iter(lambda: lib.WHERE == 'import', False)] and lib.WHERE"
    said, answer = await asyncio.gather(program.ask(busy), editor.run("reloadLsp.retry"))
    assert (said, answer["processes"][0]["outcome"]) == ("MainThread", "applied")
    await editor.diagnosed(lib)


async def test_an_unknown_place_is_said(saved):
    _, editor, _ = await saved(APP, runIn="elsewhere")
    said = await editor.until(lambda: editor.heard("window/showMessage"))
    assert "agentThread, mainThread, eventLoop" in said[0].message
