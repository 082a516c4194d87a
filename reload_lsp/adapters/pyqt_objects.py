"""Qt by PyQt6."""

from __future__ import annotations

from .qt_objects import QtObjects

ADAPTER = QtObjects("PyQt6", "6.11")
