"""What a verdict would like to know of a running process, by name, and what it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Name = tuple[str, str]  # (module, dotted name in it)
Json = dict[str, Any]


@dataclass(slots=True)
class Questions:
    """The names a plan depends on: live instances of classes, kinds of values, frames in functions."""

    classes: set[Name] = field(default_factory=set[Name])
    values: set[Name] = field(default_factory=set[Name])
    functions: set[Name] = field(default_factory=set[Name])

    def __bool__(self) -> bool:
        return bool(self.classes or self.values or self.functions)

    def as_json(self) -> Json:
        return {
            "classes": sorted(map(list, self.classes)),
            "values": sorted(map(list, self.values)),
            "functions": sorted(map(list, self.functions)),
        }


@dataclass(frozen=True, slots=True)
class Instances:
    """How many live objects a class has, those of subclasses with them; `exact` is False for a bound."""

    n: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Frame:
    """A thread that is in a function now, at a 0-based line of the loaded text."""

    thread: str
    line: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a process; a name that is not here was not answered. `attached`: is there a process at all?"""

    attached: bool = False
    instances: Mapping[Name, Instances] = field(default_factory=dict[Name, Instances])
    plain: Mapping[Name, bool] = field(default_factory=dict[Name, bool])
    frames: Mapping[Name, tuple[Frame, ...]] = field(default_factory=dict[Name, tuple[Frame, ...]])

    @property
    def are_as_assumed(self) -> bool:
        """Do they say nothing but what a plan takes for granted anyway?"""
        return not self.instances and all(self.plain.values()) and not any(self.frames.values())

    @staticmethod
    def from_json(answer: Json) -> Facts:
        """An agent's answer to `facts`."""
        return Facts(
            True,
            {(m, n): Instances(int(count), bool(exact)) for m, n, count, exact in answer.get("classes", ())},
            {(m, n): bool(plain) for m, n, plain in answer.get("values", ())},
            {(m, n): tuple(Frame(str(t), int(at)) for t, at in found) for m, n, found in answer.get("functions", ())},
        )


NOTHING = Facts()
