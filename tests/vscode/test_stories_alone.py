"""What users do that needs a window of its own: with settings, trust, and the extension itself come and gone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from stories import APP, PRICES, running
from workbench import Workbench

Open = Callable[..., Workbench]

# What a program sees of us: the agent, and what brought it in.
LOOK = """import os
import sys

ours = [name for name in os.environ if name.startswith(("PYTHONPATH", "RELOAD_LSP"))]
paths = [path for path in sys.path if "reload-lsp" in path]
print(f"agent {'_reload_lsp_agent' in sys.modules}, environment clean {not ours and not paths}")
"""


@pytest.fixture
def shop(folder: Path) -> Path:
    (folder / "app.py").write_text(APP)
    (folder / "prices.py").write_text(PRICES)
    return folder


def started(open_window: Open, file: str, **settings: Any) -> Workbench:
    """A window with the program running in its terminal."""
    window = open_window(file, **settings)
    window.ready()
    return running(window)


def test_01_fresh_install_then_a_program_in_the_terminal_is_attached(workbench: Open, shop: Path) -> None:
    window = workbench("app.py", reloadLsp__autoAttach=None, security__workspace__trust__enabled=True)
    window.status("restricted")
    window.trust()
    window.status("no process, terminals off")
    window.answer("Reload saved files in Python programs started in the terminal?", "Smart")
    window.ready()
    window.close_tab("Workspace Trust")
    window.terminal("python3 app.py")
    window.terminal_shows("3 loaves cost 30")
    window.status("1 process")
    window.shot("terminal")
    window.page.keyboard.press("Control+J")  # the panel leaves it no room for its pictures
    expect(window.page.locator(".terminal-wrapper.active")).to_be_hidden()
    steps = window.walkthrough("Get started with reload-lsp")
    for number, title in enumerate(("Let terminals attach", "Run your program", "Edit and save")):
        expect(steps.nth(number)).to_contain_text(title)
    steps.nth(2).click()
    expect(steps.nth(2)).to_contain_text("What cannot follow is underlined")
    window.shot("walkthrough")


def test_08_auto_save_follows_the_setting(workbench: Open, shop: Path) -> None:
    (shop / "prices.py").write_text(
        PRICES.replace("loaves", "{names.NAME}").replace("RATE = 10", "import names\n\nRATE = 10")
    )
    (shop / "names.py").write_text('NAME = "loaves"\n')
    (shop / ".vscode").mkdir()
    (shop / ".vscode" / "settings.json").write_text('{\n  "reloadLsp.reloadOnSave": "manual"\n}\n')
    window = started(workbench, "prices.py", files__autoSave="onFocusChange")
    window.terminal_shows("3 loaves cost 30")
    window.replace_line(3, "RATE = 11")
    window.open_file("names.py")
    window.saved("prices.py", "RATE = 11")
    window.replace_line(1, 'NAME = "rolls"')
    window.save()
    window.terminal_shows("3 loaves cost 30 3 rolls cost 30")
    window.command("Preferences: Open Workspace Settings (JSON)")
    window.page_shows("settings.json", "manual")
    window.replace_line(2, '  "reloadLsp.reloadOnSave": "all"')
    window.save()
    for rate in range(12, 50):  # the server hears of the setting when it does
        window.switch_to("prices.py")
        window.replace_line(3, f"RATE = {rate}")
        window.switch_to("names.py")
        if window.terminal_says(f"3 rolls cost {3 * rate}", seconds=3):
            window.shot("auto-save")
            return
    raise AssertionError("an automatic save never reloaded")


def test_09_restricted_mode_touches_no_process(workbench: Open, shop: Path) -> None:
    window = workbench("prices.py", security__workspace__trust__enabled=True)
    window.status("restricted")
    launcher = window.server.extension / "bundled" / "launch.py"
    command = [sys.executable, "-I", launcher, "run", "--", sys.executable, "app.py"]
    env = window.server.environment()
    program = subprocess.Popen(command, cwd=shop, env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert program.stdout is not None and program.stdout.readline() == "3 loaves cost 30\n"
        window.replace_line(5, '    return f"{count} rolls cost {count * RATE}"')
        window.save()
        window.saved("prices.py", "rolls")
        window.status("restricted")
        window.shot("restricted")
        # Once trusted it is reached, so it could have been reached: the first that it prints is of the second save.
        window.trust()
        window.status("1 process")
        window.switch_to("prices.py")
        window.replace_line(5, '    return f"{count} buns cost {count * RATE}"')
        window.save()
        assert program.stdout.readline() == "3 buns cost 30\n"
    finally:
        program.kill()
        program.wait()


def test_14_disabled_or_uninstalled_it_leaves_nothing_behind(last_workbench: Open, shop: Path) -> None:
    (shop / "look.py").write_text(LOOK)
    window = started(last_workbench, "prices.py", terminal__integrated__enablePersistentSessions=True)
    window.interrupt()

    def looks(expected: str) -> None:
        """What a program sees that is started in the terminal that was open before, once the extension has come or gone."""
        for _ in range(40):
            window.in_terminal("clear; python3 look.py")
            if window.terminal_says(expected, seconds=3):
                return
        raise AssertionError(f"never: {expected}")

    looks("agent True, environment clean False")
    window.disable()
    looks("agent False, environment clean True")
    window.enable()
    looks("agent True, environment clean False")
    window.uninstall()
    looks("agent False, environment clean True")
    window.shot("uninstalled")
    window.terminal('echo "[$PYTHONPATH$RELOAD_LSP_BOOTSTRAP]"')
    window.terminal_shows("[]")
