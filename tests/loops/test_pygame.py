"""A game (pygame without a screen): what it draws and how it handles keys follow, between two frames, its state kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import installed
from looping import WINDOWS, Looping, looping

pytestmark = pytest.mark.slow

APP = """\
import queue, sys, threading
import pygame
import game

asked = queue.Queue()


def frame():
    for event in pygame.event.get():
        if event.type == pygame.KEYDOWN:
            game.pressed(event.key)
    game.draw()
    pygame.display.flip()
    if not asked.empty():
        print("=", repr(eval(asked.get(), vars(game))), flush=True)


def read():
    for line in sys.stdin:
        asked.put(line)


def main():
    threading.Thread(target=read, daemon=True).start()
    clock = pygame.time.Clock()
    print("ready", flush=True)
    while True:
        frame()
        clock.tick(100)


main()
"""
GAME = """\
import threading
import pygame
import look

pygame.init()
screen = pygame.display.set_mode((32, 32))
where = "import"
score = 0
seen = []
KEYS = {}


def on(key):
    def put(function):
        KEYS[key] = function
        return function
    return put


@on(pygame.K_a)
def add():
    global score
    score += 1


def pressed(key):
    if key in KEYS:
        KEYS[key]()


def press(key):
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))


def draw():
    screen.fill(look.GROUND)
    seen[:] = [tuple(screen.get_at((1, 1)))[:3]]
"""
LOOK = "GROUND = (1, 2, 3)\n"


@pytest.fixture(scope="module")
def game(folder: Path) -> Iterator[Looping]:
    python = installed("windows", *WINDOWS) / "python"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SDL_VIDEODRIVER", "dummy")
        patch.setenv("SDL_AUDIODRIVER", "dummy")
        with looping(folder, python, {"app": APP, "game": GAME, "look": LOOK}, runIn="mainThread") as made:
            yield made


def scored(game: Looping, key: str) -> int:
    """The score once the loop has handled a key."""
    game.ask(f"press(pygame.{key})")
    return int(game.ask("score"))


def test_what_is_drawn_follows(game: Looping) -> None:
    assert game.ask("seen") == [(1, 2, 3)]
    assert game.save("look", "(1, 2, 3)", "(4, 5, 6)") == []
    game.ask("0")
    assert game.ask("seen") == [(4, 5, 6)]


def test_handlers_follow_and_the_score_stays(game: Looping) -> None:
    assert scored(game, "K_a") == 1
    assert game.save("game", "score += 1", "score += 10") == []
    assert scored(game, "K_a") == 11
    assert game.save("game", "@on(pygame.K_a)", "@on(pygame.K_b)") == []
    assert (scored(game, "K_a"), scored(game, "K_b")) == (11, 21)


def test_an_added_handler_is_there_at_once(game: Looping) -> None:
    added = "@on(pygame.K_c)\ndef half():\n    global score\n    score //= 2\n\n\ndef pressed(key):\n"
    assert game.save("game", "def pressed(key):\n", added) == []
    before = game.ask("score")
    assert scored(game, "K_c") == before // 2


def test_statements_run_between_two_frames(game: Looping) -> None:
    assert game.save("game", '"import"', "threading.current_thread().name") == []
    assert game.ask("where") == "MainThread"
