"""pytest: test modules are compiled with their asserts rewritten; its loader has no method that makes code."""

from __future__ import annotations

import ast
import sys
from types import CodeType

from ..live.loaders import COMPILERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class PytestRewriting:
    """Edited tests go on to explain their failures."""

    library = "_pytest.assertion.rewrite"
    tested = "9.2"


def rewritten(loader: Any, filename: str, data: bytes) -> CodeType | None:
    """The code of a text as pytest's loader makes it; None for other loaders."""
    module: Any = sys.modules.get("_pytest.assertion.rewrite")
    if module is None or not isinstance(loader, module.AssertionRewritingHook):
        return None
    tree = ast.parse(data, filename)
    try:
        module.rewrite_asserts(tree, data, filename, loader.config)
    except Exception:  # noqa: BLE001, RUF100 - another version's: tests run without explanations then
        tree = ast.parse(data, filename)
    return compile(tree, filename, "exec", dont_inherit=True)


COMPILERS.append(rewritten)
ADAPTER = PytestRewriting()
