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

    def withdraw(self, work: Work, definition: Definition) -> None:
        if definition.statement.kind == "effect":
            added = _added(definition)
            if added is not None:
                group, command, name = added
                _drop(work, group, lambda key, value: value is command and key == name)
            return
        if definition.statement.kind != "function":
            return
        groups = work.instances(sys.modules["click"].Group)
        for group in groups:
            _drop(work, group, lambda _, value: definition.made(value) or definition.made(value.callback))


def _drop(work: Work, group: Any, gone: Callable[[Any, Any], bool]) -> None:
    for name in [n for n, command in group.commands.items() if gone(n, command)]:
        work.journal.del_item(group.commands, name)


def _added(definition: Definition) -> tuple[Any, Any, Any] | None:
    """What `group.add_command(command, "name")` gave: the group, the command, its name there."""
    call = definition.call()
    if call is None or call.chain[-1] != "add_command" or not isinstance(call.owner, sys.modules["click"].Group):
        return None
    command, name = [*call.arguments, None, None][:2]
    command = call.named.get("cmd", command)
    return (call.owner, command, call.named.get("name", name) or command.name) if command is not None else None


ADAPTER = ClickCommands()
