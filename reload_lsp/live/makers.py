"""What makes the objects of a class, and whether an edit makes it give new objects something else."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from types import CodeType, FunctionType

from ..plan.effects import CONSTRUCTORS
from ..source.codes import walk
from ..source.names import chain_of
from ..values import dataclass
from .batch import Batch
from .classes import members_of
from .edit import ModuleEdit
from .family import methods_in, with_callers
from .kinds import is_a, kind_of
from .product import Change
from .values import plain
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef
_TELLS = frozenset(("print", "log", "logger", "logging", "_log", "_logger", "LOG", "LOGGER", "warnings"))
_RUNS_AT_ONCE = re.compile(r"valid|default|init|observ|constrain|conver|load|factory|construct", re.IGNORECASE).search
_PLAIN_DECORATORS = frozenset(
    ("staticmethod", "classmethod", "property", "abstractmethod", "override", "cached_property")
)


@dataclass(frozen=True, slots=True)
class Maker:
    """What makes objects of a class otherwise than before: `what`, at a 0-based line of a file, and what it did and does.

    `by_place` where only objects that were given their arguments by place are concerned.
    """

    what: str
    path: str
    line: int
    before: str
    after: str
    by_place: bool = False


def other_makers(batch: Batch) -> dict[type, Maker]:
    """The classes of which a new object is made otherwise than those that live: by their own code, or by what it calls."""
    found = {cls: maker for edit in batch.edits for cls, maker in _in_file(batch, edit)}
    for cls, maker in (*_through_functions(batch), *_in_another_order(batch)):
        found.setdefault(cls, maker)
    return {c: m for c, m in found.items() if not issubclass(c, type)}  # classes are made again by a batch


def _in_file(batch: Batch, edit: ModuleEdit) -> Iterator[tuple[type, Maker]]:
    view = batch.view_of(edit.module)
    for index, before in enumerate(edit.pairing.old_of):
        new = edit.new[index]
        if before is None or new.kind != "class" or edit.old[before].text == new.text:
            continue
        held = batch.steps.get((edit.module.name, index))
        cls = edit.module.ns.get(new.name)
        if is_a(cls, type) and not (held and held.ending == "held"):
            for body in view.codes(index):
                for made, maker in _of_class(batch, view, index, cls, body):
                    yield from ((made, maker) for made in _made_by(batch, made))


def _made_by(batch: Batch, cls: type) -> list[type]:
    """A class; of a metaclass those that it made: its `__call__` makes their objects."""
    if not issubclass(cls, type):
        return [cls]
    return [v for m in batch.modules.all() for v in list(m.ns.values()) if issubclass(kind_of(v), cls)]


def _of_class(batch: Batch, view: View, index: int, cls: type, body: CodeType) -> Iterator[tuple[type, Maker]]:
    methods, statement = methods_in(body), view.old(index)
    whole = statement is None or view.module.outline(statement) != view.outline(index)
    edited = {m.co_name: m for m in methods if _is_edited(batch, m, whole)}
    if not _may_make(batch, cls, methods, {*edited}):
        return
    old, new = (view.old_node(index), view.node(index)) if edited else (None, None)
    if not isinstance(old, ast.ClassDef) or not isinstance(new, ast.ClassDef):
        return
    running = _running(batch, view, new, cls)
    for name, code in edited.items():
        before, after = _method(old, name), _method(new, name)
        runs = name in running or _is_called(name, view.statements[index].text)
        if (
            before
            and after
            and runs
            and with_callers(batch, cls, methods, {name}) & running
            and _matters(before, after)
        ):
            what, line = f"{cls.__qualname__}.{name}", code.co_firstlineno - 1
            yield cls, Maker(what, view.module.path, line, _said_by(before), _said_by(after))
            return


def _is_called(name: str, text: str) -> bool:
    """Not where the class only hands its method on (`self.on_change = self.told`); another class may call it, too."""
    return f".{name}(" in text or f".{name}" not in text


def _may_make(batch: Batch, cls: type, methods: list[CodeType], edited: set[str]) -> bool:
    """Whether any of the edited methods runs when an object is made, before their texts are looked at."""
    return bool(edited) and (
        _has_library_base(batch, cls) or bool(with_callers(batch, cls, methods, {*edited}) & _constructors(cls))
    )


def _is_edited(batch: Batch, method: CodeType, whole: bool) -> bool:
    """A constructor that takes something may have another default, which stands in no code: where more than bodies was edited."""
    return any(id(c) in batch.own_codes for c in walk(method)) or (
        whole and method.co_name in CONSTRUCTORS and method.co_argcount + method.co_kwonlyargcount > 1
    )


def _method(node: ast.ClassDef, name: str) -> Function | None:
    return next((m for m in node.body if isinstance(m, Function) and m.name == name), None)


def _running(batch: Batch, view: View, node: ast.ClassDef, cls: type) -> set[str]:
    """The methods that run when an object is made."""
    return {*_constructors(cls), *(_run_by_library(batch, view, node) if _has_library_base(batch, cls) else ())}


def _constructors(cls: type) -> frozenset[str]:
    """What makes objects; of a metaclass its `__call__`: its own objects are the classes."""
    return frozenset(("__call__",)) if issubclass(cls, type) else CONSTRUCTORS


def _has_library_base(batch: Batch, cls: type) -> bool:
    """Whether what makes the objects is a library's: it may call methods that no text calls."""
    bases = type.__dict__["__mro__"].__get__(cls)[1:-1]
    return any(
        {"__init__", "__new__"} & members_of(b).keys() and not batch.modules.named(str(b.__dict__.get("__module__")))
        for b in bases
    )


def _run_by_library(batch: Batch, view: View, node: ast.ClassDef) -> set[str]:
    """The methods that a decorator of a library has marked for it: validators of pydantic, attrs, SQLAlchemy and the like.

    Commands, routes, columns of a table are marked by libraries as well, and run when somebody asks for them.
    """
    decorated = [m for m in node.body if isinstance(m, Function) and m.decorator_list]
    return {m.name for m in decorated if any(_is_librarys(batch, view, d) for d in m.decorator_list)}


def _is_librarys(batch: Batch, view: View, decorator: ast.expr) -> bool:
    chain = chain_of(decorator.func if isinstance(decorator, ast.Call) else decorator)
    if not chain or chain[-1] in _PLAIN_DECORATORS or not any(map(_RUNS_AT_ONCE, chain)):
        return False
    target = batch.resolver.target_of(view.module, chain)
    return target is not None and not batch.modules.named(str(getattr(target, "__module__", "")))


def _said_by(node: Function) -> str:
    return "\n".join([*_steps(node).elements(), *sorted(map(str, _defaults(node.args).items()))])


def _matters(old: Function, new: Function) -> bool:
    """Whether objects come out otherwise: not for a docstring, what is logged, or an attribute more (said as RLD106)."""
    earlier, later = _defaults(old.args), _defaults(new.args)
    if any(earlier[name] != later[name] for name in earlier.keys() & later.keys()):
        return True
    before, after = _steps(old), _steps(new)
    given = {a for n in ast.walk(old) for a in _given(n)}
    gone, come = before - after, after - before
    return bool(gone) or any(not _only_gives_more(ast.parse(text), given) for text in come)


def _defaults(args: ast.arguments) -> dict[str, str]:
    positional = [*args.posonlyargs, *args.args]
    first = len(positional) - len(args.defaults)
    pairs = [*zip(positional[first:], args.defaults, strict=True), *zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    return {arg.arg: ast.dump(default) for arg, default in pairs if default is not None}


def _steps(node: Function) -> Counter[str]:
    return Counter(ast.unparse(s) for s in node.body if not _tells(s))


def _tells(node: ast.stmt) -> bool:
    """A docstring, `pass`, a call that prints or logs."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return bool({*(chain_of(node.value.func) or ())} & _TELLS)
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _only_gives_more(tree: ast.Module, given: set[str]) -> bool:
    names = {a for n in ast.walk(tree) for a in _given(n)}
    assigns = all(isinstance(s, (ast.Assign, ast.AnnAssign)) for s in tree.body)
    return assigns and bool(names) and not names & given


def _given(node: ast.AST) -> Iterator[str]:
    """The attributes that are set on `self`."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
        yield node.attr


def _through_functions(batch: Batch) -> Iterator[tuple[type, Maker]]:
    """Classes whose constructors use what an edited function returns."""
    for change in list(batch.changes.values()):
        constant = _constant(batch, change)
        for view, index in batch.resolver.mentioning(change.product) if constant else ():
            cls = view.ns.get(view.statements[index].name) if view.statements[index].kind == "class" else None
            if constant and is_a(cls, type) and batch.resolver.made_with(view, index, change.product):
                yield cls, constant
        maker = _function(batch, change)
        for view, index in batch.resolver.mentioning(change.product) if maker else ():
            known = _may_be_made_with(view, index, change.product.name)
            cls = view.ns.get(view.statements[index].name) if known else None
            if maker and is_a(cls, type) and change.product.name in _words_of_makers(batch, view, index, cls):
                yield cls, maker
            made = view.ns.get(view.statements[index].name) if view.statements[index].kind == "class" else None
            if maker and not known and is_a(made, type) and _is_factory(made, change.after):
                yield made, maker


def _in_another_order(batch: Batch) -> Iterator[tuple[type, Maker]]:
    """Classes whose decorator or base wrote a constructor that takes its arguments in another order."""
    for cls, dirty in batch.repositioned.items():
        before, after = dirty.view.old(dirty.index), dirty.statement
        what = f"{cls.__qualname__}.__init__, which took its arguments in another order,"
        yield cls, Maker(what, dirty.view.module.path, after.line, before.text if before else "", after.text, True)


def _constant(batch: Batch, change: Change) -> Maker | None:
    """The edited line of a constant that is another one now."""
    name = change.product.name
    if change.product.kind != "identity" or not (plain(change.before) and plain(change.after)):
        return None
    for edit in batch.edits:
        for index, before in enumerate(edit.pairing.old_of if edit.module is change.product.module else ()):
            new = edit.new[index]
            if before is not None and new.kind == "bind" and name in edit.module.names(new).binds:
                what = f"a constructor that uses {name}"
                return Maker(what, edit.module.path, new.line, edit.old[before].text, new.text)
    return None


def _is_factory(cls: type, function: Any) -> bool:
    """Whether a function makes a field of every new object (`default_factory`)."""
    fields: Any = cls.__dict__.get("__dataclass_fields__")
    return kind_of(fields) is dict and any(getattr(f, "default_factory", None) is function for f in fields.values())


def _may_be_made_with(view: View, index: int, name: str) -> bool:
    """Whether a constructor, or a method that a library may run beside it, has the name in its code: cheaper than its tree."""
    statement = view.statements[index]
    if statement.kind != "class":
        return False
    methods = [m for body in view.codes(index) for m in methods_in(body) if name in m.co_names]
    return any(m.co_name in CONSTRUCTORS for m in methods) or ("@" in statement.text and bool(methods))


def _function(batch: Batch, change: Change) -> Maker | None:
    """The function that was edited, where a changed product is one."""
    function = change.after
    if (
        change.product.kind != "code"
        or not is_a(function, FunctionType)
        or id(function.__code__) not in batch.own_codes
    ):
        return None
    for edit in batch.edits:
        for index, before in enumerate(edit.pairing.old_of):
            new = edit.new[index]
            if before is not None and new.kind == "function" and edit.module.ns.get(new.name) is function:
                what = f"{new.name}, which its constructor uses,"
                return Maker(what, edit.module.path, new.line, edit.old[before].text, new.text)
    return None


def _words_of_makers(batch: Batch, view: View, index: int, cls: type) -> set[str]:
    """The names of functions whose results the constructors, and what a library runs beside them, use."""
    node = view.node(index)
    assert isinstance(node, ast.ClassDef)
    running = _running(batch, view, node, cls)
    return {
        chain[-1]
        for member in node.body
        if isinstance(member, Function) and member.name in running
        for call in _used_calls(member)
        if (chain := chain_of(call.func))
    }


def _used_calls(node: Function) -> Iterator[ast.Call]:
    dropped = {id(s.value) for s in ast.walk(node) if isinstance(s, ast.Expr)}
    return (n for n in ast.walk(node) if isinstance(n, ast.Call) and id(n) not in dropped)
