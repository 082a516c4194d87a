"""Classes of named fields, as `dataclasses` makes them with `slots=True`, in a seventh of the time.

What is loaded into the user's process counts there: forty such classes took `dataclasses`, and `inspect` which it imports,
25 ms before the first reload. Only what the project's values need is here; `dataclasses.replace`, `fields` and `asdict`
work on them, and so do copying and pickling.
"""

from __future__ import annotations

from operator import attrgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
    from typing import Any

    Fields = dict[str, Any]
    Values = Callable[[object], tuple[Any, ...]]

_MISSING: Any = object()


class _Factory:
    """The default of a field that is made anew for each object."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


if not TYPE_CHECKING:

    def field(*, default_factory):
        return _Factory(default_factory)

    def replace(value, **changes):
        """The same with other values in some fields."""
        return type(value)(**{**{name: getattr(value, name) for name in value.__slots__}, **changes})

    def dataclass(*, frozen=False, slots):
        """Make a class one of named fields: its annotations, in their order, and their defaults."""
        return lambda cls: _made(cls, frozen)


def _made(cls: type, frozen: bool) -> type:
    names = tuple(cls.__annotations__)
    space: Fields = {n: v for n, v in vars(cls).items() if n not in ("__dict__", "__weakref__")}
    defaults: Fields = {name: space.pop(name) for name in names if name in space}
    values = _values_of(names)
    space.update(
        __slots__=names,
        __match_args__=names,
        __dataclass_fields__=_Fields(defaults),
        __eq__=_equal(values),
        __hash__=_hash(values) if frozen else None,
        __repr__=_shown,
        __reduce__=_reduce,
    )
    if frozen:
        space.update(__setattr__=_refuse, __delattr__=_refuse)
    made = type(cls)(cls.__name__, cls.__bases__, space)
    made.__init__ = _init(made, names, defaults)  # type: ignore[misc]
    return made


def _init(cls: type, names: tuple[str, ...], defaults: Fields) -> Callable[..., None]:
    """An `__init__` that sets the slots themselves: a frozen class's own `__setattr__` refuses."""
    space: Fields = {"_missing": _MISSING}
    parameters, body = ["self"], [""]
    for name in names:
        space[f"_set_{name}"] = vars(cls)[name].__set__
        default, value = defaults.get(name, _MISSING), name
        if isinstance(default, _Factory):
            space[f"_make_{name}"] = default.make
            default, value = _MISSING, f"_make_{name}() if {name} is _missing else {name}"
        elif name in defaults:
            space[f"_default_{name}"] = default
        given = f"=_default_{name}" if f"_default_{name}" in space else "=_missing" if value != name else ""
        parameters.append(name + given)
        body.append(f"_set_{name}(self, {value})")
    exec(f"def __init__({', '.join(parameters)}):" + "\n ".join(body), space)
    init: Callable[..., None] = space["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    return init


def _values_of(names: tuple[str, ...]) -> Values:
    """What gives all values of an object."""
    first, *others = names
    return attrgetter(*names) if others else lambda self: (getattr(self, first),)


def _hash(values: Values) -> Callable[[object], int]:
    return lambda self: hash(values(self))


def _reduce(self: Any) -> Any:
    return type(self), tuple(getattr(self, name) for name in self.__slots__)


def _equal(values: Values) -> Callable[[object, object], bool]:
    def equal(self: object, other: object) -> bool:
        return values(self) == values(other) if type(self) is type(other) else NotImplemented

    return equal


def _shown(self: Any) -> str:
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in self.__slots__)})"


def _refuse(self: object, name: str, *_: object) -> None:
    raise AttributeError(f"{type(self).__name__} is a value: {name} cannot be changed")


class _Fields:
    """What `dataclasses` looks for in a class: made when it does, with its help."""

    def __init__(self, defaults: Fields) -> None:
        self._defaults = defaults
        self._made: Fields = {}

    def __get__(self, value: object, cls: type) -> Fields:
        if not self._made:
            import dataclasses

            fields = [(name, kind, *self._default(name)) for name, kind in cls.__annotations__.items()]
            self._made.update({f.name: f for f in dataclasses.fields(dataclasses.make_dataclass(cls.__name__, fields))})
        return self._made

    def _default(self, name: str) -> list[Any]:
        from dataclasses import field

        default = self._defaults.get(name, _MISSING)
        if isinstance(default, _Factory):
            return [field(default_factory=default.make)]
        return [] if default is _MISSING else [field(default=default)]
