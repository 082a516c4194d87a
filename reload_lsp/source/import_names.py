"""What an import statement binds, read off its text: nearly all of them have a form that needs no parser."""

from __future__ import annotations

import re

from .names import Import, Names

_FORM = re.compile(
    r"""(?:from\s+(?P<dots>\.*)\s*(?P<module>[\w.]*)\s+import\s+(?:\((?P<inside>[\w\s,]+)\)|(?P<names>\*|[\w\ \t,]+))
      | import\s+(?P<modules>[\w.\ \t,]+))\Z""",
    re.VERBOSE,
)
_ENTRY = re.compile(r"\s*([\w.]+)(?:\s+as\s+(\w+))?\s*\Z")


def import_names(text: str) -> Names | None:
    """The names of an import statement; None where it has another form (comments, continued lines), or is none."""
    found = _FORM.match(text)
    if found is None:
        return None
    names = Names()
    taken = found["inside"] or found["names"]
    if taken == "*":
        names.imports.append(Import(found["module"], len(found["dots"]), "*", "*"))
        return names
    entries = [_ENTRY.match(part) for part in (taken or found["modules"]).rstrip().rstrip(",").split(",")]
    for entry in entries:
        if entry is None:
            return None
        name, alias = entry.groups()
        if taken:
            names.imports.append(Import(found["module"], len(found["dots"]), name, alias or name))
        else:
            names.imports.append(Import(name, 0, "", alias or name.partition(".")[0]))
    names.binds.update(entry.bound for entry in names.imports)
    return names
