"""What users do, in a real VS Code with the packaged extension; each story leaves pictures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from codeserver import missing
from playwright.sync_api import expect
from stories import APP, PRICES, running
from workbench import Workbench, spaced

Open = Callable[..., Workbench]

STOCK = """import prices


def worth(count):
    return count * prices.RATE
"""
ORDERS = """import prices
import stock


def total(count):
    assert stock.worth(count) == count * prices.RATE
    return prices.total(count)
"""
# The thread took the number when it was made: another number does not reach it.
POOL = """import threading

WORKERS = 2
pool = threading.Thread(name=f"pool of {WORKERS}")


def total(count):
    return f"{count} loaves in {pool.name}"
"""
PROJECT = """[project]
name = "shop"
version = "1"
requires-python = ">=3.10"
dependencies = []

[tool.uv]
package = false

[tool.poetry]
package-mode = false
"""
PARTS = """import part0
import part1
import part2
import part3
import part4


def total(count):
    parts = (part0, part1, part2, part3, part4)
    return f"{count} loaves of {sum(part.VALUE for part in parts)} parts"
"""
ENDLESS = """import time


def refund():
    return "a loaf instead"


def serve():
    print("open")
    while True:
        time.sleep(0.05)
"""
# Only the program that was started for b has no price after the edit.
BY_NAME = """import sys

RATE = {"a": 10, "b": 20}[sys.argv[1]]


def total(count):
    return f"{sys.argv[1]}: {count} loaves cost {count * RATE}"
"""


def test_02_a_save_changes_what_the_program_prints(at_work: Open) -> None:
    window = running(at_work("prices.py", app=APP, prices=PRICES))
    window.terminal_shows("3 loaves cost 30")
    window.replace_line(1, "RATE = 12")
    window.save()
    window.terminal_shows("3 loaves cost 36")
    window.status("1 process", "live: prices", "ms")
    window.lens("live in 1 process")
    window.shot("reloaded")


def test_03_what_is_unsafe_is_said_while_typing_and_has_a_way_out(at_work: Open) -> None:
    window = running(at_work("prices.py", app=APP, prices=POOL))
    window.terminal_shows("3 loaves in pool of 2")
    window.replace_line(3, "WORKERS = 3")
    expect(window.page.locator(".squiggly-info")).to_have_count(1)
    row = window.problems().filter(has_text="pool is not run again although WORKERS changed")
    expect(row).to_be_visible()
    window.save()
    expect(window.page.locator(".squiggly-warning")).to_have_count(1)
    window.marked("not live")
    window.status("live in part", "1 unsafe")
    window.language_status("live in part", "1 unsafe", "some of the last save is not live")
    window.hover("threading.Thread", "RLD301")
    window.shot("unsafe")
    window.fix(4, "RLD301", "Keep this value on reload")
    window.shows_text("# reload: keep")
    window.save()
    expect(window.page.locator(".squiggly-warning")).to_have_count(0)
    expect(row).to_have_count(0)
    window.status_says_not("unsafe")


def test_04_a_syntax_error_reloads_nothing_until_it_is_mended(at_work: Open) -> None:
    window = running(at_work("prices.py", app=APP, prices=PRICES))
    window.replace_line(1, "RATE = (12")
    window.save()
    expect(window.page.locator(".squiggly-error")).to_have_count(1)
    expect(window.problems().filter(has_text="refused")).to_be_visible()
    window.status("not live, refused", "1 unsafe")
    window.shot("syntax-error")
    window.replace_line(1, "RATE = 13")
    window.save()
    expect(window.page.locator(".squiggly-error")).to_have_count(0)
    window.show_terminal()
    window.terminal_shows("3 loaves cost 30 3 loaves cost 39")
    window.status("live: prices")


def test_05_plan_graph_history_and_undo(at_work: Open) -> None:
    app = APP.replace("prices", "orders")
    window = running(at_work("prices.py", app=app, orders=ORDERS, stock=STOCK, prices=PRICES))
    window.terminal_shows("3 loaves cost 30")
    window.replace_line(1, "RATE = 14")
    window.command("reload-lsp: Show the Plan of a Save")
    window.page_shows("Reload plan.md", "run `RATE` prices.py:1: it is edited")
    expect(window.page.locator(".editor-instance .view-line .mtkb", has_text="What")).to_be_visible()
    window.shot("plan")
    window.command("reload-lsp: Show the Dependents")
    window.graph_shows("prices", "stock", "orders", "app.py")
    window.shot("graph")
    window.switch_to("prices.py")
    window.focus_editor()
    window.save()
    window.terminal_shows("3 loaves cost 42")
    window.command("reload-lsp: Show the History of Reloads")
    window.page_shows("Reload history.md", ": prices.py Cause: save")
    window.shot("history")
    window.command("reload-lsp: Undo the Last Reload")
    window.terminal_shows("3 loaves cost 42 3 loaves cost 30")
    window.status("undone, older than what is saved")
    window.command("reload-lsp: Show the History of Reloads")
    window.page_shows("Reload history.md", "Cause: command")
    window.shot("undone")


def test_06_of_two_processes_one_refuses(at_work: Open) -> None:
    window = at_work("prices.py", app=APP, prices=BY_NAME)
    window.terminal("python3 app.py a")
    window.terminal("python3 app.py b")
    window.status("2 processes")
    window.replace_line(3, 'RATE = {"a": 12}[sys.argv[1]]')
    window.save()
    window.status("2 processes", "not live, rolled back in 1 of 2", "unsafe")
    expect(window.problems().filter(has_text="KeyError")).to_be_visible()
    window.command("Focus on Python Processes View")
    expect(window.page.locator(".sidebar .pane-body .monaco-list-row", has_text="app.py")).to_have_count(2)
    window.shot("two-processes")
    window.show_terminal()
    window.terminal_shows("b: 3 loaves cost 60")
    window.focus_editor()
    window.replace_line(3, 'RATE = {"a": 12, "b": 22}[sys.argv[1]]')
    window.save()
    window.terminal_shows("b: 3 loaves cost 60 b: 3 loaves cost 66")
    window.status("2 processes", "live")


def test_07_save_all_of_five_files_is_one_batch(at_work: Open) -> None:
    names = [f"part{number}" for number in range(5)]
    window = running(at_work("prices.py", app=APP, prices=PARTS, **dict.fromkeys(names, "VALUE = 1\n")))
    window.terminal_shows("3 loaves of 5 parts")
    for name in names:
        window.open_file(f"{name}.py")
        window.replace_line(1, "VALUE = 2")
    window.command("File: Save All")
    window.terminal_shows("3 loaves of 10 parts")
    window.status("live", "ms")
    window.command("reload-lsp: Show the History of Reloads")
    window.page_shows("Reload history.md", ", ".join(f"{name}.py" for name in names) + " Cause: save")
    window.shot("save-all")


def test_10_a_line_beyond_ascii_is_underlined_where_it_is_wrong(at_work: Open) -> None:
    window = running(at_work("prices.py", app=APP, prices=PRICES))
    window.replace_line(1, 'RATE = len("é😀日") unsafe')
    window.save()
    squiggle = window.page.locator(".squiggly-error")
    expect(squiggle).to_have_count(1)
    row = window.problems().filter(has_text="refused")
    expect(row).to_contain_text(spaced("Ln 1, Col 20"))
    assert window.is_under(squiggle, "unsafe")
    window.shot("beyond-ascii")


@pytest.mark.skipif(bool(missing("uv", "poetry")), reason="no uv or poetry: run tests/editors/setup.sh")
def test_11_programs_that_uv_and_poetry_start_are_attached(at_work: Open) -> None:
    window = at_work("prices.py", app=APP, prices=PRICES)
    (window.folder / "pyproject.toml").write_text(PROJECT)
    window.terminal("uv run app.py")
    window.terminal_shows("3 loaves cost 30")
    window.status("1 process")
    window.terminal("poetry run python app.py")
    window.terminal_shows("3 loaves cost 30")
    window.status("2 processes")
    window.replace_line(1, "RATE = 15")
    window.save()
    window.terminal_shows("3 loaves cost 30 3 loaves cost 45")
    window.status("2 processes", "live in 2 of 2: prices")
    window.lens("live in 2 processes")
    window.shot("uv-and-poetry")


@pytest.mark.skipif(bool(missing("python3.14")), reason="no python3.14: run tests/editors/setup.sh")
def test_12_what_has_not_run_and_old_code_that_still_runs_are_marked(at_work: Open) -> None:
    window = at_work("prices.py", app="import prices\n\nprices.serve()\n", prices=ENDLESS)
    window.terminal("python3.14 app.py")
    window.terminal_shows("open")
    window.status("1 process")
    window.replace_line(11, "        time.sleep(0.04)")
    window.replace_line(5, '    return "a roll instead"')
    window.save()
    window.marked("old code still running")
    window.shows_text('"a roll instead" not run yet')
    expect(window.page.locator(".editor-instance .glyph-margin-widgets .cgmr")).to_have_count(3)
    window.lens("live in 1 process")
    window.shot("marks")


def test_13_the_tree_of_processes_leaves_alone_and_attaches_again(at_work: Open) -> None:
    window = running(at_work("prices.py", app=APP, prices=PRICES))
    window.replace_line(1, "RATE = 12")
    window.save()
    window.status("1 process", "live: prices")
    window.command("Focus on Python Processes View")
    row = window.page.locator(".sidebar .pane-body .monaco-list-row", has_text="app.py")
    row.click()
    expect(window.page.locator(".sidebar .pane-body .monaco-list-row", has_text="live: prices")).to_be_visible()
    row.hover()
    window.shot("tree")
    row.get_by_role("button", name="Detach a Process").click()
    expect(row).to_contain_text("left alone")
    window.status("no process")
    row.hover()
    row.get_by_role("button", name="Attach a Process").click()
    expect(row).to_contain_text("idle")
    window.status("1 process")
