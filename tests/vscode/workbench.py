"""The workbench in a real browser: keys in, what is on the screen out. Every wait is for something to be seen."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

from codeserver import SECONDS, CodeServer
from playwright.sync_api import BrowserContext, Locator, Page, expect

expect.set_options(timeout=SECONDS * 1000)


class Workbench:
    """One window on one folder."""

    def __init__(self, context: BrowserContext, server: CodeServer, folder: Path, shots: Path) -> None:
        self.server = server
        self.folder = folder
        self.shots = shots
        self.page: Page = context.new_page()
        self.page.set_default_timeout(SECONDS * 1000)

    # opening ------------------------------------------------------------------------------------------------------

    def open(self, *files: str) -> None:
        """Open the folder, and files in it; the last one has the keyboard."""
        authority = f"127.0.0.1:{self.server.port}"
        payload = [["openFile", f"vscode-remote://{authority}{quote(str(self.folder / name))}"] for name in files]
        more = f"&payload={quote(json.dumps(payload))}" if payload else ""
        self.page.goto(f"http://{authority}/?folder={quote(str(self.folder))}{more}", wait_until="domcontentloaded")
        expect(self.page.locator(".monaco-workbench .part.statusbar")).to_be_visible()
        if files:
            expect(self.tab(files[-1])).to_be_visible()
            expect(self.page.locator(".monaco-editor .view-line").first).to_be_visible()

    def tab(self, name: str) -> Locator:
        return self.page.locator(".tabs-container .tab", has_text=name)

    def command(self, title: str) -> None:
        """Run a command by its title in the palette."""
        self.page.keyboard.press("F1")
        box = self.page.locator(".quick-input-widget input[type=text]")
        expect(box).to_be_visible()
        box.fill(f">{title}")
        row = self.page.locator(".quick-input-list .monaco-list-row", has_text=title).first
        expect(row).to_be_visible()
        row.click()

    def switch_to(self, name: str) -> None:
        """Bring an open file to the front."""
        self.tab(name).click()
        expect(self.page.locator(".tab.active", has_text=name)).to_be_visible()

    # editing ------------------------------------------------------------------------------------------------------

    @property
    def text(self) -> Locator:
        return self.page.locator(".editor-instance .view-lines").first

    def focus_editor(self) -> None:
        self.page.locator(".editor-instance .monaco-editor .view-lines").first.click()
        expect(self.page.locator(".editor-instance .monaco-editor.focused").first).to_be_visible()

    def to_line(self, number: int, column: int = 1) -> None:
        """Put the cursor at a line and column, from 1."""
        self.page.keyboard.press("Control+G")
        box = self.page.locator(".quick-input-widget input[type=text]")
        expect(box).to_be_visible()
        box.fill(f":{number}:{column}")
        self.page.keyboard.press("Enter")
        expect(box).to_be_hidden()
        expect(self.page.locator(".statusbar-item", has_text=f"Ln {number}, Col {column}")).to_be_visible()

    def replace_line(self, number: int, text: str) -> None:
        """Type another text for a line."""
        self.focus_editor()
        self.to_line(number)
        self.page.keyboard.press("Shift+End")
        self.page.keyboard.insert_text(text)
        self.shows_text(text)

    def shows_text(self, text: str) -> None:
        """The editor shows `text` (which has no line break)."""
        expect(self.text).to_contain_text(re.compile(re.escape(text).replace(r"\ ", r"\s")))

    def save(self) -> None:
        self.page.keyboard.press("Control+S")

    # terminals ----------------------------------------------------------------------------------------------------

    def terminal(self, command: str) -> None:
        """Start a command in a new terminal."""
        before = self.page.locator(".terminal-wrapper").count()
        self.command("Terminal: Create New Terminal")
        expect(self.page.locator(".terminal-wrapper")).to_have_count(before + 1)
        expect(self.page.locator(".terminal-wrapper.active .xterm-rows")).to_contain_text("$")
        self.page.locator(".terminal-wrapper.active .xterm-helper-textarea").focus()
        self.page.keyboard.insert_text(command)
        self.page.keyboard.press("Enter")

    def terminal_shows(self, text: str) -> None:
        """The terminal in front shows `text`."""
        rows = self.page.locator(".terminal-wrapper.active .xterm-rows")
        expect(rows).to_contain_text(re.compile(re.escape(text).replace(r"\ ", r"\s")))

    # what is said -------------------------------------------------------------------------------------------------

    def status(self, *parts: str) -> None:
        """The status bar entry says all of these."""
        entry = self.page.locator(".statusbar-item", has_text="reload:")
        for part in parts:
            expect(entry).to_contain_text(re.compile(re.escape(part).replace(r"\ ", r"\s")))

    def status_says_not(self, part: str) -> None:
        expect(self.page.locator(".statusbar-item", has_text="reload:")).not_to_contain_text(part)

    def problems(self) -> Locator:
        """The rows of the Problems view, opened if need be."""
        panel = self.page.locator(".markers-panel")
        if not panel.is_visible():
            self.page.keyboard.press("Control+Shift+M")
        expect(panel).to_be_visible()
        return panel.locator(".monaco-list-row")

    def shot(self, name: str) -> None:
        """Keep what the screen shows."""
        self.shots.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.shots / f"{name}.png", animations="disabled")
