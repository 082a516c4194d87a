"""discord.py: a bot has a command under its name and its aliases, and copies of a cog's commands, made with the cog."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import ClassEdit, Definition
    from ..live.work import Work


class DiscordCommands:
    """Commands of a bot or group that come, go and change; of cogs that a bot has, what cannot follow."""

    library = "discord.ext.commands"
    tested = "2.7"

    def withdraw(self, work: Work, definition: Definition) -> None:
        """A decorated command runs again, or was removed: its names are free."""
        commands: Any = sys.modules[self.library]
        if definition.statement.kind != "function":
            return
        own = {id(call.owner) for call in definition.decorators()}  # what another call added stays
        for owner in [o for o in work.instances(commands.GroupMixin) if id(o) in own]:
            table: dict[str, Any] = owner.all_commands
            kept = {n: c for n, c in table.items() if not definition.made(c) and not definition.made(c.callback)}
            if len(kept) < len(table):
                work.journal.replace_content(table, kept)

    def redefine(self, work: Work, edit: ClassEdit) -> bool:
        commands: Any = sys.modules["discord.ext.commands"]
        if not isinstance(edit.cls, commands.CogMeta) or not work.instances(edit.cls):
            return False
        known = vars(edit.cls)
        kinds = (commands.Command, getattr(sys.modules.get("discord.app_commands"), "Command", commands.Command))
        touched = sorted(n for n in edit.dirty_names | edit.removed if n not in known or isinstance(known[n], kinds))
        if touched:
            work.say(
                "RLD609",
                f"{', '.join(touched)} of {edit.cls.__qualname__}: the bot has the commands that the cog had when it was added. "
                "Reload the extension in the bot, or restart it.",
                edit.dirty,
                count=len(work.instances(edit.cls)),
            )
        return False


ADAPTER = DiscordCommands()
