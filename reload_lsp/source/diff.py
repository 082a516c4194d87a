"""Two versions of a body, statement by statement: what pairs with what, and what is new or gone."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from ..values import dataclass
from .statement import Statement


@dataclass(frozen=True, slots=True)
class Pairing:
    """`old_of[i]` is the old index of new statement `i`, or None where it is added; `removed` are old indexes without a pair."""

    old_of: tuple[int | None, ...]
    removed: tuple[int, ...]


def pair(old: Sequence[Statement], new: Sequence[Statement]) -> Pairing:
    """Pair statements of the same text first, then those of the same key, then leftovers of a kind in their order."""
    matches: dict[int, int] = {}
    _same_text(old, new, matches)
    _same_key(old, new, matches)
    taken = set(matches.values())
    old_of = tuple(matches.get(i) for i in range(len(new)))
    return Pairing(old_of, tuple(i for i in range(len(old)) if i not in taken))


def passed(before: Sequence[int]) -> list[tuple[int, int]]:
    """The places that passed each other, given the old place of each: as few as possible are taken to have moved."""
    if all(a < b for a, b in zip(before, before[1:])):  # noqa: B905, RUF007 - pairs of neighbours, fast
        return []
    staying = _longest_increasing(before)
    return [
        (min(at, other), max(at, other))
        for at in range(len(before))
        if at not in staying
        for other in range(len(before))
        if other != at and (other < at) == (before[other] > before[at])
    ]


def _longest_increasing(values: Sequence[int]) -> set[int]:
    """The places of a longest increasing subsequence: what stands still while the others move."""
    ends: list[int] = []
    places: list[int] = []
    previous: list[int] = []
    for place, value in enumerate(values):
        at = bisect_left(ends, value)
        previous.append(places[at - 1] if at else -1)
        ends[at : at + 1] = [value]
        places[at : at + 1] = [place]
    found: set[int] = set()
    place = places[-1] if places else -1
    while place >= 0:
        found.add(place)
        place = previous[place]
    return found


def _same_text(old: Sequence[Statement], new: Sequence[Statement], matches: dict[int, int]) -> None:
    start = 0
    limit = min(len(old), len(new))
    while start < limit and _same(old[start], new[start]):
        matches[start] = start
        start += 1
    end = 0
    while end < limit - start and _same(old[-1 - end], new[-1 - end]):
        matches[len(new) - 1 - end] = len(old) - 1 - end
        end += 1
    _middle(old, new, matches, start, len(old) - end, len(new) - end)


def _same(a: Statement, b: Statement) -> bool:
    return a.text == b.text and a.kind == b.kind


def _middle(
    old: Sequence[Statement],
    new: Sequence[Statement],
    matches: dict[int, int],
    start: int,
    old_end: int,
    new_end: int,
) -> None:
    ours = [s.text for s in old[start:old_end]]
    theirs = [s.text for s in new[start:new_end]]
    for a, b, size in _in_common(ours, theirs):
        for k in range(size):
            if old[start + a + k].kind == new[start + b + k].kind:
                matches[start + b + k] = start + a + k
    _moved(old, new, matches, start, old_end, new_end)


def _moved(
    old: Sequence[Statement],
    new: Sequence[Statement],
    matches: dict[int, int],
    start: int,
    old_end: int,
    new_end: int,
) -> None:
    taken = set(matches.values())
    places: defaultdict[str, list[int]] = defaultdict(list)
    for i in range(start, old_end):
        if i not in taken:
            places[old[i].text].append(i)
    for j in range(start, new_end):
        if j not in matches and places.get(new[j].text):
            matches[j] = places[new[j].text].pop(0)


def _same_key(old: Sequence[Statement], new: Sequence[Statement], matches: dict[int, int]) -> None:
    taken = set(matches.values())
    places: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for i, statement in enumerate(old):
        if i not in taken:
            places[statement.key].append(i)
    wanted: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for j, statement in enumerate(new):
        if j not in matches and statement.key in places:
            wanted[statement.key].append(j)
    for key, mine in wanted.items():
        if len(places[key]) == len(mine):
            matches.update(zip(mine, places[key], strict=True))
        else:
            _alike(old, new, places[key], mine, matches)


def _alike(
    old: Sequence[Statement], new: Sequence[Statement], theirs: list[int], mine: list[int], matches: dict[int, int]
) -> None:
    """Some of several statements of one key came or went (overloads of a function): those pair that have most lines in common."""
    if len(theirs) * len(mine) > _MANY:
        matches.update(zip(mine, theirs, strict=False))
        return
    couples = [(i, j) for i in theirs for j in mine]
    taken: set[int] = set()
    for i, j in sorted(couples, key=lambda c: -_lines_in_common(old[c[0]], new[c[1]])):
        if i not in taken and j not in matches:
            matches[j] = i
            taken.add(i)


_MANY = 400


def _lines_in_common(a: Statement, b: Statement) -> int:
    return sum(size for _, _, size in _in_common(a.text.split("\n"), b.text.split("\n")))


def _in_common(ours: list[str], theirs: list[str]) -> Sequence[tuple[int, int, int]]:
    """Where the same texts follow each other in both, and how many."""
    if set(ours).isdisjoint(theirs):
        return ()
    from difflib import SequenceMatcher

    return SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
