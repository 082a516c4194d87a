"""Classes of named fields behave as `dataclasses` makes them."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reload_lsp.values import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is."""

    path: str
    line: int = 0
    notes: list[str] = field(default_factory=list[str])

    def shown(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Name:
    text: str


@dataclass(slots=True)
class Counter:
    count: int = 0


def test_fields_defaults_and_methods() -> None:
    place = Place("a.py")
    assert (place.path, place.line, place.notes, place.shown()) == ("a.py", 0, [], "a.py:0")
    assert Place("a.py", 3, ["x"]) == Place(notes=["x"], line=3, path="a.py")
    assert place.notes is not Place("a.py").notes
    assert (Place.__doc__, Place.__qualname__, Place.__module__) == ("Where something is.", "Place", __name__)


@pytest.mark.parametrize("given", [(), ("a", 1, [], 2)])
def test_what_is_missing_or_too_much_is_an_error(given: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match=r"Place\.__init__\(\)"):
        Place(*given)


def test_a_frozen_one_cannot_be_changed_and_another_can() -> None:
    name, counter = Name("a"), Counter()
    with pytest.raises(AttributeError, match="text cannot be changed"):
        name.text = "b"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="text cannot be changed"):
        delattr(name, "text")
    counter.count += 1
    assert counter == Counter(1)
    with pytest.raises(AttributeError):
        counter.other = 1  # type: ignore[attr-defined]


def test_equal_ones_are_of_one_class_and_hash_alike() -> None:
    assert {Name("a"), Name("a")} == {Name("a")}
    assert Name("a") != ("a",)
    assert Name("a") != Name("b")
    with pytest.raises(TypeError, match="unhashable"):
        hash(Counter())


def test_they_are_shown_matched_copied_and_pickled() -> None:
    place = Place("a.py", 3, ["x"])
    assert repr(place) == "Place(path='a.py', line=3, notes=['x'])"
    match place:
        case Place(path, line):
            assert (path, line) == ("a.py", 3)
    assert copy.copy(place) == copy.deepcopy(place) == pickle.loads(pickle.dumps(place)) == place


def test_other_values_in_some_fields_ours_or_by_dataclasses() -> None:
    place = Place("a.py", 3)
    assert replace(place, line=4) == dataclasses.replace(place, line=4) == Place("a.py", 4)
    assert dataclasses.asdict(place) == {"path": "a.py", "line": 3, "notes": []}  # type: ignore[call-overload]
    assert [f.name for f in dataclasses.fields(Counter)] == ["count"]  # type: ignore[arg-type]


def test_the_engine_does_without_dataclasses() -> None:
    """They and what they import take as long as a third of the engine."""
    code = (
        "import sys; from reload_lsp.live.engine import Engine; engine = Engine(); engine.warm(); "
        "print({'dataclasses', 'inspect', 'hashlib', 'difflib', 'tokenize', 'traceback'} & set(sys.modules))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
