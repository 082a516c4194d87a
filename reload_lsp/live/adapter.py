"""What an adapter may have, and what it is given: the definitions and classes that an edit concerns.

The engine knows the shape of an adapter alone; the agent hands them in. An adapter is any object with `library`, the name
in `sys.modules` that brings it to life, and some of the methods of `Adapter`.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from types import FunctionType

from ..source.codes import nested, within
from ..source.names import chain_of
from ..source.statement import parse
from .kinds import kind_of
from .reach import getattr_raw

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any

    from ..source.names import Chain
    from ..source.statement import Statement
    from .dirty import Dirty
    from .loaded import LoadedModule
    from .view import View
    from .work import Work


class Adapter:
    """What an adapter may have; each method may be left out. `work` is the batch as adapters see it."""

    library = ""
    tested = ""

    def begin(self, work: Work) -> None:
        """Before any statement runs; not where only bodies of functions changed."""

    def derives(self, work: Work, value: Any, function: FunctionType) -> bool:
        """Whether the library made something of the signature of `function`, bound as `value`: its decorators run again."""
        return False

    def withdraw(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        """Take out what the earlier run of a statement registered. What is returned is called once it ran again."""

    def reconnect(self, work: Work, made: FunctionType, lasting: FunctionType) -> None:
        """A function that somebody holds weakly was merged into `lasting`, which lives: let that be held in its place."""

    def repeats(self, work: Work, definition: Definition) -> bool:
        """Whether an unchanged statement may run again when what it reads changed, because `withdraw` undoes its first run."""
        return False

    def undoes(self, work: Work, definition: Definition) -> bool:
        """Whether `withdraw` takes out all that a call gave which an edit removed; otherwise that it stays is said."""
        return False

    def remakes(self, work: Work, definition: Definition) -> bool:
        """Make the value of an unchanged `app = create_app()` again and hand it over; False to leave the statement held."""
        return False

    def opens(self, work: Work, value: Any) -> bool:
        """Whether an object is on the screen, or the like: its statement is not run again because a call on it is gone."""
        return False

    def keeps(self, value: Any) -> bool:
        """Whether the library holds such objects for itself once they are replaced: said only where the program holds it, too."""
        return False

    def merge(self, work: Work, before: Any, after: Any) -> bool:
        """Make `before`, which the program holds, what `after` is; False where this is not the library's matter."""
        return False

    def redefine(self, work: Work, edit: ClassEdit) -> bool:
        """Bring an edited class up to date without executing its statement; False to leave it to the engine."""
        return False

    def settle(self, work: Work) -> None:  # what it asks to run again runs before `finish`
        """After all statements ran: what was derived from what changed is derived again, or said."""

    def finish(self, work: Work) -> None:
        """The batch has run: what was opened for it is closed."""

    def files(self) -> Iterator[tuple[str, bytes | None]]:
        """Files that the library has read and keeps: path, and the bytes it runs (None: not those on disk)."""
        return iter(())

    def refresh(self, work: Work, path: str) -> None:
        """One of `files` was saved."""


class Definition:
    """A statement that is about to run again, or was removed: what it made when it ran before can be recognised."""

    __slots__ = ("_codes", "_values", "before", "module", "name", "removed", "statement")

    def __init__(
        self,
        module: LoadedModule,
        statement: Statement,
        before: Statement,
        values: Sequence[Any],
        codes: Sequence[CodeType],
    ) -> None:
        self.module = module
        self.statement = statement
        self.before = before
        self.name = statement.name
        self.removed = False
        self._values = {id(v) for v in values if v is not None}
        self._codes = {id(c) for c in codes}

    def call(self) -> Call | None:
        """The call that the statement was when it ran before, where it is one: `app.add(x, prefix="/a")`."""
        return self._call(self.before)

    def call_now(self) -> Call | None:
        """The call that the statement is now."""
        return self._call(self.statement)

    def _call(self, statement: Statement) -> Call | None:
        node = parse(statement)
        call = node.value if isinstance(node, ast.Expr) else None
        chain = chain_of(call.func) if isinstance(call, ast.Call) else None
        return Call(self.module.ns, call, chain) if isinstance(call, ast.Call) and chain and len(chain) > 1 else None

    def decorators(self) -> list[Call]:
        """The calls `@owner.method(...)` and `@name(...)` that decorated the function or class when it ran before."""
        node = parse(self.before)
        calls = [d for d in getattr(node, "decorator_list", ()) if isinstance(d, ast.Call)]
        chains = [(c, chain_of(c.func)) for c in calls]
        return [Call(self.module.ns, call, chain) for call, chain in chains if chain]

    def bound(self) -> Any:
        """What a statement `name = ...` has bound."""
        return self.module.ns.get(self.name)

    def evaluate(self) -> Any:
        """The value of a statement `name = call(...)` made once more; raises what the call raises."""
        node = parse(self.statement)
        value = node.value if isinstance(node, (ast.Assign, ast.AnnAssign)) else None
        if not isinstance(value, ast.Call):
            return None
        code = compile(ast.fix_missing_locations(ast.Expression(value)), self.module.filename, "eval")
        return eval(code, self.module.ns)

    def made(self, value: Any) -> bool:
        """Whether `value` is what the statement made, as it is or behind what was wrapped around it since."""
        for _ in range(20):
            if id(value) in self._values:
                return True
            if kind_of(value) is FunctionType and id(value.__code__) in self._codes:
                return True
            value = getattr_raw(value, "__wrapped__")
            if value is None:
                return False
        return False


class Call:
    """A call at the top level of a module: whose method it is, and its arguments as far as names and constants tell them."""

    __slots__ = ("arguments", "chain", "constructed", "given", "keywords", "named", "owner")

    def __init__(self, ns: dict[str, Any], call: ast.Call, chain: Chain) -> None:
        self.chain = chain
        self.owner = _value(ns, chain[:-1])
        self.arguments = [_argument(ns, a) for a in call.args]
        self.keywords = {k.arg for k in call.keywords}
        named = {k.arg: _argument(ns, k.value) for k in call.keywords if k.arg}
        self.named = {n: v for n, v in named.items() if v is not None}
        self.constructed = [c for n in _parts(call) if isinstance(c := _called(ns, n), type)]
        self.given = [v for n in _parts(call) if (v := _value(ns, chain_of(n) or ())) is not None]


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """The expressions that are given to a call, those of displays one by one."""
    for part in (
        [*node.args, *(k.value for k in node.keywords)] if isinstance(node, ast.Call) else ast.iter_child_nodes(node)
    ):
        if isinstance(part, (ast.List, ast.Tuple, ast.Set, ast.Dict)):
            yield from _parts(part)
        else:
            yield part


def _argument(ns: dict[str, Any], node: ast.expr) -> Any:
    return node.value if isinstance(node, ast.Constant) else _value(ns, chain_of(node) or ())


def _called(ns: dict[str, Any], node: ast.AST) -> Any:
    """What an argument calls: the class in `bus.add(Handler(1))`."""
    return _value(ns, chain_of(node.func) or ()) if isinstance(node, ast.Call) else None


def _value(ns: dict[str, Any], chain: Chain) -> Any:
    value = ns.get(chain[0]) if chain else None
    for part in chain[1:]:
        value = getattr_raw(value, part)
    return value


class ClassEdit:
    """An edited class: `cls` as it lives, the names whose statements changed or are gone, and how to run the changed ones."""

    __slots__ = ("annotated", "cls", "dirty", "dirty_names", "removed", "run", "shell")

    def __init__(
        self, cls: type, dirty: Dirty, names: set[str], removed: set[str], annotated: bool, shell: bool, run: Any
    ) -> None:
        self.cls = cls
        self.dirty = dirty
        self.dirty_names = names
        self.removed = removed
        self.annotated = annotated
        self.shell = shell
        self.run: Callable[[set[str]], dict[str, Any]] = run


def definition_of(view: View, index: int) -> Definition:
    """What is known of the earlier run of statement `index`."""
    statement = view.statements[index]
    before = view.old(index)
    codes = list(view.codes(index))
    if before is not None and view.edit is not None:
        codes += old_codes(view, before)
    value = view.ns.get(statement.name) if statement.kind in ("function", "class") else None
    return Definition(view.module, statement, before or statement, [value], codes)


def old_codes(view: View, statement: Statement) -> list[CodeType]:
    """The codes that the loaded text has in a statement."""
    return within(nested(view.module.loaded_code()), statement.line, statement.end_line)
