"""click: groups keep the commands that decorators and `add_command` gave them; one made again begins without any."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


class ClickCommands:
    """Groups that live."""

    library = "click"
    tested = "8.5"

    def repeats(self, work: Work, definition: Definition) -> bool:
        """A command's earlier registration can be told and taken out."""
        if definition.statement.kind == "effect":
            return _added(definition) is not None
        return definition.statement.kind == "function" and isinstance(definition.bound(), sys.modules["click"].Command)

    def withdraw(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        if definition.statement.kind == "effect":
            added = _added(definition)
            if added is not None:
                group, command, name = added
                _drop(work, group, lambda key, value: value is command and key == name)
            return None
        if definition.statement.kind != "function":
            return None
        own = {id(call.owner) for call in definition.decorators()}
        given = _Given(work, definition)
        for group in work.instances(sys.modules["click"].Group):
            if id(group) not in own:
                given.remember(group)
            _drop(work, group, lambda _, value: _is_made(definition, value))
            _drop_result_callback(work, definition, group)
        return None if definition.removed else given


def _is_made(definition: Definition, command: Any) -> bool:
    return definition.made(command) or definition.made(command.callback)


class _Given:
    """Groups that somebody else than its decorators gave a command to: they get it back, as it is when it was made again."""

    def __init__(self, work: Work, definition: Definition) -> None:
        self.work = work
        self.definition = definition
        self.groups: list[tuple[Any, dict[str, Any], set[str]]] = []

    def remember(self, group: Any) -> None:
        names = {n for n, c in group.commands.items() if _is_made(self.definition, c)}
        if names:
            self.groups.append((group, dict(group.commands), names))

    def __call__(self) -> None:
        command = self.definition.bound()
        for group, before, names in self.groups:
            if isinstance(command, sys.modules["click"].Command):
                content = {n: command if n in names else c for n, c in before.items()}
                self.work.journal.replace_content(group.commands, content | group.commands)


def _drop(work: Work, group: Any, gone: Callable[[Any, Any], bool]) -> None:
    for name in [n for n, command in group.commands.items() if gone(n, command)]:
        work.journal.del_item(group.commands, name)


def _drop_result_callback(work: Work, definition: Definition, group: Any) -> None:
    """`@group.result_callback()` runs again, or is gone: what stood there before it stands there again."""
    callback = getattr(group, "_result_callback", None)
    if callback is not None and definition.made(callback):
        cells = dict(zip(callback.__code__.co_freevars, callback.__closure__ or (), strict=True))
        before = cells["old_callback"].cell_contents if "old_callback" in cells else None
        work.journal.set_attr(group, "_result_callback", before)


def _added(definition: Definition) -> tuple[Any, Any, Any] | None:
    """What `group.add_command(command, "name")` gave: the group, the command, its name there."""
    call = definition.call()
    if call is None or call.chain[-1] != "add_command" or not isinstance(call.owner, sys.modules["click"].Group):
        return None
    command, name = [*call.arguments, None, None][:2]
    command = call.named.get("cmd", command)
    return (call.owner, command, call.named.get("name", name) or command.name) if command is not None else None


ADAPTER = ClickCommands()
