"""beartype: every configuration that was ever made stands in a table of its own, for good."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class BeartypeOptions:
    """A configuration made with other arguments: what was decorated with it is decorated again."""

    library = "beartype"
    tested = "0.23"

    def keeps(self, value: Any) -> bool:
        return isinstance(value, sys.modules[self.library].BeartypeConf)


ADAPTER = BeartypeOptions()
