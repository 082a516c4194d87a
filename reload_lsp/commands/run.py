"""`reload-lsp run`: the user's own command with the user's own interpreter, the agent inside."""

from __future__ import annotations

import os
import sys

from .interpreter import ignores_environment, with_interpreter

USAGE = """\
usage: reload-lsp run [--restart never|ask|on-unsafe] [--profile-reload [FILE]] [--] COMMAND [ARGUMENT ...]

Starts COMMAND with the agent inside, so that saved files reload in it. COMMAND is anything that ends up in a
Python of 3.10 or newer: `python app.py`, `uvicorn app:app`, a shell script, or just `app.py`, `-m package`.
It replaces reload-lsp: the same process, terminal, signals and exit code.

--restart says when the program is started again because an edit cannot take effect in it as it runs: only where you ask
for it in the editor (never, the default), where the editor asks you (ask), or at once (on-unsafe).

--profile-reload writes to FILE (a name that ends in .json; reload-profile.json where none is given) what every reload spent
its time on, as a trace for https://ui.perfetto.dev or chrome://tracing.
"""
PROFILE = "reload-profile.json"
RESTARTS = ("never", "ask", "on-unsafe")


def main(argv: list[str]) -> int:
    """Start the command; returns only where it cannot be started (or where there is no exec)."""
    try:
        command, restart, profile = parse(argv)
        profile = profile and begun(profile)
    except ValueError as error:
        print(f"reload-lsp run: {error}", file=sys.stderr)
        return 2
    if not command:
        print(USAGE, end="")
        return 0
    command = with_interpreter(command)
    env = environment(command, restart)
    if profile:
        env["RELOAD_LSP_PROFILE"] = f"{os.getpid()} {profile}"
    return execute(command, env)


def parse(argv: list[str]) -> tuple[list[str], str, str]:
    """The command in `run`'s arguments, empty where help is wanted, when to restart it, and the file for a profile, "" where
    none is wanted; ValueError for nonsense."""
    rest, restart, profile = list(argv), "never", ""
    while rest and rest[0].startswith("-") and rest[0] not in ("-m", "-c"):
        option = rest.pop(0)
        if option == "--":
            break
        if option in ("-h", "--help"):
            return [], restart, profile
        if option.partition("=")[0] == "--profile-reload":
            profile = _profile(option, rest)
        else:
            restart = _restart(option, rest)
    if not rest:
        raise ValueError("name the command to run, for example: reload-lsp run -- python app.py")
    return rest, restart, profile


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
    name, _, value = option.partition("=")
    if name != "--restart":
        raise ValueError(f"there is no option {option}; put -- before the command to run")
    value = value or (rest.pop(0) if rest else "")
    if value not in RESTARTS:
        raise ValueError(f"--restart takes {', '.join(RESTARTS)}, not {value!r}")
    return value
