"""The saves of the demo; each checks the running program and what the editor was told."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from . import shop
from .editor import Editor
from .processes import DemoError, Shop
from .screen import Screen

Json = dict[str, Any]

NET = "        return sum(PRICES[item] for item in self.items)\n"
DISCOUNT = """\
        total = sum(PRICES[item] for item in self.items)
        return total - 1 if len(self.items) > 1 else total
"""
COUPON = """\
        total = sum(PRICES[item] for item in self.items)
        return total - self.coupon
"""
ITEMS = "        self.items = []\n"
CLASS = '    """A customer\'s basket."""\n'


class Story:
    """The shop runs, the editor edits it, the screen shows what happened."""

    def __init__(self, folder: Path, program: Shop, editor: Editor, screen: Screen) -> None:
        self.folder = folder
        self.program = program
        self.editor = editor
        self.screen = screen
        self.steps = 0
        self.saved = 0.0
        self.texts = dict(shop.FILES)

    def tell(self) -> int:
        """All of it, in order; how many steps there were."""
        for step in (self.opening, self.body, self.value, self.syntax_error, self.unsafe, self.way_out):
            step()
        return self.steps

    # the steps ---------------------------------------------------------------------------------------------
    def opening(self) -> None:
        """The program runs, the server finds it, the editor opens its files."""
        self.step("A program runs under `reload-lsp run`; an editor starts the language server")
        check(self.program.line() == shop.OPEN, "the program did not start")
        self.editor.initialize()
        status = self.editor.attached()
        process = status["processes"][0]
        check(process["pid"] == self.program.process.pid, "another program was attached")
        self.screen.say("server", f"{status['message']}: {process['name']}, Python {process['python']}")
        for name in ("models.py", "services.py"):
            self.editor.open(self.folder / name)
        self.ask("ada tea cake", "#1 ada: tea, cake = 9.60 EUR (tax: x 1.20)")
        self.ask("bob tea", "#2 bob: tea = 3.60 EUR (tax: x 1.20)")

    def body(self) -> None:
        """A method changes; the baskets and the counter stay."""
        self.step("A method is edited: the program follows; its baskets and its counter stay")
        self.save("models.py", (NET, DISCOUNT))
        self.applied("models")
        self.ask("ada", "#3 ada: tea, cake = 8.40 EUR (tax: x 1.20)")

    def value(self) -> None:
        """A value changes; what was computed from it in two other modules follows."""
        self.step("A value is edited: it flows through three modules, in the order of dependency")
        self.save("models.py", ("TAX = 20", "TAX = 10"))
        self.applied("models", "services", "api")
        self.ask("ada", "#4 ada: tea, cake = 7.70 EUR (tax: x 1.10)")

    def syntax_error(self) -> None:
        """What cannot be compiled is never sent to the program."""
        self.step("A file is saved half-typed: nothing changes, and the line says why")
        self.save("services.py", ("def gross(basket):", "def gross(basket:"))
        self.diagnostic("services.py", "RLD901")
        self.ask("ada", "#5 ada: tea, cake = 7.70 EUR (tax: x 1.10)")
        self.save("services.py", ("def gross(basket:", "def gross(basket):"))
        self.clean("services.py")

    def unsafe(self) -> None:
        """An edit that the objects made before it cannot follow."""
        self.step("An unsafe edit: new baskets have a coupon, the two live ones do not")
        self.save("models.py", (ITEMS, ITEMS + "        self.coupon = 2\n"), (DISCOUNT, COUPON))
        message = self.diagnostic("models.py", "RLD106")["message"]
        check("2 live Basket" in message and "coupon" in message, "the finding is not about the two baskets")

    def way_out(self) -> None:
        """What the finding advised: then the live baskets are right too, and nothing is left to say."""
        self.step("The advice is followed: the class has a default, the live baskets are right again")
        self.save("models.py", (CLASS, CLASS + "\n    coupon = 0\n"))
        self.applied("models")
        self.clean("models.py")
        self.ask("ada", "#6 ada: tea, cake = 8.80 EUR (tax: x 1.10)")
        self.ask("eve tea", "#7 eve: tea = 1.10 EUR (tax: x 1.10)")

    # what every step is made of ----------------------------------------------------------------------------
    def step(self, text: str) -> None:
        self.steps += 1
        self.editor.forget()
        self.screen.step(self.steps, text)

    def ask(self, request: str, expected: str) -> None:
        """One request to the running program, and its answer."""
        answer = self.program.ask(request)
        self.screen.say("program", f"{request:<14} {answer}", "cyan")
        check(answer == expected, f"the program should have answered: {expected}")

    def save(self, name: str, *changes: tuple[str, str]) -> None:
        """Change parts of a file in the editor, and save it."""
        before = self.texts[name]
        for old, new in changes:
            check(self.texts[name].count(old) == 1, f"{name} does not have {old!r} once")
            self.texts[name] = self.texts[name].replace(old, new)
        self.screen.edit(name, before, self.texts[name])
        self.saved = self.editor.save(self.folder / name, self.texts[name])

    def applied(self, *modules: str) -> None:
        """The last save was applied, to these modules in this order."""
        process = self.editor.reloaded()
        took = self.since_save()
        said = f"{process['outcome']}: {' -> '.join(process['modules'])}"
        self.screen.say("server", f"{said}   {took}, {process['durationMs']:.1f} ms of it in the program", "green")
        for finding in process["findings"]:
            self.screen.say("", f"{finding['code']}: {finding['message']}", "yellow")
        check(process["outcome"] == "applied", "the save was not applied")
        check(process["modules"] == list(modules), f"the modules should be {', '.join(modules)}")
        check(not process["findings"], "nothing should have been found")

    def diagnostic(self, name: str, code: str) -> Json:
        """The one diagnostic that the editor shows on a file, drawn."""
        path = self.folder / name
        found = self.editor.diagnosed(path, [code])[0]
        took = self.since_save()
        fixes = self.editor.fixes(path, found)
        self.screen.diagnostic(name, self.texts[name], found, fixes)
        self.screen.say("", f"on the line {took}")
        check(bool(fixes), "no quick fix is offered")
        return found

    def clean(self, name: str) -> None:
        """The editor shows nothing on a file any more."""
        self.editor.diagnosed(self.folder / name, [])
        self.screen.say("editor", f"{name} is clean again, {self.since_save()}", "green")

    def since_save(self) -> str:
        return f"{(time.perf_counter() - self.saved) * 1000:.1f} ms after the save"


def check(holds: bool, otherwise: str) -> None:
    """A step that is not what it says ends the demo."""
    if not holds:
        raise DemoError(otherwise)
