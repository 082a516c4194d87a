"""What a text may read, seen without parsing it: more than it does read, never less. Parsing is for what is left."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .named import Chain


def spelled(text: str, word: str) -> Iterator[Chain | None]:
    """The dotted names in `text` that end with the name `word`; None where only parsing would tell (`a .word`).

    A `word` that is an attribute of something without a name, as in `f().word`, is none of them.
    """
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not _continues(text, end) and not (at and _continues(text, at - 1)):
            start = _start(text, at)
            if start is None:
                yield None
            elif text[start] != ".":
                yield tuple(text[start:end].split("."))
        at = text.find(word, end)


def spells(text: str, word: str) -> bool:
    """Whether `word` stands in `text` as a name, or as the last part of one."""
    return word in text and any(True for _ in spelled(text, word))


def may_take(text: str, word: str) -> bool:
    """Whether an import statement in `text` may take the name `word`."""
    at = text.find(word)
    while at >= 0:
        begin = text.rfind("import", 0, at)
        if begin >= 0 and _TAKEN(text, begin + len("import"), at):
            return True
        at = text.find(word, at + len(word))
    return False


_TAKEN = re.compile(r"(?:[\w\s.,\\(]|#[^\n]*\n)*").fullmatch


def reads_all_names(text: str) -> bool:
    """Whether a text imports all names of another module, or looks at all names of its own."""
    return "import *" in text or any(spells(text, word) for word in _ALL_NAMES)


_ALL_NAMES = ("globals", "vars", "locals", "dir", "getmembers", "__dict__", "__subclasses__")


def spells_attribute(text: str, word: str) -> bool:
    """Whether `.word` stands in `text`."""
    return re.search(rf"\.\s*{re.escape(word)}\b", text) is not None


def of_nameless(text: str, word: str) -> bool:
    """Whether `.word` stands behind something without a name: `f().word`, `table["a"].word`."""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not _continues(text, end):
            dot = _before_blanks(text, at)
            if dot >= 0 and text[dot] == "." and text[_before_blanks(text, dot)] in ")]":
                return True
        at = text.find(word, end)
    return False


def _before_blanks(text: str, at: int) -> int:
    """Where the last character before `at` is that is no blank; -1 where there is none."""
    at -= 1
    while at >= 0 and text[at] in _BLANKS:
        at -= 1
    return at


_BLANKS = " \t\f\n"


def dotted(text: str) -> set[str]:
    """All dotted names in `text`, spelled without spaces."""
    return set(_DOTTED(text))


_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*").findall


def _continues(text: str, at: int) -> bool:
    return at < len(text) and (text[at].isalnum() or text[at] == "_")


def _start(text: str, at: int) -> int | None:
    """Where the dotted name begins whose last part is at `at`; None where a space or line break may hide its beginning."""
    start = at
    while start and (text[start - 1] == "." or _continues(text, start - 1)):
        start -= 1
    behind = start
    while behind and text[behind - 1] in _SPACE:
        behind -= 1
    if behind == start:
        return start
    return None if text[start] == "." or (behind and text[behind - 1] == ".") else start


_SPACE = " \t\f\n\\"


def imported(text: str) -> Iterator[tuple[str, bool]]:
    """The modules that a text imports, also inside functions, with their leading dots; whether names are taken from them."""
    at = text.find("import")
    while at >= 0:
        head = text[_line_start(text, at) : at].replace("\\", " ")
        before, found, source = head.rpartition("from")
        if found and not before[-1:].strip("\n ;:\t\f"):
            yield "".join(source.split()), True
        else:
            yield from ((name, False) for part in _rest(text, at + 6).split(",") for name in _MODULE(part))
        at = text.find("import", at + 6)


def _line_start(text: str, at: int) -> int:
    start = text.rfind("\n", 0, at)
    while start > 0 and text[start - 1] == "\\":
        start = text.rfind("\n", 0, start)
    return start + 1


def _rest(text: str, at: int) -> str:
    """The rest of a (continued) line."""
    end = text.find("\n", at)
    while end > 0 and text[end - 1] == "\\":
        end = text.find("\n", end + 1)
    return text[at : end if end >= 0 else len(text)]


_MODULE = re.compile(r"^[\s\\]*([\w.]+)").findall
