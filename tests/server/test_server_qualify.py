"""A value that `from m import x` copied in code that runs once: the quick fix reads it from `m` wherever it is used."""

from __future__ import annotations

import pytest
from real import ANSWERING, launch

CONFIG = "LIMIT = 1\nOTHER = 1\n"
LAZY = """import os


def load():
    global LIMIT
    from config import LIMIT


load()  # reload: never


def limit(LIMIT=0):
    return LIMIT


def price():
    return LIMIT + len(os.sep)
"""
BLOCK = """import time

if time:
    from config import LIMIT
    time.sleep(0)


def price():
    return LIMIT + 1
"""
GUARD = """def price():
    return f"{LIMIT} e", LIMIT


if __name__ == "__main__":
    from config import LIMIT
""" + ANSWERING.split("\n", 2)[2]


async def begin(folder, **texts):
    for name, text in {"config": CONFIG, **texts}.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    return await launch(folder / "app.py")


async def press(editor, path, line, title):
    found = {action.title: action for action in await editor.actions(path, line)}
    assert title in found, list(found)
    editor.apply(found[title].edit)
    editor.save(path)


async def edited(editor, folder, path, code):
    """The configuration is another, and a copy of it stays what it was."""
    await editor.attached()
    editor.open(folder / "config.py")
    editor.open(path)
    editor.save(folder / "config.py", CONFIG.replace("LIMIT = 1", "LIMIT = 5"))
    return (await editor.diagnosed(path, code))[0]


@pytest.mark.parametrize("name", ["visual-studio-code", "neovim", "emacs"])
async def test_a_global_that_a_function_imports(start, folder, name):
    program = await begin(folder, lazy=LAZY, app="import lazy\n" + ANSWERING)
    editor, lazy = await start(name), folder / "lazy.py"
    try:
        shown = await edited(editor, folder, lazy, "RLD201")
        assert (shown.range.start.line, shown.severity) == (5, 2)
        assert await program.ask("lazy.price(), lazy.limit()") == "(2, 0)"
        await press(editor, lazy, 5, "Read config.LIMIT instead of a copy of it")
        await editor.diagnosed(lazy)
        assert await program.ask("lazy.price(), lazy.limit()") == "(6, 0)"
        editor.save(folder / "config.py", CONFIG.replace("LIMIT = 1", "LIMIT = 7"))
        await editor.until(lambda: len(editor.reloads_of(folder / "config.py")) == 2)
        assert await program.ask("lazy.price()") == "8"
        assert editor.diagnostics(lazy) == []
    finally:
        await program.kill()


async def test_an_import_under_the_main_guard(start, folder):
    program = await begin(folder, app=GUARD)
    editor, app = await start("neovim"), folder / "app.py"
    try:
        await edited(editor, folder, app, "RLD201")
        assert await program.ask("price()") == "('1 e', 1)"
        await press(editor, app, 5, "Read config.LIMIT instead of a copy of it")
        await editor.diagnosed(app)
        assert await program.ask("price()") == "('5 e', 5)"
    finally:
        await program.kill()


async def test_an_import_in_a_block_that_is_held(start, folder):
    program = await begin(folder, block=BLOCK, app="import block\n" + ANSWERING)
    editor, block = await start("neovim"), folder / "block.py"
    try:
        await edited(editor, folder, block, "RLD314")
        await press(editor, block, 2, "Read config.LIMIT instead of a copy of it")
        await editor.diagnosed(block)
        assert await program.ask("block.price()") == "6"
    finally:
        await program.kill()


async def test_it_is_not_offered_where_others_take_the_name_from_the_file(start, folder):
    program = await begin(folder, lazy=LAZY, app="import lazy\nprint(end=str(lazy.LIMIT)[:0])\n" + ANSWERING)
    editor, lazy = await start("neovim"), folder / "lazy.py"
    try:
        await edited(editor, folder, lazy, "RLD201")
        titles = [action.title for action in await editor.actions(lazy, 5)]
        assert "Undo this reload" in titles
        assert not any("config.LIMIT" in title for title in titles)
    finally:
        await program.kill()
