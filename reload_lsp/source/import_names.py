"""What an import statement binds, read off its text: nearly all of them have a form that needs no parser."""

from __future__ import annotations

import re
from functools import lru_cache

from .named import Import, Names

_FORM = re.compile(
    r"""(?:from\s+(?P<dots>\.*)\s*(?P<module>[\w.]*)\s+import\s+(?:\((?P<inside>[\w\s,]+)\)|(?P<names>\*|[\w\ \t,]+))
      | import\s+(?P<modules>[\w.\ \t,]+))\Z""",
    re.VERBOSE,
)
_ENTRY = re.compile(r"\s*([\w.]+)(?:\s+as\s+(\w+))?\s*\Z")


@lru_cache(1024)  # most modules import the same things
def import_names(text: str) -> Names | None:
    """The names of an import statement; None where it has another form (comments, continued lines), or is none."""
    found = _FORM.match(text)
    if found is None:
        return None
    taken = found["inside"] or found["names"]
    if taken == "*":
        return Names(imports=(Import(found["module"], len(found["dots"]), "*", "*"),))
    imports: list[Import] = []
    entries = [_ENTRY.match(part) for part in (taken or found["modules"]).rstrip().rstrip(",").split(",")]
    for entry in entries:
        if entry is None:
            return None
        name, alias = entry.groups()
        if taken:
            imports.append(Import(found["module"], len(found["dots"]), name, alias or name))
        else:
            imports.append(Import(name, 0, "", alias or name.partition(".")[0]))
    return Names(binds=frozenset(e.bound for e in imports), imports=tuple(imports))
