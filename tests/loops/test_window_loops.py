"""What the agent asks the toolkits must not fail, whatever they are."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from reload_lsp.adapters import window_loops


def _broken() -> None:
    raise RuntimeError("not now")


@pytest.mark.parametrize("members", [{}, {"QCoreApplication": ModuleType("Q")}, {"QCoreApplication": None}])
def test_no_application_is_no_window(monkeypatch: pytest.MonkeyPatch, members: dict[str, object]) -> None:
    core = ModuleType("PySide6.QtCore")
    core.__dict__.update(members)
    monkeypatch.setitem(sys.modules, "PySide6.QtCore", core)
    assert window_loops.present() is False
    window_loops.wake()


def test_an_application_that_cannot_be_woken_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    application = ModuleType("Q")
    application.__dict__.update(instance=lambda: application, thread=_broken)
    core = ModuleType("PySide6.QtCore")
    core.__dict__.update(QCoreApplication=application, QObject=object)
    monkeypatch.setitem(sys.modules, "PySide6.QtCore", core)
    assert window_loops.present() is True
    window_loops.wake()
