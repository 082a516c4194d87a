"""discord.py: what a bot was given by decorators, calls and cogs, edited again and again."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow

BOT = """
    import asyncio, discord
    from discord.ext import commands
    bot = commands.Bot("!", intents=discord.Intents.none(), help_command=None)
"""


def test_a_command_given_by_a_call_stays_through_edits_of_its_group(program: Program) -> None:
    program.write(
        d=BOT
        + """
    @bot.group()
    async def tools(ctx):
        return "tools"
    @commands.command()
    async def saw(ctx):
        return "saw"
    tools.add_command(saw)
    @tools.command()
    async def axe(ctx):
        return "axe"
    """
    )
    program.run("import d")
    names = "sorted(d.bot.get_command('tools').all_commands), sorted(d.bot.all_commands)"
    assert program.edit("d", "@bot.group()", '@bot.group(aliases=["t"])') == []
    assert program.ask(names) == [["axe", "saw"], ["t", "tools"]]
    assert program.edit("d", "@commands.command()", '@commands.command(aliases=["s"])') == []
    assert program.ask(names) == [["axe", "s", "saw"], ["t", "tools"]]
    assert program.edit("d", '"tools"', '"all tools"') == []
    assert program.edit("d", '@bot.group(aliases=["t"])', "@bot.group()") == []
    assert program.ask(names) == [["axe", "s", "saw"], ["tools"]]
    assert program.edit("d", "tools.add_command(saw)\n", "") == []
    assert program.ask(names) == [["axe"], ["tools"]]


def test_cogs_and_their_bots_take_new_commands(program: Program) -> None:
    program.write(
        d=BOT
        + """
    class Fun(commands.Cog):
        @commands.command()
        async def roll(self, ctx):
            return 1
        @commands.group()
        async def play(self, ctx):
            return 2
        @play.command()
        async def dice(self, ctx):
            return 3
        @commands.Cog.listener()
        async def on_ready(self):
            return 4
    asyncio.run(bot.add_cog(Fun()))
    """
    )
    program.run("""
        import asyncio, d
        cog = d.bot.cogs["Fun"]
        cog.wins = 7
        def names():
            return sorted(c.qualified_name for c in d.bot.walk_commands())
        def call(name):
            command = d.bot.get_command(name)
            return asyncio.run(command.callback(command.cog, None)), command.cog.wins
    """)
    assert program.edit("d", "return 1", "return 11") == []
    assert program.ask("call('roll')") == [11, 7]
    assert program.edit("d", "def roll(self, ctx)", "def roll(self, ctx, n=6)") == []
    assert program.ask("call('roll'), list(d.bot.get_command('roll').clean_params)") == [[11, 7], ["n"]]
    assert program.edit("d", "def roll", "def toss") == []
    assert program.ask("names()") == ["play", "play dice", "toss"]
    assert program.edit("d", "@play.command()", '@play.command("cards")') == []
    assert program.ask("names()") == ["play", "play cards", "toss"]
    assert program.edit("d", "return 3", "return 33") == []
    assert program.ask("call('play cards')") == [33, 7]
    assert program.edit("d", "Cog.listener()", 'Cog.listener("on_message")') == []
    assert program.ask("list(d.bot.extra_events)") == ["on_message"]


def test_application_commands_of_a_cog_are_said(program: Program) -> None:
    program.write(
        d=BOT
        + """
    class Fun(commands.Cog):
        @discord.app_commands.command(name="a", description="A")
        async def a(self, interaction):
            return 1
    asyncio.run(bot.add_cog(Fun()))
    """
    )
    program.run("import d")
    assert program.edit("d", 'name="a"', 'name="b"') == ["RLD609"]


def test_checks_and_listeners_given_by_calls(program: Program) -> None:
    program.write(
        d=BOT
        + """
    @bot.listen("on_message")
    async def heard(message):
        return 1
    async def one(ctx):
        return True
    async def two(ctx):
        return False
    bot.add_listener(heard, "on_edit")
    bot.add_check(one)
    """
    )
    program.run("import d")
    assert program.edit("d", '"on_message"', '"on_ready"') == []
    assert program.edit("d", '"on_edit"', '"on_delete"', "add_check(one)", "add_check(two)") == []
    assert program.ask("sorted(d.bot.extra_events), [f.__name__ for f in d.bot._checks]") == [
        ["on_delete", "on_ready"],
        ["two"],
    ]


def test_discord_commands(program: Program) -> None:
    program.write(
        fun="""
        from discord.ext import commands
        class Fun(commands.Cog):
            def __init__(self, bot):
                self.bot, self.count = bot, 0
            @commands.command()
            async def hi(self, ctx):
                self.count += 1
                return "h1 %d" % self.count
        async def setup(bot):
            await bot.add_cog(Fun(bot))
    """
    )
    program.run("""
        import asyncio, discord, logging
        logging.getLogger("discord").setLevel(40)
        from discord.ext import commands
        loop = asyncio.new_event_loop()
        async def mk():
            b = commands.Bot("!", intents=discord.Intents.none())
            await b.load_extension("fun")
            return b
        bot = loop.run_until_complete(mk())
        def hi(*a):
            c = bot.get_command("hi")
            return loop.run_until_complete(c.callback(c.cog, None, *a))
        hi()
    """)
    assert program.edit("fun", "h1", "h2") == []
    assert program.ask("hi()") == "h2 2"
    codes = program.edit("fun", "@commands.command()\n", '@commands.command(aliases=["yo"])\n')
    assert codes or program.ask("bot.get_command('yo') is not None") is True
    codes = program.edit("fun", "async def hi(self, ctx):", "async def hi(self, ctx, n: int = 1):")
    assert codes or program.ask("list(bot.get_command('hi').clean_params)") == ["n"]


def test_discord_commands_of_a_bot(program: Program) -> None:
    program.write(
        d="""
        import discord
        from discord.ext import commands
        class Fun(commands.Cog):
            @commands.command()
            async def hi(self, ctx):
                return 1
        bot = commands.Bot("!", intents=discord.Intents.none(), help_command=None)
        @bot.command()
        async def ping(ctx, n: int = 1):
            return n
        @bot.group()
        async def admin(ctx):
            return 0
        @admin.command()
        async def kick(ctx):
            return 2
        @commands.command()
        async def free(ctx):
            return 4
        admin.add_command(free)
        """
    )
    program.run("""
        import asyncio, d
        cog = d.Fun()
        asyncio.run(d.bot.add_cog(cog))
        held = d.bot
        def names():
            return sorted(c.qualified_name for c in held.walk_commands()), sorted(held.all_commands)
    """)
    assert program.ask("names()") == [["admin", "admin free", "admin kick", "hi", "ping"], ["admin", "hi", "ping"]]
    assert program.edit("d", "return 1", "return 3") == []
    assert "RLD109" not in str(program.report)  # a command is not run when its cog is made
    assert program.edit("d", "@bot.command()", '@bot.command(aliases=["p"])') == []
    assert program.ask("names()[1]") == ["admin", "hi", "p", "ping"]
    assert program.edit("d", "@bot.command(aliases=", '@bot.command("pong", aliases=') == []
    assert program.ask("names()[1]") == ["admin", "hi", "p", "pong"]
    assert program.edit("d", "@admin.command()", '@admin.command("out")') == []
    assert program.ask("names()[0]") == ["admin", "admin free", "admin out", "hi", "pong"]
    text = program.path("d").read_text()
    assert program.save(d=text[: text.index("@bot.command")] + text[text.index("@bot.group") :]) == []
    assert program.ask("names()[1]") == ["admin", "hi"]
    assert program.save(d=text) == []
    assert program.ask("names()[1]") == ["admin", "hi", "p", "pong"]
    assert program.edit("d", "free(ctx):", "free(ctx):\n    'Freely.'") == []
    assert program.ask("held.get_command('admin free').help") == "Freely."
