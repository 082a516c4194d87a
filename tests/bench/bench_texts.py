"""The generated program of all measurements: a module of 2,000 lines, who holds what it defines, dependents of a constant, and
as many further modules as are asked for, each of which is imported."""

from __future__ import annotations

from pathlib import Path

BLOCKS = 199  # of 10 lines: with the head, 2,000 lines
SMALL_BLOCKS = 28  # of the module of 300 lines

HEAD = '''\
"""A module as people write them."""

count = 0


def bump():
    global count
    count += 1
    return count
'''
TARGET = """

def target(x):
    return x + 1


class Thing:
    def __init__(self):
        self.hits = 0

    def method(self, x):
        return x + 1
"""
BLOCK = '''

def helper_{i}(values, scale={i}):
    """Something to do."""
    found = []
    for value in values:
        if value > scale:
            found.append(value * scale)
    return sorted(found, reverse=True)

'''
APP = '''\
"""The application: holds what the big module defines in the ways programs do."""

import big
import derived
import held
from big import target

table = {"target": big.target}
thing = big.Thing()
bound = thing.method
made = held.make()
state = {"requests": 0}
'''
HELD = """\
def make():
    def inner(x):
        return x + 1 + {edit}

    return inner
"""
SMALL = """\
import os


def function_{n}(x):
    y = x + 1
    return y


class Small{n}:
    def __init__(self):
        self.x = 1

    def method(self):
        return self.x
"""


def big(edit: int = 0, method: int = 0, blocks: int = BLOCKS) -> str:
    """The big module: `target(1)` gives 2 + `edit`, `Thing().method(1)` gives 2 + `method`."""
    half = blocks // 2
    body = TARGET.replace("return x + 1", f"return x + 1 + {edit}", 1)
    body = body.replace("        return x + 1", f"        return x + 1 + {method}") if method else body
    before = "".join(BLOCK.format(i=i) for i in range(half))
    after = "".join(BLOCK.format(i=i) for i in range(half, blocks))
    return HEAD + before + body + after


def constant(value: int) -> str:
    """The module with the constant that others derive from."""
    return f"LIMIT = {value}\nOTHER = 2\n"


def small(edit: int) -> str:
    """One of the further modules: `function_0(1)` gives 2 + `edit`."""
    return SMALL.format(n=0).replace("y = x + 1", f"y = x + 1 + {edit}")


def held(edit: int) -> str:
    """The module whose function makes a closure that somebody else holds: only a look at the heap finds it."""
    return HELD.format(edit=edit)


def write_program(folder: Path, modules: int = 10, dependents: int = 10, blocks: int = BLOCKS) -> None:
    """The program in `folder`: `app` imports all of it but the `modules` further ones, which `extra` imports."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "big.py").write_text(big(blocks=blocks))
    (folder / "config.py").write_text(constant(1))
    (folder / "held.py").write_text(held(0))
    for number in range(dependents):
        (folder / f"dep_{number}.py").write_text(
            f"from config import LIMIT\n\nlimit = LIMIT * {number + 1}\nkept = []\n\n\ndef over(x):\n    return x > limit\n"
        )
    imports = "".join(f"import dep_{n}\n" for n in range(dependents))
    listed = ", ".join(f"dep_{n}" for n in range(dependents))
    (folder / "derived.py").write_text(f"{imports}\nall_of_them = [{listed}]\n")
    (folder / "app.py").write_text(APP)
    for number in range(modules):
        below = f"import extra_{number // 2}\n" if number else ""
        (folder / f"extra_{number}.py").write_text(below + SMALL.format(n=number))
