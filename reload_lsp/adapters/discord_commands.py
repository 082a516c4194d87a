"""discord.py: a bot has a command under its name and its aliases, and copies of a cog's commands, made with the cog."""

from __future__ import annotations

import sys

from .discord_cogs import Cogs
from .lists import Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..live.adapter import Call, ClassEdit, Definition
    from ..live.work import Work

HOOKS = ("on_error", "_before_invoke", "_after_invoke")
CALLS = ("add_command", "add_check", "add_listener")


class DiscordCommands:
    """Commands of a bot or group that come, go and change, and those of cogs that a bot has."""

    library = "discord.ext.commands"
    tested = "2.7"

    def __init__(self) -> None:
        self._cogs = Cogs()

    def begin(self, work: Work) -> None:
        self._cogs = Cogs()

    def repeats(self, work: Work, definition: Definition) -> bool:
        """What `bot.add_command(c)` and the like gave is taken out before they run again."""
        return _given_by(definition) is not None

    def opens(self, work: Work, value: Any) -> bool:
        """A second bot is not the one that is connected."""
        return isinstance(value, sys.modules["discord.ext.commands.bot"].BotBase)

    def undoes(self, work: Work, definition: Definition) -> bool:
        return _given_by(definition) is not None

    def withdraw(self, work: Work, definition: Definition) -> Callable[[], None] | None:
        """A decorated command runs again, or was removed: its names are free."""
        places = Places(work)
        call = _given_by(definition)
        if call is not None:
            _take_back(work, places, call)
        elif definition.statement.kind == "function":
            given = _take_out(work, places, definition)
            return _Again(definition, given) if given else None
        return None if definition.removed else places

    def redefine(self, work: Work, edit: ClassEdit) -> bool:
        self._cogs.edited(work, edit)
        return False

    def settle(self, work: Work) -> None:
        self._cogs.settle(work)


def _given_by(definition: Definition) -> Call | None:
    """The call that gave a bot or group something, where the statement is one."""
    commands: Any = sys.modules["discord.ext.commands"]
    call = definition.call() if definition.statement.kind == "effect" else None
    known = call is not None and call.chain[-1] in CALLS and isinstance(call.owner, commands.GroupMixin)
    return call if known and call is not None and (call.arguments or call.named) else None


def _take_back(work: Work, places: Places, call: Call) -> None:
    value = [*call.arguments, *call.named.values()][0]
    if call.chain[-1] == "add_command":
        _drop(work, call.owner, lambda c: c is value or _is_again(c, value))
    elif call.chain[-1] == "add_check":
        once = call.named.get("call_once", False)
        places.take(call.owner._check_once if once else call.owner._checks, lambda f: f is value)
    else:
        name = call.named.get("name", [*call.arguments[1:], getattr(value, "__name__", "")][0])
        events = call.owner.extra_events
        places.take(events.get(name, []), lambda f: f is value)
        if events.get(name) == []:
            work.journal.del_item(events, name)


class _Again:
    """Bots and groups to which a call had given a command have it once more."""

    def __init__(self, definition: Definition, owners: list[Any]) -> None:
        self.definition = definition
        self.owners = owners

    def __call__(self) -> None:
        for owner in self.owners:
            owner.add_command(self.definition.bound())


def _take_out(work: Work, places: Places, definition: Definition) -> list[Any]:
    """The bots and groups that lost a command which a call of another statement had given them, and which is made again."""
    commands: Any = sys.modules["discord.ext.commands"]
    own = {id(call.owner) for call in definition.decorators()}
    given: list[Any] = []
    owners = work.instances(commands.GroupMixin)
    for owner in owners:
        dropped = _drop(work, owner, lambda c: definition.made(c) or definition.made(c.callback))
        if dropped and not definition.removed and id(owner) not in own and _is_used(owner, owners):
            given.append(owner)
        if definition.removed:
            for value in (owner, *owner.all_commands.values()):
                _unhook(work, value, definition)
            for entries in (*_checks(owner), *getattr(owner, "extra_events", {}).values()):
                places.take(entries, definition.made)
            if definition.made(owner.__dict__.get(definition.name)):  # `@bot.event`
                work.journal.del_attr(owner, definition.name)
    return given


def _is_used(owner: Any, owners: list[Any]) -> bool:
    """Whether a group is one that a bot has, and not what an earlier batch made of it and let go."""
    bot: Any = sys.modules["discord.ext.commands.bot"].BotBase
    return isinstance(owner, bot) or any(owner is c for o in owners for c in o.all_commands.values())


def _unhook(work: Work, value: Any, definition: Definition) -> None:
    """`@ping.error`, `@bot.before_invoke` and the like are gone."""
    for name in HOOKS:
        if definition.made(value.__dict__.get(name)):
            if name == "on_error":
                work.journal.del_attr(value, name)
            else:
                work.journal.set_attr(value, name, None)


def _checks(owner: Any) -> list[Any]:
    return [entries for name in ("_checks", "_check_once") if (entries := getattr(owner, name, None)) is not None]


def _is_again(command: Any, value: Any) -> bool:
    """Whether a command was made by the statement that has made `value` since."""
    old, new = getattr(command, "callback", None), getattr(value, "callback", None)
    if old is None or new is None:
        return False
    return (old.__module__, old.__qualname__) == (new.__module__, new.__qualname__)


def _drop(work: Work, owner: Any, gone: Callable[[Any], bool]) -> bool:
    table: dict[str, Any] = owner.all_commands
    kept = {n: c for n, c in table.items() if not gone(c)}
    dropped = len(kept) < len(table)
    if dropped:
        work.journal.replace_content(table, kept)
    return dropped


ADAPTER = DiscordCommands()
