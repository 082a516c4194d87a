"""`reload-lsp demo`: a folder, two processes, the story, and nothing left of any of it."""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

from . import shop
from .editor import Editor
from .processes import DemoError, Shop, environment
from .screen import Screen, wants_colour
from .story import Story, check


def main(argv: list[str]) -> int:
    """Show the main job; 0 where every step did what it says."""
    options = _options(argv)
    screen = Screen(wants_colour(options.color))
    started = time.monotonic()
    before = signal.signal(signal.SIGTERM, _terminated)
    try:
        steps = _show(screen)
    except DemoError as error:
        print(f"\nreload-lsp demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        signal.signal(signal.SIGTERM, before)
    seconds = time.monotonic() - started
    print()
    screen.title(f"All {steps} steps checked in {seconds:.1f} s. Program and server have ended; nothing is left.")
    return 0


def _show(screen: Screen) -> int:
    with tempfile.TemporaryDirectory(prefix="rl-demo-") as made:
        top = Path(made).resolve()
        folder = top / "shop"
        folder.mkdir()
        shop.write(folder)
        screen.title(f"reload-lsp demo: a shop in three modules, Python {platform.python_version()}")
        env = environment(top)
        with _running(folder, env) as (program, editor):
            steps = Story(folder, program, editor, screen).tell()
            _end(program, editor)
        left = [str(path) for path in (top / "run").rglob("*") if not path.is_dir()]
        check(not left, f"the agent left {', '.join(left)}")
    check(not os.path.exists(made), f"{made} is still there")
    return steps


@contextlib.contextmanager
def _running(folder: Path, env: dict[str, str]) -> Generator[tuple[Shop, Editor], None, None]:
    """The two processes, which end here whatever happens."""
    with contextlib.ExitStack() as ending:
        program = Shop(folder, env)
        ending.callback(program.end)
        editor = Editor(folder, env)
        ending.callback(editor.end)
        yield program, editor


def _terminated(*_: object) -> None:
    """A demo that is told to end takes everything with it too."""
    raise SystemExit(143)


def _end(program: Shop, editor: Editor) -> None:
    """Both end as in real life, and say so by their exit codes."""
    check(program.stop() == 0, "the program did not end well")
    check(editor.stop() == 0, "the server did not end well")


def _options(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="reload-lsp demo", description="Show what reload-lsp does, in a small program of its own."
    )
    parser.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="colour the output (default: on a terminal)",
    )
    return parser.parse_args(argv)
