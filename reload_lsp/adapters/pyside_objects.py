"""Qt by PySide6."""

from __future__ import annotations

from .qt_objects import QtObjects

ADAPTER = QtObjects("PySide6", "6.12")
