"""pandas: an accessor stays an attribute of frames and series under the name that it was registered with."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


class PandasAccessors:
    """Accessors of `register_dataframe_accessor(...)` and the like that run again, or are gone."""

    library = "pandas.core.accessor"
    tested = "3.1"

    def withdraw(self, work: Work, definition: Definition) -> None:
        pandas: Any = sys.modules["pandas"]
        for owner in (pandas.DataFrame, pandas.Series, pandas.Index) if definition.statement.kind == "class" else ():
            members: dict[str, Any] = dict(owner.__dict__)
            for name in owner._accessors & members.keys():
                if definition.made(getattr(members[name], "_accessor", None)):
                    work.journal.record(owner._accessors.add, name)
                    owner._accessors.discard(name)
                    work.journal.del_attr(owner, name)


ADAPTER = PandasAccessors()
