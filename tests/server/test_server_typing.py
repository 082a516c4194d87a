"""The bar: typing ten changes a second in a long file keeps the answers to other requests quick."""

import asyncio
import statistics
import time
from pathlib import Path

import pytest
from lsprotocol import types as t
from real import ANSWERING, launch

LINES = 5_000
CHANGES = 40
PAUSE = 0.1  # seconds between two changes
LIMIT_MS = 100.0

pytestmark = pytest.mark.slow


def long_text() -> str:
    """A module of functions, classes and values that read each other."""
    parts = ["import math\n\nBASE = 1\n"]
    while sum(part.count("\n") for part in parts) < LINES:
        n = len(parts)
        parts.append(
            f"\n\ndef f{n}(x, y=BASE):\n    total = x + {n}\n    for item in range(y):\n        total += math.sqrt(item)\n"
            f"    return total\n\n\nclass C{n}:\n    limit = {n}\n\n    def run(self):\n        return f{n}(self.limit)\n\n\n"
            f"V{n} = f{n}(BASE) + {n}\n"
        )
    return "".join(parts)


@pytest.fixture
async def editing(start, folder):
    """An editor with the long file open, which a program runs."""
    module = folder / "long.py"
    module.write_text(long_text())
    (folder / "app.py").write_text("import long\n" + ANSWERING)
    program = await launch(folder / "app.py")
    editor = await start()
    await editor.attached()
    editor.open(module)
    yield editor, module
    await program.kill()


async def answer_ms(editor, module: Path) -> float:
    """How long a request that has nothing to do with the edit takes."""
    begun = time.perf_counter()
    await editor.client.text_document_code_action_async(
        t.CodeActionParams(
            t.TextDocumentIdentifier(module.as_uri()),
            t.Range(t.Position(0, 0), t.Position(0, 0)),
            t.CodeActionContext([]),
        )
    )
    return (time.perf_counter() - begun) * 1000


async def test_other_requests_are_answered_while_one_types(editing, record_property):
    editor, module = editing
    # The first verdict reads the whole text; it is typed into before, while and after that.
    at_rest = sorted([await answer_ms(editor, module) for _ in range(100)])
    took = []
    for number in range(CHANGES):
        place = t.Position(4, 0)
        editor.change(module, t.TextDocumentContentChangePartial(t.Range(place, place), f"A{number} = {number}\n"))
        took.append(await answer_ms(editor, module))
        deadline = time.perf_counter() + (PAUSE if number % 10 else PAUSE * 4)
        while time.perf_counter() < deadline:
            took.append(await answer_ms(editor, module))
            await asyncio.sleep(0.01)
    took.sort()
    record_property("median_ms", statistics.median(took))
    record_property("most_ms", took[-1])
    print(f"{len(took)} answers: median {statistics.median(took):.1f} ms, most {took[-5:]}")
    limit = max(LIMIT_MS, 5 * at_rest[98])  # on a machine that is busy with something else
    assert took[int(len(took) * 0.99)] < limit


async def test_a_verdict_on_a_long_file_is_told(editing):
    editor, module = editing
    text = module.read_text()
    editor.write(module, text.replace("BASE = 1", "BASE = 2"))
    page = (await editor.run("reloadLsp.showPlan", module.as_uri(), {"show": False}))["markdown"]
    assert "1. run `BASE` " in page and "re-run " in page
