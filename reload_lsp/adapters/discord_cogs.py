"""discord.py: a cog has copies of the commands in its class; a bot has those of the cogs that were added to it."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import ClassEdit
    from ..live.work import Work


class Cogs:
    """The cogs of edited classes: they and their bots take the new commands; what Discord's menus have is said."""

    def __init__(self) -> None:
        self._edits: list[tuple[Any, Any, set[str], list[Any]]] = []

    def edited(self, work: Work, edit: ClassEdit) -> None:
        """A class is about to be brought up to date."""
        if not isinstance(edit.cls, _commands().CogMeta) or not work.instances(edit.cls):
            return
        names = edit.dirty_names | edit.removed
        known: dict[str, Any] = {**vars(edit.cls)}
        menus = {n for n in names if _in_menus(known.get(n))}
        if menus or any(n not in known or _is_command(known[n]) or _is_listener(known[n]) for n in names):
            listeners = [_listeners(c) for c in work.instances(edit.cls)]
            self._edits.append((edit.cls, edit.dirty, names, [menus, listeners]))

    def settle(self, work: Work) -> None:
        """Every class is what it is now."""
        for cls, dirty, names, (menus, listeners) in self._edits:
            members: dict[str, Any] = {**vars(cls)}
            menus |= {n for n in names if _in_menus(members.get(n))}
            for cog, before in zip(work.instances(cls), listeners, strict=True):
                _gather(work, type(cog))
                if not any(map(_in_menus, (*cog.__cog_commands__, *cog.__class__.__cog_commands__))):
                    _hand_over(work, cog)
                _listen(work, cog, before)
            if menus:
                work.say(
                    "RLD609",
                    f"{', '.join(sorted(menus))} of {cls.__qualname__}: the bot has the application commands that the cog had "
                    "when it was added. Reload the extension in the bot, or restart it.",
                    dirty,
                    count=len(work.instances(cls)),
                )
        self._edits = []


def _commands() -> Any:
    return sys.modules["discord.ext.commands"]


def _is_command(value: Any) -> bool:
    return isinstance(value, _commands().Command)


def _is_listener(value: Any) -> bool:
    return hasattr(value, "__cog_listener__")


def _listeners(cog: Any) -> list[tuple[str, str]]:
    return list(cog.__class__.__cog_listeners__)


def _in_menus(value: Any) -> bool:
    menus: Any = sys.modules["discord"].app_commands
    return isinstance(value, (menus.Command, menus.Group)) or hasattr(value, "app_command")


def _gather(work: Work, cls: Any) -> None:
    """The list of a class's commands, as its metaclass makes it."""
    found: dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        members: dict[str, Any] = {**vars(base)}
        for name, value in members.items():
            found.pop(name, None)
            if _is_command(value):
                found[name] = value
    work.journal.set_attr(cls, "__cog_commands__", list(found.values()))
    known, own = {id(c) for c in found.values()}, f"{cls.__qualname__}."
    for group in [c for c in found.values() if hasattr(c, "all_commands")]:
        table: dict[str, Any] = group.all_commands
        kept = {n: c for n, c in table.items() if id(c) in known or not c.callback.__qualname__.startswith(own)}
        work.journal.replace_content(table, kept)


def _hand_over(work: Work, cog: Any) -> None:
    """The commands of a cog that was just made are its own from now on."""
    before, made = cog.__cog_commands__, _commands().Cog.__new__(type(cog))
    now = made.__cog_commands__
    for command in before:
        name = command.callback.__name__
        if cog.__dict__.get(name) is command:
            work.journal.del_attr(cog, name)
    for command in now:
        command.cog = cog
        work.journal.set_attr(cog, command.callback.__name__, command)
    work.journal.set_attr(cog, "__cog_commands__", now)
    for bot in _bots_of(work, cog):
        kept = {n: c for n, c in bot.all_commands.items() if not any(c is b for b in before)}
        work.journal.replace_content(bot.all_commands, kept)
        for command in [c for c in now if c.parent is None]:
            bot.add_command(command)


def _listen(work: Work, cog: Any, before: list[tuple[str, str]]) -> None:
    """A bot calls the methods that are listeners now."""
    now = _listeners(cog)
    for bot in _bots_of(work, cog) if now != before else ():
        events = {
            name: [f for f in heard if not _is_of(f, cog, name, before)] for name, heard in bot.extra_events.items()
        }
        for name, method in now:
            events.setdefault(name, []).append(getattr(cog, method))
        work.journal.replace_content(bot.extra_events, {name: heard for name, heard in events.items() if heard})


def _is_of(function: Any, cog: Any, event: str, listeners: list[tuple[str, str]]) -> bool:
    return getattr(function, "__self__", None) is cog and (event, function.__name__) in listeners


def _bots_of(work: Work, cog: Any) -> list[Any]:
    bots = work.instances(sys.modules["discord.ext.commands.bot"].BotBase)
    return [bot for bot in bots if any(c is cog for c in bot.cogs.values())]
