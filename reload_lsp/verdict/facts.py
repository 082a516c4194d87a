"""What a verdict would like to know of a running process, by name, and what it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Name = tuple[str, str]  # (module, dotted name in it)
Json = dict[str, Any]


@dataclass(slots=True)
class Questions:
    """The names a plan depends on: live instances of classes, kinds of values, frames in functions; who holds the code of
    functions (by qualified name), what their caches hold, and hashes of values.
    """

    classes: set[Name] = field(default_factory=set[Name])
    values: set[Name] = field(default_factory=set[Name])
    functions: set[Name] = field(default_factory=set[Name])
    held: set[Name] = field(default_factory=set[Name])
    caches: set[Name] = field(default_factory=set[Name])
    digests: dict[Name, str] = field(default_factory=dict[Name, str])  # with the hashes that the plan assumed

    def __bool__(self) -> bool:
        return any((self.classes, self.values, self.functions, self.held, self.caches, self.digests))

    def as_json(self) -> Json:
        return {
            "classes": sorted(map(list, self.classes)),
            "values": sorted(map(list, self.values)),
            "functions": sorted(map(list, self.functions)),
            "held": sorted(map(list, self.held)),
            "caches": sorted(map(list, self.caches)),
            "digests": sorted(map(list, self.digests)),
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
class Held:
    """How many functions have a code, and the suspended frames in it: each by its task's name, "" where it is of no task."""

    functions: int
    suspended: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cached:
    """How many results a cache holds; `kept`: they are more than data, so that a reload would not drop them."""

    n: int
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a process; a name that is not here was not answered. `attached`: is there a process at all?"""

    attached: bool = False
    instances: Mapping[Name, Instances] = field(default_factory=dict[Name, Instances])
    plain: Mapping[Name, bool] = field(default_factory=dict[Name, bool])
    frames: Mapping[Name, tuple[Frame, ...]] = field(default_factory=dict[Name, tuple[Frame, ...]])
    held: Mapping[Name, Held] = field(default_factory=dict[Name, Held])
    caches: Mapping[Name, Cached] = field(default_factory=dict[Name, Cached])
    digests: Mapping[Name, str] = field(default_factory=dict[Name, str])

    def are_as_assumed(self, asked: Questions) -> bool:
        """Do they say nothing but what the plan that asked took for granted anyway?"""
        if self.instances or self.caches or any(self.frames.values()) or not all(self.plain.values()):
            return False
        alike = all(self.digests.get(name, "") == digest for name, digest in asked.digests.items())
        return alike and not any(held.suspended or held.functions for held in self.held.values())

    @staticmethod
    def from_json(answer: Json) -> Facts:
        """An agent's answer to `facts`."""
        return Facts(
            True,
            {(m, n): Instances(int(count), bool(exact)) for m, n, count, exact in answer.get("classes", ())},
            {(m, n): bool(plain) for m, n, plain in answer.get("values", ())},
            {(m, n): tuple(Frame(str(t), int(at)) for t, at in found) for m, n, found in answer.get("functions", ())},
            {(m, n): Held(int(count), tuple(map(str, tasks))) for m, n, count, tasks in answer.get("held", ())},
            {(m, n): Cached(int(count), bool(kept)) for m, n, count, kept in answer.get("caches", ())},
            {(m, n): str(digest) for m, n, digest in answer.get("digests", ())},
        )


NOTHING = Facts()
