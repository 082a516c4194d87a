"""The bar: from didSave to `reloadLsp/didReload` against a request that does nothing, 2,000 modules."""

import statistics
import time
from pathlib import Path

import pytest
from real import ANSWERING, launch

MODULES = 2000
ROUNDS = 40
FACTOR = 3.0

pytestmark = pytest.mark.slow


def write_package(folder: Path) -> None:
    """A package of many modules that read each other in a chain of packages, as programs do."""
    package = folder / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("")
    for number in range(MODULES):
        below = f"from pkg.m{number - 1} import value as below\n" if number % 20 else "below = 0\n"
        (package / f"m{number}.py").write_text(
            f"{below}\nvalue = {number}\n\n\ndef answer(x):\n    return x + value\n\n\nclass Thing:\n"
            "    def __init__(self):\n        self.x = 1\n\n    def go(self):\n        return self.x\n"
        )
    imports = "".join(f"import pkg.m{number}\n" for number in range(MODULES))
    (folder / "app.py").write_text(imports + ANSWERING)


async def test_a_save_takes_at_most_three_times_a_request_that_does_nothing(start, folder, record_property):
    write_package(folder)
    program = await launch(folder / "app.py")
    module = folder / "pkg" / "m1990.py"
    try:
        editor = await start()
        await editor.attached()
        editor.open(module)
        text = module.read_text()
        saves, requests = [], []
        for number in range(ROUNDS):
            module.write_text(text.replace("x + value", f"x + value + {number}"))
            begun = time.perf_counter()
            editor.said_saved(module)
            told = await editor.reloaded(number + 1)
            saves.append(time.perf_counter() - begun)
            assert told.processes[0].outcome == "applied"
            begun = time.perf_counter()
            await editor.run("reloadLsp.ping")
            requests.append(time.perf_counter() - begun)
        assert await program.ask("pkg.m1990.answer(1)") == str(1 + 1990 + ROUNDS - 1)
    finally:
        await program.kill()
    save, nothing = statistics.median(saves) * 1000, statistics.median(requests) * 1000
    record_property("save_ms", save)
    record_property("nothing_ms", nothing)
    print(f"didSave to didReload {save:.2f} ms, a request that does nothing {nothing:.2f} ms")
    assert save <= FACTOR * nothing
