"""The compiler flags of `__future__` statements, which a part of a text is compiled with too."""

from __future__ import annotations
import __future__


def _flags() -> int:
    """That of nested scopes shares a bit with CO_NESTED and is the rule anyway."""
    names = [n for n in __future__.all_feature_names if n != "nested_scopes"]
    return sum(int(getattr(__future__, n).compiler_flag) for n in names)


KEPT_FLAGS = _flags()
