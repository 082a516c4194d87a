"""The workbench in a real browser: keys in, what is on the screen out. Every wait is for something to be seen."""

from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from codeserver import SECONDS, CodeServer
from playwright.sync_api import BrowserContext, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

expect.set_options(timeout=SECONDS * 1000)

# The rectangle of a word in the text of the editor in front.
WHERE = """word => {
  const lines = document.querySelectorAll('.editor-instance .view-line');
  for (const line of lines) {
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const place = node.data.replaceAll('\u00a0', ' ').indexOf(word);
      if (place >= 0) {
        const range = document.createRange();
        range.setStart(node, place);
        range.setEnd(node, place + word.length);
        const {x, y, width, height} = range.getBoundingClientRect();
        return {x, y, width, height};
      }
    }
  }
  throw new Error(`${word} is not on the screen`);
}"""

# The page's own description of itself, with what the command line of a desktop would have put into it.
DEVELOPMENT = """(() => {
  const options = %s, get = Element.prototype.getAttribute;
  Element.prototype.getAttribute = function (name) {
    const value = get.call(this, name);
    if (name !== 'data-settings' || this.id !== 'vscode-workbench-web-configuration') return value;
    const settings = JSON.parse(value);
    return JSON.stringify({ ...settings, developmentOptions: { ...settings.developmentOptions, ...options } });
  };
})();"""
MARKED = """text => [...document.querySelectorAll('.editor-instance .view-line span')]
  .some(one => getComputedStyle(one, '::after').content.replaceAll('\u00a0', ' ').includes(text))"""


def spaced(text: str) -> re.Pattern[str]:
    """`text` as the screen has it: its spaces may be of any kind and number."""
    return re.compile(re.escape(text).replace(r"\ ", r"\s*"))


class Workbench:
    """One window on one folder."""

    def __init__(self, context: BrowserContext, server: CodeServer, folder: Path, shots: Path) -> None:
        self.server = server
        self.folder = folder
        self.shots = shots
        self.page: Page = context.new_page()
        self.page.set_default_timeout(SECONDS * 1000)
        self.console: list[str] = []  # what the workbench and the extension host log, for tests that fail
        self.page.on("console", lambda message: self.console.append(message.text[:400]))

    def develop(self, *extensions: Path, tests: Path | None = None) -> None:
        """Load extensions from folders, and run tests inside the extension host, as a developer's window does."""

        def remote(path: Path) -> dict[str, str]:
            return {"scheme": "vscode-remote", "authority": f"127.0.0.1:{self.server.port}", "path": str(path)}

        options: dict[str, Any] = {"extensions": [remote(path) for path in extensions]}
        if tests is not None:
            options["extensionTestsPath"] = remote(tests)
        self.page.add_init_script(DEVELOPMENT % json.dumps(options))

    # opening ------------------------------------------------------------------------------------------------------

    def open(self, file: str) -> None:
        """Open the folder, and a file in it."""
        authority = f"127.0.0.1:{self.server.port}"
        payload = json.dumps([["openFile", f"vscode-remote://{authority}{quote(str(self.folder / file))}"]])
        url = f"http://{authority}/?folder={quote(str(self.folder))}&payload={quote(payload)}"
        self.page.goto(url, wait_until="domcontentloaded")
        expect(self.page.locator(".monaco-workbench .part.statusbar")).to_be_visible()
        expect(self.tab(file)).to_be_visible()
        expect(self.page.locator(".monaco-editor .view-line").first).to_be_visible()

    def close(self) -> None:
        """Leave, as a user does who closes the window: terminals and the extension host end."""
        self.page.goto("about:blank")
        self.page.close()

    def clear(self) -> None:
        """Leave nothing open, and nothing running."""
        self.command("View: Close All Editors")
        expect(self.page.locator(".tabs-container .tab")).to_have_count(0)
        self.command("Terminal: Kill All Terminals")
        expect(self.page.locator(".terminal-wrapper")).to_have_count(0)
        self.status("no process")
        self.command("View: Show Explorer")

    def tab(self, name: str) -> Locator:
        return self.page.locator(".tabs-container .tab", has_text=name)

    def command(self, title: str) -> None:
        """Run a command by its title in the palette."""
        box = self._begin_command(title)
        expect(box).to_be_hidden()

    def _begin_command(self, title: str) -> Locator:
        """Run a command that may ask for more in the same box."""
        self.page.keyboard.press("F1")
        box = self.page.locator(".quick-input-widget input[type=text]")
        expect(box).to_be_visible()
        box.fill(f">{title}")
        # The list is filled anew while one types: what is chosen is what has the focus in it, never a place on the screen.
        expect(self.page.locator(".quick-input-list .monaco-list-row.focused")).to_contain_text(title)
        self.page.keyboard.press("Enter")
        return box

    def open_file(self, name: str) -> None:
        """Open a file of the folder, from the explorer."""
        self.page.locator(".explorer-folders-view .monaco-list-row", has_text=name).dblclick()
        expect(self.page.locator(".tab.active", has_text=name)).to_be_visible()

    def switch_to(self, name: str) -> None:
        """Bring an open file to the front."""
        self.tab(name).click()
        expect(self.page.locator(".tab.active", has_text=name)).to_be_visible()

    def close_tab(self, name: str) -> None:
        self.tab(name).click(button="middle")
        expect(self.tab(name)).to_have_count(0)

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
        expect(self.page.locator(".editor-instance .monaco-editor.focused").first).to_be_visible()

    def replace_line(self, number: int, text: str) -> None:
        """Type another text for a line."""
        self.focus_editor()
        self.to_line(number)
        self.page.keyboard.press("Shift+End")
        self.page.keyboard.insert_text(text)
        self.shows_text(text)

    def shows_text(self, text: str) -> None:
        """The editor shows `text` (which has no line break)."""
        expect(self.text).to_contain_text(spaced(text))

    def save(self) -> None:
        self.page.keyboard.press("Control+S")

    # terminals ----------------------------------------------------------------------------------------------------

    def terminal(self, command: str) -> None:
        """Start a command in a new terminal."""
        before = self.page.locator(".terminal-wrapper").count()
        self.command("Terminal: Create New Terminal")
        expect(self.page.locator(".terminal-wrapper")).to_have_count(before + 1)
        expect(self.page.locator(".terminal-wrapper.active .xterm-rows")).to_contain_text("$")
        self.in_terminal(command)

    def in_terminal(self, command: str) -> None:
        """Type a command into the terminal in front."""
        self._focus_terminal()
        self.page.keyboard.insert_text(command)
        self.page.keyboard.press("Enter")

    def interrupt(self) -> None:
        """Ctrl+C in the terminal in front, until no process is left."""
        self._focus_terminal()
        self.page.keyboard.press("Control+C")
        self.status("no process")

    def _focus_terminal(self) -> None:
        self.page.locator(".terminal-wrapper.active .xterm-helper-textarea").focus()

    def terminal_says(self, text: str, seconds: float) -> bool:
        """Does the terminal in front show `text` within some seconds?"""
        rows = self.page.locator(".terminal-wrapper.active .xterm-rows", has_text=spaced(text))
        try:
            rows.wait_for(state="attached", timeout=seconds * 1000)
        except PlaywrightTimeout:
            return False
        return True

    def terminal_shows(self, text: str) -> None:
        """The terminal in front shows `text`."""
        rows = self.page.locator(".terminal-wrapper.active .xterm-rows")
        expect(rows).to_contain_text(spaced(text))

    def show_terminal(self) -> None:
        """Bring the terminals to the front again."""
        self.page.locator(".part.panel").get_by_role("tab", name="Terminal").click()
        expect(self.page.locator(".terminal-wrapper.active .xterm-rows")).to_be_visible()

    # what is asked ------------------------------------------------------------------------------------------------

    def trust(self) -> None:
        """Say that the authors of the folder are trusted."""
        self.page.locator(".statusbar-item", has_text="Restricted Mode").click()
        self.page.locator(".workspace-trust-editor").get_by_role("button", name="Trust", exact=True).click()
        expect(self.page.locator(".statusbar-item", has_text="Restricted Mode")).to_have_count(0)

    def answer(self, question: str, button: str) -> None:
        """Press a button of a notification."""
        toast = self.page.locator(".notification-toast", has_text=question)
        expect(toast).to_be_visible()
        toast.get_by_role("button", name=button).click()
        expect(toast).to_have_count(0)

    def walkthrough(self, title: str) -> Locator:
        """The steps of an extension's walkthrough, opened."""
        self._begin_command("Welcome: Open Walkthrough")
        row = self.page.locator(".quick-input-list .monaco-list-row", has_text=title)
        expect(row).to_be_visible()
        row.click()
        steps = self.page.locator(".gettingStartedContainer .getting-started-step")
        expect(steps.first).to_be_visible()
        return steps

    # the extension itself -----------------------------------------------------------------------------------------

    def disable(self) -> None:
        """Disable it; the terminals that are open stay so."""
        self._press_on_its_page("Disable")
        self._reload()
        expect(self._entry).to_have_count(0)

    def uninstall(self) -> None:
        """Uninstall it, and do away with its files, as the next start of the editor does."""
        self._press_on_its_page("Uninstall")
        self._reload()
        expect(self._entry).to_have_count(0)
        shutil.rmtree(self.server.extension)

    def enable(self) -> None:
        self._press_on_its_page("Enable")
        self.ready()

    def _press_on_its_page(self, name: str) -> None:
        self.command("Extensions: Show Installed Extensions")
        self.page.locator(".extensions-viewlet .monaco-list-row", has_text="reload-lsp").first.click()
        header = self.page.locator(".extension-editor .header")
        button = header.locator(".action-label:visible", has_text=re.compile(f"^{name}$"))
        button.click()
        expect(button).to_have_count(0)

    def _reload(self) -> None:
        """Take the offer to reload the window."""
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            self.page.locator(".extension-editor .header .action-label.reload:visible").click()
        expect(self.page.locator(".terminal-wrapper.active .xterm-rows")).to_contain_text("$")

    # what is said -------------------------------------------------------------------------------------------------

    def status(self, *parts: str) -> None:
        """The status bar entry says all of these."""
        for part in parts:
            expect(self._entry).to_contain_text(spaced(part))

    def language_status(self, *parts: str) -> None:
        """The language status item, which stands at the language's name, says all of these."""
        entry = self.page.get_by_role("button", name="Editor Language Status")
        for part in parts:
            expect(entry).to_have_accessible_name(spaced(part))

    def ready(self) -> None:
        """No process yet, and those started in a terminal from now on will be attached."""
        self.status("no process")
        self.status_says_not("terminals off")

    def status_says_not(self, part: str) -> None:
        expect(self._entry).not_to_contain_text(part)

    @property
    def _entry(self) -> Locator:
        return self.page.locator(".statusbar-item", has_text="reload:")

    def problems(self) -> Locator:
        """The rows of the Problems view, opened if need be."""
        panel = self.page.locator(".markers-panel")
        if not panel.is_visible():
            self.page.keyboard.press("Control+Shift+M")
        expect(panel).to_be_visible()
        return panel.locator(".monaco-list-row")

    def hover(self, word: str, text: str) -> None:
        """Hold the mouse over a word until what is shown there contains `text`."""
        hover = self.page.locator(".monaco-hover:not(.hidden)", has_text=text).first
        for attempt in range(40):
            place = self.box_of(word)  # each time: a code lens that comes late moves the lines below it
            self.page.mouse.move(place["x"] + 10 + attempt % 2, place["y"] + place["height"] / 2)
            try:
                hover.wait_for(state="visible", timeout=2_000)
                return
            except PlaywrightTimeout:
                self.page.mouse.move(5, 5)
        expect(hover).to_be_visible()

    def fix(self, line: int, problem: str, title: str) -> None:
        """Take a quick fix of a line."""
        self.focus_editor()
        self.to_line(line)
        self.page.keyboard.press("Control+.")
        row = self.page.locator(".action-widget .monaco-list-row", has_text=title).first
        expect(row).to_be_visible()
        row.click()
        expect(row).to_be_hidden()
        self.focus_editor()

    def page_shows(self, name: str, text: str) -> None:
        """The tab `name` is open, and what is in it contains `text`."""
        expect(self.tab(name)).to_be_visible()
        expect(self.page.locator(".editor-instance .view-lines").last).to_contain_text(spaced(text))

    def graph_shows(self, *modules: str) -> None:
        """The page of the dependents has these modules in rows, and the keyboard moves from one to another."""
        graph = self.page.frame_locator("iframe.webview").frame_locator("iframe").locator("#graph")
        for row, module in enumerate(modules):
            expect(graph.locator(".row").nth(row).locator(".node", has_text=module)).to_be_visible()
        graph.locator(".node").first.focus()
        for row, _ in enumerate(modules[1:], 1):
            self.page.keyboard.press("ArrowDown")
            expect(graph.locator(".row").nth(row).locator(".node").first).to_be_focused()
        for _ in modules[1:]:
            self.page.keyboard.press("ArrowUp")
        expect(graph.locator(".node").first).to_be_focused()

    def lens(self, text: str) -> None:
        """The first line of the editor says, above its text, what a save did or would do."""
        expect(self.page.locator(".codelens-decoration", has_text=text)).to_be_visible()

    def marked(self, text: str) -> None:
        """Behind some line of the editor `text` stands as a mark (which is no part of the document)."""
        self.page.wait_for_function(MARKED, arg=text)

    def saved(self, name: str, text: str) -> None:
        """The file on disk contains `text`."""
        deadline = time.monotonic() + SECONDS
        while text not in (self.folder / name).read_text(encoding="utf-8"):
            assert time.monotonic() < deadline, f"{name} was not saved"
            self.page.wait_for_timeout(20)

    def box_of(self, word: str) -> Any:
        """Where a word of the editor's text is on the screen."""
        return self.page.evaluate(WHERE, word)

    def is_under(self, squiggle: Locator, word: str) -> bool:
        """Does a squiggle begin and end with the word, give or take a pixel or two?"""
        line, text = squiggle.bounding_box(), self.box_of(word)
        assert line is not None
        ends = line["x"] + line["width"] - (text["x"] + text["width"])
        return abs(line["x"] - text["x"]) < 3 and abs(ends) < 3

    def explain(self, name: str) -> None:
        """Keep what is known of a test that failed."""
        self.shot(f"failed-{name}")
        print(self.server.log(), *self.console[-40:], sep="\n")

    def shot(self, name: str) -> None:
        """Keep what the screen shows."""
        self.shots.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.shots / f"{name}.png", animations="disabled")
