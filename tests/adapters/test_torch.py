"""Compiled graphs of PyTorch: what was traced into them follows. Run by hand: the library is large (`pytest -m longrun`)."""

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
