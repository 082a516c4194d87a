"""PyTorch and pandas. Run by hand: the libraries are large (`pytest -m longrun`)."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from adapters_program import Program, python_with

pytestmark = [pytest.mark.slow, pytest.mark.longrun]

NET = """
    import torch
    from torch import nn
    import steps

    class Inner(nn.Module):
        def forward(self, x):
            return x * 2

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = Inner()

        def scale(self, x):
            return x + 1

        def forward(self, x):
            return steps.shift(self.scale(self.inner(x)))
"""
STEPS = """
    OFFSET = 100.0

    def shift(x):
        return x + OFFSET
"""


@pytest.fixture
def program() -> Iterator[Program]:
    given = os.environ.get("RELOAD_LSP_TORCH_PYTHON")
    python = Path(given) if given else python_with("torch", ("torch==2.13.0", "numpy"))
    with tempfile.TemporaryDirectory(prefix="rl-") as folder:
        made = Program(Path(folder).resolve(), python)
        yield made
        made.end()


@pytest.mark.parametrize("how", ["torch.compile(model, backend='eager')", "(model.compile(backend='eager'), model)[1]"])
def test_what_was_traced_follows(program: Program, how: str) -> None:
    program.write(net=NET, steps=STEPS)
    program.run(f"import torch, net\nmodel = net.Net()\nfast = {how}\n")
    assert program.ask("fast(torch.ones(1)).item()") == 103.0
    for module, old, new, value in (
        ("steps", "x + OFFSET", "x + OFFSET * 2", 203.0),
        ("net", "return x * 2", "return x * 4", 205.0),
        ("net", "return x + 1", "return x + 5", 209.0),
        ("steps", "100.0", "200.0", 409.0),
        ("net", "return steps.shift", "return 10 * steps.shift", 4090.0),
    ):
        assert program.edit(module, old, new) == []
        assert program.ask("fast(torch.ones(1)).item()") == value


def test_what_was_scripted_is_said(program: Program) -> None:
    program.write(
        net="""
            import torch
            from torch import nn
            def helper(x):
                return x + 1
            @torch.jit.script
            def scripted(x):
                return helper(x) * 2
            class Net(nn.Module):
                def forward(self, x):
                    return x * 3
            net = torch.jit.script(Net())
            def loose(x):
                return x - 1
        """
    )
    program.run("import torch, net")
    assert program.edit("net", "x - 1", "x - 2") == []
    for old, new in (("helper(x) *", "helper(x) * 2 *"), ("x * 3", "x * 4")):
        assert program.edit("net", old, new) == ["RLD609"], old
    assert program.edit("net", "x + 1", "x + 2") == ["RLD609", "RLD609"]


def test_an_accessor_of_pandas_has_one_name() -> None:
    given = os.environ.get("RELOAD_LSP_PANDAS_PYTHON")
    python = Path(given) if given else python_with("pandas", ("pandas==3.1.1",))
    with tempfile.TemporaryDirectory(prefix="rl-") as folder:
        program = Program(Path(folder).resolve(), python)
        program.write(
            shop="""
                import pandas as pd
                @pd.api.extensions.register_dataframe_accessor("shop")
                class Shop:
                    def __init__(self, frame):
                        self.frame = frame
                    def size(self):
                        return len(self.frame)
            """
        )
        program.run("import pandas as pd, shop; pd.DataFrame({'a': [1]}).shop.size()")
        there = "[n for n in ('shop', 'till') if hasattr(pd.DataFrame, n)]"
        assert program.edit("shop", '"shop"', '"till"', "len(self.frame)", "-len(self.frame)") == []
        assert program.ask(f"pd.DataFrame({{'a': [1]}}).till.size(), {there}") == [-1, ["till"]]
        assert program.save(shop="import pandas as pd\n") == []
        assert program.ask(there) == []
        program.end()
