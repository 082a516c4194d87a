"""discord.py: a bot has copies of a cog's commands, made with the cog."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import ClassEdit
    from ..live.work import Work


class DiscordCommands:
    """Edited signatures, names and options of commands in cogs that a bot has."""

    library = "discord.ext.commands"
    tested = "2.7"

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
