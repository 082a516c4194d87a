# ruff: noqa: E501
"""posting, an HTTP client on Textual from PyPI (12,000 lines), on a terminal, edited while it is on the screen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from driver import installed, packages_of
from edits import Edit, trials
from screens import OnScreen
from terminal import TMUX

pytestmark = pytest.mark.skipif(TMUX is None, reason="no tmux: this needs a terminal")

PACKAGES = ("posting==2.11.1", "textual==6.1.0", "pydantic==2.14.3", "tree-sitter==0.25.2")
REQUEST = """\
name: kettle
url: https://example.invalid/kettle
"""
HELP, JUMP, NEW, COMMANDS, METHODS, MAIN = (
    "C-l F1 Escape C-l F1 ! Escape",
    "C-o ! Escape",
    "C-n ! Escape",
    "C-p ! Escape",
    "C-t ! Escape",
    "!",
)
LABEL = '            yield Label("[b]ESC[/] to dismiss")\n'
EDITS = (
    Edit("the body of a screen's compose", [("posting/jump_overlay.py", "Press a key to jump", "Jump to where?")], [JUMP]),
    Edit("an import, and its use in a screen", [("posting/jump_overlay.py", "import asyncio\n", "import asyncio\nimport string\n"), ("posting/jump_overlay.py", LABEL, '            yield Label(string.capwords("press escape"))\n')], [JUMP]),
    Edit("a widget's help text, an object in a class attribute", [("posting/widgets/request/url_bar.py", '        "Address Bar",', '        "The Address",')], [HELP]),
    Edit("a field added to a dataclass, and used", [("posting/help_data.py", '    title: str = field(default="")', '    title: str = field(default="")\n    description: str = ""\n    hint: str = "no hint"'), ("posting/help_screen.py", "Press [b]ESC[/] to dismiss.", "{widget.help.hint}"), ("posting/help_screen.py", 'HelpModalFooter("{', 'HelpModalFooter(f"{')], [HELP]),
    Edit("a function that a screen uses", [("posting/jumper.py", "            widget_offset = Offset(widget_x, widget_y)", "            widget_offset = Offset(widget_x + 1, widget_y)")], [JUMP]),
    Edit("a command of the palette renamed", [("posting/commands.py", '"layout: Horizontal"', '"layout: Sideways"')], [COMMANDS]),
    Edit("a command of the palette added", [("posting/commands.py", "            expanded_section = screen.expanded_section\n", '            commands_to_show.append(("a new command", expand_section_callback, "Does little", True))\n            expanded_section = screen.expanded_section\n')], [COMMANDS]),
    Edit("the label in a modal's compose", [("posting/widgets/collection/new_request_modal.py", 'yield Label("Title")', 'yield Label("What shall it be called?")')], [NEW]),
    Edit("a widget class added and used", [("posting/widgets/collection/new_request_modal.py", 'yield Label("Title")', 'yield Loud("Title")'), ("posting/widgets/collection/new_request_modal.py", "class NewRequestModal(", "class Loud(Label):\n    def render(self):\n        return 'LOUD'\n\n\nclass NewRequestModal(")], [NEW]),
    Edit("a base class of a modal", [("posting/widgets/collection/new_request_modal.py", "    def action_close_screen(self) -> None:", "    def on_mount(self) -> None:\n        self.query_one(Label).update('Mounted')\n\n    def action_close_screen(self) -> None:")], [NEW]),
    Edit("the arguments that __init__ gives to its base, of a widget on the screen", [("posting/widgets/request/method_selection.py", '("[u]H[/]EAD", "HEAD"),', '("[u]H[/]EAD only", "HEAD"),')], [METHODS], "said RLD609"),
    Edit("a constant, an argument of a helper", [("posting/method_styles.py", "length: int = 3", "length: int = 2")], [MAIN]),
    Edit("a helper renamed, with its callers", [("posting/method_styles.py", "def get_method_label(method: str, *, pad: bool = False) -> str:", "def method_label(method: str, *, pad: bool = False) -> str:"), ("posting/method_styles.py", "    label = method.upper()\n", "    label = method.lower()\n"), ("posting/commands.py", "import get_method_label, get_method_style", "import get_method_style, method_label"), ("posting/commands.py", "= get_method_label(", "= method_label("), ("posting/commands.py", '"layout: Horizontal"', 'method_label("layout: Horizontal")')], [COMMANDS]),
    Edit("the compose of a widget on the screen", [("posting/app.py", "[b]Posting[/] [dim]{VERSION}[/]", "[b]Edited[/] [dim]{VERSION}[/]")], [MAIN], "said RLD609"),
    Edit("the title set by on_mount of a widget on the screen", [("posting/widgets/response/response_area.py", '        self.border_title = "Response"\n', '        self.border_title = "Answer"\n')], [MAIN], "said RLD609"),
    Edit("DEFAULT_CSS of a screen", [("posting/help_screen.py", "            width: 65%;", "            width: 90%;")], [HELP]),
    Edit("the style sheet of the application, a file", [("posting/posting.scss", "$empty-hatch: right $surface-lighten-1 70%;\n", "$empty-hatch: right $surface-lighten-1 70%;\n\nAppHeader { display: none; }\n")], [MAIN]),
    Edit("a key binding's description", [("posting/app.py", '            "change_method",\n            "Method",', '            "change_method",\n            "Verb",')], [MAIN], "said RLD609"),
    Edit("a key bound to another action", [("posting/app.py", '            "ctrl+o",\n            "toggle_jump_mode"', '            "ctrl+g",\n            "toggle_jump_mode"')], ["C-g ! Escape"], "said RLD609"),
    Edit("a default of the settings", [("posting/config.py", "    show_host: bool = Field(default=True)", "    show_host: bool = Field(default=False)")], [MAIN], "noted RLD108"),
    Edit("a syntax error", [("posting/jump_overlay.py", "    def _sync(self) -> None:", "    def _sync(self -> None:")], [JUMP], "refused RLD901"),
    Edit("a line that raises", [("posting/jumper.py", "class Jumper:\n", "class Jumper(Missing):\n")], [JUMP], "refused RLD901"),
)  # fmt: skip


class Posting:
    """The client with a collection of one request."""

    name = "posting"
    edits = EDITS
    first = "posting/app.py"
    kept = "pid"

    def prepare(self, workspace: Path) -> None:
        shutil.copytree(packages_of(installed("posting", *PACKAGES)) / "posting", workspace / "posting")
        (workspace / "shop").mkdir()
        (workspace / "shop" / "kettle.posting.yaml").write_text(REQUEST)

    def start(self, workspace: Path, env: dict[str, str], live: bool) -> OnScreen:
        python = installed("posting", *PACKAGES) / "python"
        given = {
            **env,
            "HOME": str(workspace / "home"),
            "XDG_DATA_HOME": str(workspace / "home"),
            "XDG_CONFIG_HOME": str(workspace / "home"),
        }
        command = [python, "-m", "posting", "--collection", "shop"]
        return OnScreen(command, workspace, given, live, "kettle")


test_sample, test_edits = trials(Posting(), sample=("the body of a screen's compose",))
