"""`reload-lsp demo`: the main job, nothing scripted: a real program, the real server, a small LSP client.

Each step is checked; one that is not what it says ends the demo with an error.
"""

from __future__ import annotations

from .show import main

__all__ = ["main"]
