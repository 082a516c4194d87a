"""`reload-lsp run`: the user's own command with the user's own interpreter, the agent inside."""

from __future__ import annotations

import os
import sys

from .interpreter import ignores_environment, with_interpreter

USAGE = """\
usage: reload-lsp run [--restart never|ask|on-unsafe] [--listen HOST:PORT --key-file FILE] [--profile-reload [FILE]]
                      [--] COMMAND [ARGUMENT ...]

Starts COMMAND with the agent inside, so that saved files reload in it. COMMAND is anything that ends up in a
Python of 3.10 or newer: `python app.py`, `uvicorn app:app`, a shell script, or just `app.py`, `-m package`.
It replaces reload-lsp: the same process, terminal, signals and exit code.

--restart says when the program is started again because an edit cannot take effect in it as it runs: only where you ask
for it in the editor (never, the default), where the editor asks you (ask), or at once (on-unsafe).

--listen has the program reachable from another machine too, or from outside of its container, for editors that have a copy of
the key in FILE (made where it is missing). HOST:FIRST-LAST gives each process of the program a port of its own.

--profile-reload writes to FILE (a name that ends in .json; reload-profile.json where none is given) what every reload spent
its time on, as a trace for https://ui.perfetto.dev or chrome://tracing.
"""
PROFILE = "reload-profile.json"
RESTARTS = ("never", "ask", "on-unsafe")


class Run:
    """What the arguments of `run` ask for; no `command` where help is wanted. No dataclass: its import is felt at each start."""

    __slots__ = ("command", "key_file", "listen", "profile", "restart")

    def __init__(self) -> None:
        self.command: list[str] = []
        self.restart = "never"
        self.profile = self.listen = self.key_file = ""


def main(argv: list[str]) -> int:
    """Start the command; returns only where it cannot be started (or where there is no exec)."""
    try:
        wanted = parse(argv)
        wanted.profile = wanted.profile and begun(wanted.profile)
        network = network_environment(wanted.listen, wanted.key_file) if wanted.listen else {}
    except ValueError as error:
        print(f"reload-lsp run: {error}", file=sys.stderr)
        return 2
    if not wanted.command:
        print(USAGE, end="")
        return 0
    command = with_interpreter(wanted.command)
    env = {**environment(command, wanted.restart), **network}
    if wanted.profile:
        env["RELOAD_LSP_PROFILE"] = f"{os.getpid()} {wanted.profile}"
    return execute(command, env)


def parse(argv: list[str]) -> Run:
    """What `run`'s arguments ask for; ValueError for nonsense."""
    rest, wanted = list(argv), Run()
    while rest and rest[0].startswith("-") and rest[0] not in ("-m", "-c"):
        option = rest.pop(0)
        if option == "--":
            break
        if option in ("-h", "--help"):
            return Run()
        _take(option, rest, wanted)
    if not rest:
        raise ValueError("name the command to run, for example: reload-lsp run -- python app.py")
    if bool(wanted.listen) != bool(wanted.key_file):
        raise ValueError("--listen and --key-file belong together: whoever has the key can reload this program")
    wanted.command = rest
    return wanted


def _take(option: str, rest: list[str], wanted: Run) -> None:
    name = option.partition("=")[0]
    if name == "--profile-reload":
        wanted.profile = _profile(option, rest)
    elif name == "--listen":
        wanted.listen = _value(option, rest)
    elif name == "--key-file":
        wanted.key_file = _value(option, rest)
    elif name == "--restart":
        wanted.restart = _restart(option, rest)
    else:
        raise ValueError(f"there is no option {option}; put -- before the command to run")


def network_environment(listen: str, key_file: str) -> dict[str, str]:
    """The variables that have the agent listen on the network: names of places, never the key; ValueError with what is wrong."""
    from ..wire.errors import FolderError
    from ..wire.keyfile import make_key, read_key
    from ..wire.place import parse_place

    parse_place(listen)
    path = os.path.abspath(key_file)
    try:
        if not os.path.lexists(path):
            make_key(path)
            print(f"reload-lsp run: made the key file {path}; the editor's side needs a copy of it", file=sys.stderr)
        read_key(path)
    except FolderError as error:
        raise ValueError(str(error)) from None
    except OSError as error:
        raise ValueError(f"the key file {path} cannot be made: {error.strerror}") from None
    return {"RELOAD_LSP_LISTEN": listen, "RELOAD_LSP_KEY_FILE": path}


def begun(profile: str) -> str:
    """An empty file for a profile, by its absolute name; ValueError where it cannot be written."""
    try:
        with open(profile, "w", encoding="utf-8") as file:
            file.write("[\n]\n")
    except OSError as error:
        raise ValueError(f"{profile} cannot be written: {error.strerror}") from None
    return os.path.abspath(profile)


def environment(command: list[str], restart: str = "never") -> dict[str, str]:
    """The command's environment: ours, with the way in for the agent where it can be used."""
    env = dict(os.environ)
    if env.get("RELOAD_LSP") == "0":
        return env
    if flag := ignores_environment(command):
        print(
            f"reload-lsp run: {command[0]} {flag} keeps the agent out, so nothing reloads in this program; "
            f"leave {flag} out, or `import reload_lsp; reload_lsp.start()` in it",
            file=sys.stderr,
        )
        return env
    folder = bootstrap_folder()
    old = env.get("PYTHONPATH")
    # Never a trailing separator: it would put the current folder on the program's sys.path.
    env["PYTHONPATH"] = folder + os.pathsep + old if old else folder
    env["RELOAD_LSP_BOOTSTRAP"] = folder
    if os.name != "nt":  # where the command becomes this very process, it can become itself again
        env["RELOAD_LSP_RUN"] = f"{os.getpid()} {restart}"
    return env


def bootstrap_folder() -> str:
    """The folder with the sitecustomize that lets the agent in."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return os.path.join(package, "agent", "bootstrap")


def execute(command: list[str], env: dict[str, str]) -> int:
    """Become the command; a shell's exit codes where that fails."""
    try:
        if os.name == "nt":
            return _call(command, env)
        os.execvpe(command[0], command, env)
    except FileNotFoundError:
        print(f"reload-lsp run: there is no command `{command[0]}`; is it on PATH?", file=sys.stderr)
        return 127
    except OSError as error:
        print(f"reload-lsp run: `{command[0]}` cannot be run: {error.strerror}", file=sys.stderr)
        return 126


def _call(command: list[str], env: dict[str, str]) -> int:
    import subprocess

    return subprocess.call(command, env=env)


def _profile(option: str, rest: list[str]) -> str:
    _, given, name = option.partition("=")
    if given:
        return name or PROFILE
    return rest.pop(0) if rest and rest[0].endswith(".json") else PROFILE


def _restart(option: str, rest: list[str]) -> str:
    value = _value(option, rest)
    if value not in RESTARTS:
        raise ValueError(f"--restart takes {', '.join(RESTARTS)}, not {value!r}")
    return value


def _value(option: str, rest: list[str]) -> str:
    name, _, value = option.partition("=")
    value = value or (rest.pop(0) if rest else "")
    if not value:
        raise ValueError(f"{name} needs a value")
    return value
