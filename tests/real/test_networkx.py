# ruff: noqa: E501
"""A Jupyter notebook: cells that hold graphs of networkx (from PyPI) and of a module of their own, which are edited."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from driver import Said, installed, packages_of
from edits import Broken, Edit, trials
from test_kernel import Notebook

from reload_lsp.demo.processes import COMMAND

PACKAGES = ("networkx==3.6.1", "ipykernel==7.4.0", "jupyter_client==8.10.0")
STUDY = '''\
"""The notebook's own module, as it grows beside the cells."""

from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

import networkx as nx

STEP = 2
WEIGHTS = {"road": 1, "rail": STEP}


class Kind(Enum):
    ROAD = "road"
    RAIL = "rail"


@dataclass
class Town:
    name: str
    size: int = 1

    def label(self):
        return f"{self.name} ({self.size})"


@dataclass
class Map:
    graph: nx.Graph = field(default_factory=nx.Graph)

    def join(self, one, other, kind=Kind.ROAD):
        self.graph.add_edge(one.name, other.name, weight=WEIGHTS[kind.value])
        return self

    def length(self, one, other):
        return nx.shortest_path_length(self.graph, one.name, other.name, weight="weight")


@lru_cache
def scale(n):
    return n * STEP


def report(made):
    return ", ".join(sorted(made.graph))


def steps(limit):
    for n in range(limit):
        yield scale(n)
'''
CELLS = (
    "import networkx as nx\nimport study\nfrom study import Kind, Map, Town, report, scale, steps",
    "a, b, c = Town('Ahlen'), Town('Bork', 3), Town('Celle')\nmade = Map().join(a, b).join(b, c, Kind.RAIL)\nlabel = a.label",
    "g = nx.path_graph(5)\nranked = nx.pagerank\nscale(3)",
)
GRAPH, PATHS, CORE = (
    "networkx/classes/graph.py",
    "networkx/algorithms/shortest_paths/generic.py",
    "networkx/algorithms/core.py",
)
EDITS = (
    Edit("a method's body, seen through a bound method in a variable", [("study.py", '({self.size})"', '[{self.size}]"')], ["label(), b.label()"]),
    Edit("a constant that others are computed from", [("study.py", "STEP = 2", "STEP = 5")], ["study.WEIGHTS, Map().join(a, b, Kind.RAIL).length(a, b)"]),
    Edit("what a cached function computes", [("study.py", "return n * STEP", "return n * STEP + 100")], ["scale(3), scale(4)"]),
    Edit("a field with a default added to a dataclass", [("study.py", "    size: int = 1\n", "    size: int = 1\n    coast: bool = False\n")], ["a, Town('D', 2, True)"]),
    Edit("the default of a dataclass's field", [("study.py", "    size: int = 1\n", "    size: int = 7\n")], ["Town('D')"]),
    Edit("a method added to a dataclass", [("study.py", "    def label(self):", "    def __len__(self):\n        return self.size\n\n    def label(self):")], ["len(b)"]),
    Edit("a property in the place of a method", [("study.py", "    def label(self):", "    @property\n    def label(self):")], ["b.label"]),
    Edit("a member added to an enum", [("study.py", '    RAIL = "rail"\n', '    RAIL = "rail"\n    SEA = "sea"\n')], ["list(Kind), Kind.RAIL is Kind('rail')"]),
    Edit("a parameter with a default added to a function", [("study.py", "def report(made):\n    return \", \".join", "def report(made, joint=\" + \"):\n    return joint.join")], ["report(made), report(made, '-')"]),
    Edit("a generator function", [("study.py", "        yield scale(n)", "        yield -scale(n)")], ["list(steps(3))"]),
    Edit("an import, and its use", [("study.py", "from enum import Enum\n", "import textwrap\nfrom enum import Enum\n"), ("study.py", "    return \", \".join(sorted(made.graph))", "    return textwrap.shorten(\", \".join(sorted(made.graph)), 9)")], ["report(made)"]),
    Edit("a class made a subclass", [("study.py", "@dataclass\nclass Map:", "class Base:\n    def towns(self):\n        return len(self.graph)\n\n\n@dataclass\nclass Map(Base):")], ["made.towns()"], "said RLD102"),
    Edit("networkx: a method of a class of which graphs live", [(GRAPH, "return len(self._node)\n\n    def __getitem__", "return len(self._node) + 100\n\n    def __getitem__")], ["len(g), len(made.graph)"]),
    Edit("networkx: a function behind its dispatching decorator", [(PATHS, "                paths = nx.bidirectional_shortest_path(G, source, target)", "                paths = nx.bidirectional_shortest_path(G, source, target)[:2]")], ["nx.shortest_path(g, 0, 4)"]),
    Edit("networkx: the default of a parameter behind a decorator", [("networkx/algorithms/link_analysis/pagerank_alg.py", "def pagerank(\n    G,\n    alpha=0.85,", "def pagerank(\n    G,\n    alpha=0.25,")], ["__import__('inspect').signature(ranked).parameters['alpha'].default"]),
    Edit("networkx: arguments of its decorator", [(CORE, '@nx.utils.not_implemented_for("multigraph")\n@nx._dispatchable\ndef core_number(G):', '@nx.utils.not_implemented_for("undirected")\n@nx._dispatchable\ndef core_number(G):')], ["nx.core_number(g)"], "said RLD901"),
    Edit("networkx: a message of an exception class", [("networkx/exception.py", "class NetworkXNoPath(NetworkXUnfeasible):", "class NetworkXNoPath(NetworkXUnfeasible):\n    def __str__(self):\n        return 'no way'\n")], ["nx.shortest_path(nx.empty_graph(2), 0, 1)"]),
    Edit("networkx: a function added and exported", [(CORE, '@nx.utils.not_implemented_for("multigraph")\n@nx._dispatchable\ndef core_number', '@nx._dispatchable\ndef shell_count(G):\n    return len(set(core_number(G).values()))\n\n\n@nx.utils.not_implemented_for("multigraph")\n@nx._dispatchable\ndef core_number'), (CORE, '__all__ = [\n', '__all__ = [\n    "shell_count",\n')], ["nx.shell_count(g)", "nx.core_number(g)"], "exact; taken back: exact with RLD307"),
    Edit("a syntax error", [("study.py", "def report(made):", "def report(made:")], ["report(made)"], "refused RLD901"),
    Edit("a line that raises", [("study.py", "STEP = 2", "STEP = 2 / 0")], ["report(made)"], "refused RLD901"),
)  # fmt: skip


class Kernel:
    """An ipykernel in which the cells have run."""

    def __init__(self, workspace: Path, env: dict[str, str], live: bool) -> None:
        python = installed("networkx", *PACKAGES) / "python"
        connection = workspace.parent / ("live.json" if live else "fresh.json")
        connection.unlink(missing_ok=True)
        command = [str(python), "-m", "ipykernel_launcher", "-f", str(connection)]
        self._process = subprocess.Popen(
            [*COMMAND, "run", "--", *command] if live else command, cwd=workspace, env=env,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        Said(self._process).wait_for("NOTE: When using")
        self._notebook = Notebook(python, connection)
        for cell in CELLS:
            said = self._notebook.run(cell)
            if said is not None and "Error" in said:
                self.close()
                raise Broken(said)

    def ask(self, probe: str) -> str:
        return str(self._notebook.run(probe))

    def close(self) -> None:
        self._notebook.close()
        self._process.terminate()
        self._process.wait(10)


class Notebooks:
    """A notebook of three cells."""

    name = "networkx"
    edits = EDITS
    first = "study.py"
    kept = "id(made), id(g)"

    def prepare(self, workspace: Path) -> None:
        shutil.copytree(packages_of(installed("networkx", *PACKAGES)) / "networkx", workspace / "networkx")
        (workspace / "study.py").write_text(STUDY)

    def start(self, workspace: Path, env: dict[str, str], live: bool) -> Kernel:
        return Kernel(workspace, env, live)


test_sample, test_edits = trials(
    Notebooks(),
    sample=("networkx: a function behind its dispatching decorator", "a constant that others are computed from"),
)
