"""Objects that have another hash after an edit are found by the dictionaries and sets that hold them, however it came about."""

from __future__ import annotations

import pytest
from live_project import Project, said

KEY = "class K:\n    def __init__(self, n): self.n = n\n    def __eq__(self, other): return self.n == other.n\n"
WRAP = (
    "import functools\ndef wrap(f):\n    @functools.wraps(f)\n    def inner(*args): return f(*args)\n    return inner\n"
)
CASES = {
    "a lambda": KEY + "    __hash__ = lambda self: hash(self.n) + {}\n",
    "a decorated method": WRAP + KEY + "    @wrap\n    def __hash__(self): return hash(self.n) + {}\n",
    "a function": "def h(n): return hash(n) + {}\n" + KEY + "    def __hash__(self): return h(self.n)\n",
    "a constant": "SALT = {}\n" + KEY + "    def __hash__(self): return hash(self.n) + SALT\n",
    "another method": KEY + "    def key(self): return self.n + {}\n    def __hash__(self): return hash(self.key())\n",
}


@pytest.mark.parametrize("text", CASES.values(), ids=[name.replace(" ", "-") for name in CASES])
def test_keys_made_since_the_modules_were_loaded_are_found(project: Project, text: str) -> None:
    app = project.load(text.format(0))
    table, some = {app.K(1): "one", app.K(2): "two"}, {app.K(3)}
    for salt in (7, 0, 9):
        assert said(project.save(text.format(salt))) == []
        assert table[app.K(1)] == "one" and app.K(3) in some and list(table.values()) == ["one", "two"]
