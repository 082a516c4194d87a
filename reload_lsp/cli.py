"""The commands of `reload-lsp`. Each is imported only when it is asked for, so that none pays for another."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# name: (module with `main(argv) -> exit code`, what it does)
COMMANDS = {
    "run": (
        "reload_lsp.commands.run",
        "start a program with the agent inside: reload-lsp run -- python app.py",
    ),
    "attach": ("reload_lsp.commands.attach", "let a program be reloaded that runs already: reload-lsp attach PID"),
    "status": ("reload_lsp.commands.status", "list the programs that can be reloaded"),
    "watch": (
        "reload_lsp.commands.watch",
        "reload from a terminal, without an editor: reload-lsp watch -- python app.py",
    ),
    "check": ("reload_lsp.commands.check", "would these changes reload? for CI: reload-lsp check main..HEAD"),
    "graph": ("reload_lsp.commands.graph", "draw the modules, or what a change of one reaches, as a picture"),
    "verify": ("reload_lsp.commands.verify", "compare a running program with a fresh one: reload-lsp verify ID"),
    "doctor": ("reload_lsp.commands.doctor", "say what is wrong when nothing attaches, and what to do"),
    "demo": ("reload_lsp.demo", "show what it does, in a small program of its own"),
}
SERVER = "reload_lsp.server.main"  # what runs when no command is named


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` names; the language server on stdio where it names none."""
    args = list(sys.argv[1:] if argv is None else argv)
    first = args[0] if args else ""
    if first in ("--version", "-V"):
        return _version()
    if first in ("--help", "-h", "help"):
        return _help()
    if first in COMMANDS:
        return _call(COMMANDS[first][0], args[1:])
    if not first or first.startswith("-"):
        return _call(SERVER, args)
    return _unknown(first)


def _call(module: str, args: list[str]) -> int:
    from importlib import import_module

    return import_module(module).main(args) or 0


def _version() -> int:
    from .wire.version import VERSION

    print(f"reload-lsp {VERSION}")
    return 0


def _help() -> int:
    print("usage: reload-lsp [--stdio]          the language server, for editors\n")
    for name, (_, what) in COMMANDS.items():
        print(f"       reload-lsp {name:<10} {what}")
    print("\n       reload-lsp --version\n")
    print("`reload-lsp COMMAND --help` says more. RELOAD_LSP=0 switches everything off.")
    return 0


def _unknown(name: str) -> int:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, 1)
    hint = f"did you mean `{near[0]}`?" if near else "`reload-lsp --help` lists the commands."
    print(f"reload-lsp: there is no command `{name}`; {hint}", file=sys.stderr)
    return 2
