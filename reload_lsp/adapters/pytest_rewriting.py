"""pytest: test modules are compiled with their asserts rewritten; its loader has no method that makes code."""

from __future__ import annotations

import ast
import sys
from types import CodeType

from ..live.loaders import COMPILERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


class PytestRewriting:
    """Edited tests go on to explain their failures; the items of a session that is over are no registry."""

    library = "_pytest.assertion.rewrite"
    tested = "9.2"

    def withdraw(self, work: Work, definition: Definition) -> None:
        """An item looks its function up again where it has none."""
        module: Any = sys.modules.get("_pytest.python")
        if module is None or definition.statement.kind != "function":
            return
        for item in work.instances(module.Function):
            if definition.made(item.__dict__.get("_obj")):
                work.journal.del_item(item.__dict__, "_obj")


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
