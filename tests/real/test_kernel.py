"""A Jupyter kernel, driven by jupyter_client as notebooks do it; modules that its cells import are edited."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import Real, installed, packages_of, running

from reload_lsp.demo.processes import environment

pytestmark = pytest.mark.slow

PACKAGES = ("ipykernel==7.4.0", "jupyter_client==8.10.0", "tabulate==0.10.0")
SHAPES = """\
import math
from dataclasses import dataclass

SCALE = 2


@dataclass
class Circle:
    radius: float

    def area(self):
        return round(math.pi * self.radius ** 2, 1)
"""
REPORTS = """\
from shapes import SCALE

FACTOR = SCALE * 10


def line(shape):
    return f"{shape.area() * FACTOR}"
"""
TABLE = "    if tabular_data is None:\n        tabular_data = []\n"
# The notebook: one cell in, its last value out. It runs on the kernel's own Python, where jupyter_client is.
NOTEBOOK = """
import json, sys
from jupyter_client import BlockingKernelClient
client = BlockingKernelClient(connection_file=sys.argv[1])
client.load_connection_file()
client.start_channels()
client.wait_for_ready(timeout=60)
print("ready", flush=True)
for cell in sys.stdin:
    said, printed = [], []
    def hook(message):
        content = message["content"]
        if message["msg_type"] == "stream":
            printed.append(content["text"])
        if message["msg_type"] == "execute_result":
            said.append(content["data"]["text/plain"])
        elif message["msg_type"] == "error":
            said.append(content["ename"] + ": " + content["evalue"])
    client.execute_interactive(json.loads(cell), output_hook=hook, timeout=60)
    print(json.dumps([said[-1] if said else None, "".join(printed).splitlines()]), flush=True)
"""


class Notebook:
    """Cells in, values out; `printed` are the lines that the last cell wrote."""

    def __init__(self, python: Path, connection: Path) -> None:
        self.printed: list[str] = []
        while not connection.exists() or not connection.read_text().endswith("}"):
            time.sleep(0.05)
        self.process = subprocess.Popen(
            [python, "-c", NOTEBOOK, connection], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout and self.process.stdout.readline() == "ready\n"

    def run(self, cell: str) -> str | None:
        """The value of a cell's last line, as the notebook shows it."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(cell) + "\n")
        self.process.stdin.flush()
        said: str | None
        said, self.printed = json.loads(self.process.stdout.readline())
        return said

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(30)


@pytest.fixture
def kernel(folder: Path) -> Iterator[tuple[Real, Notebook, Path]]:
    python = installed("kernel", *PACKAGES) / "python"
    workspace = folder / "ws"
    workspace.mkdir()
    (workspace / "shapes.py").write_text(SHAPES)
    (workspace / "reports.py").write_text(REPORTS)
    library = workspace / ".venv" / "lib" / "tabulate.py"
    library.parent.mkdir(parents=True)
    (workspace / ".venv" / "pyvenv.cfg").write_text("")
    library.write_bytes((packages_of(python.parent) / "tabulate" / "__init__.py").read_bytes())
    connection = folder / "kernel.json"
    command = [python, "-m", "ipykernel_launcher", "-f", connection]
    with running(folder, workspace, command, "NOTE: When using") as program:
        notebook = Notebook(python, connection)
        try:
            yield program, notebook, workspace
        finally:
            notebook.close()


def test_a_notebook_follows_the_modules_it_imported(kernel: tuple[Real, Notebook, Path]) -> None:
    program, notebook, workspace = kernel
    library = workspace / ".venv" / "lib" / "tabulate.py"
    notebook.run(f"import sys; sys.path.insert(0, {str(library.parent)!r})")
    notebook.run("import shapes, reports, tabulate; from shapes import Circle; from reports import line")
    notebook.run("unit = Circle(1.0); kept = [unit]; add = unit.area")
    assert notebook.run("unit.area(), line(unit), add()") == "(3.1, '62.0', 3.1)"
    program.open(library)

    done = program.save(workspace / "shapes.py", "math.pi *", "100 *")
    assert (done["outcome"], done["modules"]) == ("applied", ["shapes"])
    assert notebook.run("unit.area(), add(), kept[0] is unit") == "(100.0, 100.0, True)"

    done = program.save(workspace / "shapes.py", "SCALE = 2", "SCALE = 3")
    assert (done["outcome"], done["modules"]) == ("applied", ["shapes", "reports"])
    assert notebook.run("line(unit), reports.FACTOR") == "('3000.0', 30)"

    done = program.save(workspace / "shapes.py", "    radius: float\n", "    radius: float\n    name: str = 'x'\n")
    assert done["outcome"] == "applied"
    assert notebook.run("unit, isinstance(unit, Circle), Circle(2.0, 'y').name") == (
        "(Circle(radius=1.0, name='x'), True, 'y')"
    )

    done = program.save(workspace / "reports.py", "FACTOR = SCALE * 10", "FACTOR = SCALE / 0")
    assert done["outcome"] == "rolled-back"
    assert notebook.run("reports.FACTOR") == "30"
    program.save(workspace / "reports.py", "FACTOR = SCALE / 0", "FACTOR = SCALE * 10")

    done = program.save(library, TABLE, TABLE + '    return "edited"\n')
    assert (done["outcome"], done["modules"]) == ("applied", ["tabulate"])
    assert notebook.run("tabulate.tabulate([[1]])") == "'edited'"


def test_names_that_cells_imported_follow(kernel: tuple[Real, Notebook, Path]) -> None:
    program, notebook, workspace = kernel
    notebook.run("from shapes import SCALE, Circle as Round; from reports import *; mine = SCALE")
    notebook.run("from shapes import SCALE as own; own = 7")
    notebook.run("def area(): return Round(1.0).area() * SCALE")
    program.save(workspace / "shapes.py", "SCALE = 2", "SCALE = 5")
    # What a cell computed itself is its own, as is a name that a cell has set since.
    assert notebook.run("SCALE, FACTOR, mine, own, area()") == "(5, 50, 2, 7, 15.5)"
    program.save(workspace / "shapes.py", "SCALE = 5", "SCALE = 1 / 0")
    assert notebook.run("SCALE") == "5"
    done = program.save(workspace / "shapes.py", "SCALE = 1 / 0", "TIMES = 6")
    assert "RLD209" in [finding["code"] for finding in done["findings"]]


@pytest.fixture
def plain(folder: Path) -> Iterator[tuple[Notebook, Path]]:
    """A kernel that nobody prepared, and no editor."""
    python = installed("kernel", *PACKAGES) / "python"
    workspace = folder / "ws"
    workspace.mkdir()
    (workspace / "shapes.py").write_text(SHAPES)
    (workspace / "reports.py").write_text(REPORTS)
    connection = folder / "kernel.json"
    env = {**environment(folder), "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen([python, "-m", "ipykernel_launcher", "-f", connection], cwd=workspace, env=env) as process:
        notebook = Notebook(python, connection)
        yield notebook, workspace
        notebook.close()
        process.kill()


def test_the_extension_reloads_and_shows_what_came_of_it(plain: tuple[Notebook, Path]) -> None:
    notebook, workspace = plain
    shapes = workspace / "shapes.py"
    notebook.run("%load_ext reload_lsp")
    notebook.run("from shapes import Circle, SCALE; import reports; unit = Circle(1.0)")
    assert notebook.run("unit.area(), SCALE, reports.FACTOR") == "(3.1, 2, 20)"
    assert notebook.printed == []
    shapes.write_text(SHAPES.replace("SCALE = 2", "SCALE = 3").replace("math.pi *", "100 *"))
    assert notebook.run("unit.area(), SCALE, reports.FACTOR") == "(100.0, 3, 30)"
    (said,) = notebook.printed
    assert said.startswith("reload-lsp: reloaded shapes → reports, ")
    shapes.write_text(SHAPES.replace("SCALE = 2", "SCALE = 1 / 0"))
    assert notebook.run("SCALE") == "3"
    first, second = notebook.printed
    assert first.startswith("reload-lsp: not reloaded, rolled-back:")
    assert second.startswith("  RLD901 shapes.py:4 ")


def test_autoreload_beside_it_is_said_once(plain: tuple[Notebook, Path]) -> None:
    notebook, _ = plain
    notebook.run("import os, sys; os.environ['RELOAD_LSP'] = '0'")
    notebook.run("%load_ext reload_lsp")
    assert [line[:34] for line in notebook.printed] == ["reload-lsp is switched off here: t"]
    assert notebook.run("'_reload_lsp_agent.live.recorder' in sys.modules") == "False"
    notebook.run("%unload_ext reload_lsp\ndel os.environ['RELOAD_LSP']")
    notebook.run("%load_ext reload_lsp")
    notebook.run("%load_ext autoreload\n%autoreload 2")
    notebook.run("1")
    assert [line[:7] for line in notebook.printed] == ["RLD716 "]
    notebook.run("1")
    assert notebook.printed == []
    notebook.run("%autoreload 0")
    notebook.run("1")
    assert notebook.printed == []
    notebook.run("%unload_ext reload_lsp")
    notebook.run("%autoreload 2")
    notebook.run("1")
    assert notebook.printed == []
