"""PyTorch: what `torch.jit.script` compiled has the code of its functions in it, for good."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FunctionType
    from typing import Any

    from ..live.work import Work


class TorchScripts:
    """Scripted functions, those that they call, and scripted modules: nothing is compiled in their place, so it is said."""

    library = "torch.jit._script"
    tested = "2.13"

    def settle(self, work: Work) -> None:
        torch: Any = sys.modules["torch"]
        edited = {id(f) for f in work.swapped()}
        compiled: Any = sys.modules["torch.jit._state"]._jit_caching_layer
        for function in list(compiled):
            if id(function) in edited or _reads_changes(work, function):
                _say(work, function, function.__qualname__)
        methods = [f for f in work.swapped() if "." in f.__qualname__]
        modules: list[Any] = work.instances(torch.jit.RecursiveScriptModule) if methods else []
        names = {m.original_name for m in modules}
        for method in methods:
            owner = method.__qualname__.partition(".")[0]
            if owner in names:
                _say(work, method, owner)


def _reads_changes(work: Work, function: FunctionType) -> bool:
    code: Any = getattr(function, "__code__", None)
    return code is not None and any(work.changed(function.__module__, name) for name in code.co_names)


def _say(work: Work, function: FunctionType, what: str) -> None:
    work.say(
        "RLD609",
        f"torch.jit.script has compiled {what} as it was before this edit, and what it made goes on so. "
        "Script it again, or restart the process.",
        function,
    )


ADAPTER = TorchScripts()
