"""Who imports whom among the loaded modules, and the order in which a module and all that depend on it are loaded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..source.table import table
from ..source.text import UnreadableSource, decode
from .callee import absolute
from .loaded import LoadedModule
from .modules import Modules
from .reading import read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..source.statement import Statement


def imported_by(modules: Modules, module: LoadedModule, statements: Iterable[Statement]) -> Iterator[LoadedModule]:
    """The loaded modules that the top level of a text of `module` imports, its packages apart."""
    for statement in statements:
        if statement.kind not in ("import", "block"):
            continue
        for entry in module.names(statement).imports:
            base = absolute(module, entry)
            found = modules.named(f"{base}.{entry.name}") or modules.named(base)
            if found is not None and found is not module:
                yield found


def with_dependents(modules: Modules, roots: Iterable[LoadedModule]) -> list[LoadedModule]:
    """`roots` and every module that imports one of them, directly or not; what is imported first, cycles as they loaded."""
    needs = {m.name: [n.name for n in imported_by(modules, m, _text_to_be(m))] for m in modules.all()}
    wanted = {module.name for module in roots}
    grown = True
    while grown:
        more = {name for name, needed in needs.items() if name not in wanted and not wanted.isdisjoint(needed)}
        grown = bool(more)
        wanted |= more
    ordered: dict[str, LoadedModule] = {}
    for module in modules.all():
        if module.name in wanted:
            _visit(modules, module.name, needs, wanted, ordered, set())
    return list(ordered.values())


def _visit(
    modules: Modules,
    name: str,
    needs: dict[str, list[str]],
    wanted: set[str],
    ordered: dict[str, LoadedModule],
    open_: set[str],
) -> None:
    module = modules.named(name)
    if module is None or name in ordered or name in open_:
        return
    open_.add(name)
    for needed in needs[name]:
        if needed in wanted:
            _visit(modules, needed, needs, wanted, ordered, open_)
    ordered[name] = module


def _text_to_be(module: LoadedModule) -> list[Statement]:
    """The statements that a reload would run: those on disk, where they can be read."""
    data = read_regular(module.path)
    if data is None or data == module.data:
        return module.statements()
    try:
        return table(decode(data))
    except (SyntaxError, ValueError, UnreadableSource):
        return module.statements()
