"""A Jupyter kernel, driven by jupyter_client as notebooks do it; modules that its cells import are edited."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import Real, installed, packages_of, running

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
    said = []
    def hook(message):
        content = message["content"]
        if message["msg_type"] == "execute_result":
            said.append(content["data"]["text/plain"])
        elif message["msg_type"] == "error":
            said.append(content["ename"] + ": " + content["evalue"])
    client.execute_interactive(json.loads(cell), output_hook=hook, timeout=60)
    print(json.dumps(said[-1] if said else None), flush=True)
"""


class Notebook:
    """Cells in, values out."""

    def __init__(self, python: Path, connection: Path) -> None:
        self.process = subprocess.Popen(
            [python, "-c", NOTEBOOK, connection], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout and self.process.stdout.readline() == "ready\n"

    def run(self, cell: str) -> str | None:
        """The value of a cell's last line, as the notebook shows it."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(cell) + "\n")
        self.process.stdin.flush()
        said: str | None = json.loads(self.process.stdout.readline())
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
