"""Of a text that was read before, only what is new is compiled; what it says is what compiling the whole says."""

from __future__ import annotations

import builtins

import pytest

from reload_lsp.server.checks import REMEMBERED, Checks
from reload_lsp.server.texts import problem_in

MANY = "".join(f"def f{number}():\n    return {number}\n\n\n" for number in range(200))

EDITS = {
    "a body": MANY.replace("return 100", "return 1 + 100"),
    "a body that is wrong": MANY.replace("return 100", "return 1 +"),
    "a string that never ends": MANY.replace("return 100", '"""'),
    "return outside of a function": MANY.replace("def f100():\n", "") + "return 1\n",
    "await outside of a function": MANY + "await f1()\n",
    "a future import below": MANY + "from __future__ import annotations\n",
    "a future import above": "from __future__ import annotations\n" + MANY,
    "a statement above a future import": "import os\nfrom __future__ import annotations\n" + MANY,
    "an unknown future": "from __future__ import nothing\n" + MANY,
    "indented": MANY.replace("def f100", "  def f100"),
    "nonlocal": MANY.replace("return 100", "nonlocal x"),
    "a null byte": MANY.replace("return 100", "return 100\0"),
    "nothing left": "",
}


@pytest.mark.parametrize("text", EDITS.values(), ids=EDITS)
@pytest.mark.parametrize("before", [MANY, "from __future__ import annotations\n" + MANY], ids=["plain", "future"])
def test_the_problem_is_that_of_the_whole(text: str, before: str) -> None:
    checks = Checks()
    assert checks.problem_in(before.encode(), "a.py") is None
    assert checks.problem_in(text.encode(), "a.py") == problem_in(text.encode(), "a.py")
    assert checks.problem_in(before.encode(), "a.py") is None


def test_only_what_is_new_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    compile_ = builtins.compile

    def watched(source, *arguments, **options):
        if not options.get("flags") and isinstance(source, str):
            compiled.append(source)
        return compile_(source, *arguments, **options)

    checks = Checks()
    assert checks.problem_in(MANY.encode(), "a.py") is None
    monkeypatch.setattr(builtins, "compile", watched)
    assert checks.problem_in(EDITS["a body"].encode(), "a.py") is None
    assert sum(map(len, compiled)) < 1000


def test_not_every_file_is_remembered_for_ever() -> None:
    checks = Checks()
    for number in range(2 * REMEMBERED):
        assert checks.problem_in(b"a = 1\n", f"{number}.py") is None
    assert len(checks._good) == REMEMBERED
