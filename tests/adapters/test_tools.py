"""Commands, tasks, tests, jobs, widgets: what is registered once and called for ever."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow

CLICK = """
    import click
    @click.group()
    def cli():
        pass

    @cli.command()
    @click.option("--n", default=1)
    def run(n):
        click.echo(f"r1 {n}")

    @cli.command()
    def stop():
        click.echo("s")
"""
CLICK_RUN = """
    import cmds
    from click.testing import CliRunner
    from cmds import cli
    def call(*a):
        r = CliRunner().invoke(cli, list(a))
        return r.output.strip() if r.exit_code == 0 else r.exit_code
    call("run")
"""


def test_click_options_names_and_removal(program: Program) -> None:
    program.write(cmds=CLICK)
    program.run(CLICK_RUN)
    assert program.edit("cmds", '"--n", default=1', '"--n", "--number", "n", default=7') == []
    assert program.ask("call('run'), call('run', '--number', '3')") == ["r1 7", "r1 3"]
    codes = program.edit(
        "cmds", "@cli.command()\n    def stop".replace("\n    ", "\n"), '@cli.command("halt")\ndef stop'
    )
    assert codes or program.ask("call('halt'), call('stop'), sorted(cli.commands)") == ["s", 2, ["halt", "run"]]
    text = program.path("cmds").read_text()
    codes = program.save(cmds=text[: text.index('@cli.command("halt")')])
    assert codes or program.ask("call('halt')") == 2


def test_click_groups_and_where_their_commands_are(program: Program) -> None:
    program.write(
        cli="""
            import click
            @click.group()
            def cli():
                click.echo("one")
            @cli.group()
            def sub():
                pass
            def common(f):
                return click.option("--n", default=1)(f)
            @cli.command()
            @common
            def hi(n):
                click.echo(n)
            @click.command()
            def extra():
                click.echo("x")
            cli.add_command(extra, "extra")
            @click.command()
            def given():
                click.echo("g")
            class Own(click.Group):
                def __init__(self, **settings):
                    super().__init__(**settings)
                    self.add_command(given)
            @cli.group(cls=Own)
            def own():
                pass
        """
    )
    program.run("""
        import cli
        from click.testing import CliRunner
        def run(*words):
            done = CliRunner().invoke(cli.cli, list(words))
            return done.output.split() if done.exit_code == 0 else done.exit_code
        run("hi"), run("extra"), run("own", "given")
    """)
    assert (
        program.edit("cli", "@click.command()\ndef given():", "@click.command()\n@click.option('--n')\ndef given(n):")
        == []
    )
    assert program.ask("run('own', 'given', '--n', '1')") == ["one", "g"]
    assert program.edit("cli", '"one"', '"two"') == []
    assert program.ask("run('hi')") == ["two", "1"]
    assert program.edit("cli", "@click.group()\ndef cli():", "@click.group()\n@click.option('-v')\ndef cli(v):") == []
    assert program.ask("run('-v', '3', 'hi'), run('extra')") == [["two", "1"], ["two", "x"]]
    assert program.edit("cli", "default=1", "default=5") == []
    assert program.ask("run('hi')") == ["two", "5"]
    assert program.edit("cli", "@cli.command()", "@sub.command()", '"extra")', '"more")') == []
    assert program.ask("run('sub', 'hi'), run('hi'), run('more'), run('extra')") == [["two", "5"], 2, ["two", "x"], 2]


def test_a_typer_application_inside_of_another_has_another_name(program: Program) -> None:
    program.write(
        cli="""
            import typer
            app, sub = typer.Typer(), typer.Typer()
            @sub.command()
            def go():
                print("go")
            @sub.command()
            def stop():
                print("stop")
            app.add_typer(sub, name="s")
        """
    )
    program.run("""
        import cli
        from typer.testing import CliRunner
        def run(*words):
            done = CliRunner().invoke(cli.app, list(words))
            return done.output.split() if done.exit_code == 0 else done.exit_code
        run("s", "go")
    """)
    assert program.edit("cli", 'name="s"', 'name="t"') == []
    assert program.ask("run('t', 'go'), run('s', 'go')") == [["go"], 2]


def test_typer_removed_and_renamed(program: Program) -> None:
    program.write(
        cmds="""
        import typer
        app = typer.Typer()
        @app.command()
        def hello(name: str = "bo"):
            typer.echo("h1 " + name)

        @app.command()
        def other():
            typer.echo("o")

        @app.command("third")
        def last():
            typer.echo("t")
    """
    )
    program.run("""
        import cmds
        from typer.testing import CliRunner
        def call(*a):
            r = CliRunner().invoke(cmds.app, list(a))
            return r.output.strip() if r.exit_code == 0 else r.exit_code
        call("hello")
    """)
    assert (
        program.edit(
            "cmds",
            'def hello(name: str = "bo")',
            'def hello(name: str = "al", n: int = 2)',
            '"h1 " + name',
            '"h2 " + name * n',
        )
        == []
    )
    assert program.ask("call('hello'), call('hello', '--n', '1')") == ["h2 alal", "h2 al"]
    codes = program.edit("cmds", '"third"', '"fourth"')
    assert codes or program.ask("call('fourth'), call('third')") == ["t", 2]
    codes = program.edit("cmds", '@app.command()\ndef other():\n    typer.echo("o")\n', "")
    assert codes or program.ask("call('other')") == 2


def test_celery_tasks(program: Program) -> None:
    program.write(
        w="""
        from celery import Celery
        app = Celery("w", broker="memory://", backend="cache+memory://")
        app.conf.task_always_eager = True

        @app.task
        def add(a, b):
            return a + b
    """
    )
    program.run("import w; from w import add; add.delay(1, 2).get()")
    assert program.edit("w", "def add(a, b):\n    return a + b", "def add(a, b, c=10):\n    return a + b + c") == []
    assert program.ask("add.delay(1, 2).get(), w.app.tasks['w.add'].delay(1, 2, 3).get()") == [13, 6]
    assert (
        program.edit("w", "@app.task\n", "@app.task(bind=True, max_retries=7)\n", "def add(a", "def add(self, a") == []
    )
    assert program.ask("add.delay(1, 2).get(), add.max_retries") == [13, 7]
    text = program.path("w").read_text()
    codes = program.save(w=text + "\n@app.task\ndef twice(a):\n    return a * 2\n")
    assert codes == []
    assert program.ask("w.twice.delay(2).get(), 'w.twice' in w.app.tasks") == [4, True]
    codes = program.save(w=text)
    assert codes or program.ask("'w.twice' in w.app.tasks") is False


def test_pytest_in_a_warm_process(program: Program) -> None:
    program.write(
        calc="def f():\n    return 1\n",
        conftest="import pytest\n@pytest.fixture\ndef base():\n    return 1\n",
        test_it="from calc import f\ndef test_f(base):\n    assert f() == base\n",
        test_of="import pytest\n@pytest.mark.parametrize('n', [1])\ndef test_n(n):\n    assert n == 1\n",
    )
    program.run("""
        import pytest
        class Rec:
            def __init__(self):
                self.out, self.text = {}, ""
            def pytest_runtest_logreport(self, report):
                if report.when == "call" or report.outcome != "passed":
                    self.out[report.nodeid.split("::")[-1]] = report.outcome
                    self.text += report.longreprtext
        def go(name="test_it.py"):
            rec = Rec()
            pytest.main(["-q", "-p", "no:cacheprovider", "--rootdir", ".", name], plugins=[rec])
            return rec
        go("test_of.py"), go()
    """)
    program.edit("test_of", "[1]", "[1, 2]")  # the first edit of a module that pytest's own loader has loaded
    assert program.ask("go('test_of.py').out") == {"test_n[1]": "passed", "test_n[2]": "failed"}
    program.edit(
        "conftest",
        "@pytest.fixture\n",
        "@pytest.fixture(params=[1, 2])\n",
        "def base():\n    return 1",
        "def base(request):\n    return request.param",
    )
    assert program.ask("go().out") == {"test_f[1]": "passed", "test_f[2]": "failed"}
    program.edit("test_it", "assert f() == base", "wanted = base + 1\n    assert f() == wanted")
    assert program.ask("'assert 1 == 2' in go().text") is True
    program.edit(
        "test_it",
        "def test_f(base)",
        "import pytest\n@pytest.mark.parametrize('n', [1, 2])\ndef test_g(n):\n    assert n\ndef test_f(base)",
    )
    assert program.ask("sorted(go().out)") == ["test_f[1]", "test_f[2]", "test_g[1]", "test_g[2]"]


def test_logging_and_structlog_configuration(program: Program) -> None:
    program.write(
        logs="""
        import logging, logging.config
        logging.config.dictConfig({"version": 1, "disable_existing_loggers": False, "loggers": {"shop": {"level": "INFO"}}})
        log = logging.getLogger("shop")
    """,
        conf="""
        import structlog
        structlog.configure(processors=[structlog.processors.KeyValueRenderer()], cache_logger_on_first_use=True)
    """,
        use="""
        import structlog
        log = structlog.get_logger()
    """,
    )
    program.run("import logs, conf, use, logging; use.log.bind()")
    codes = program.edit("logs", '"INFO"', '"ERROR"')
    assert codes or program.ask("logging.getLogger('shop').level") == 40
    codes = program.edit("conf", "KeyValueRenderer", "JSONRenderer")
    assert (
        codes or program.ask("type(__import__('structlog').get_config()['processors'][0]).__name__") == "JSONRenderer"
    )


def test_apscheduler_jobs(program: Program) -> None:
    program.write(
        jobs="""
        from apscheduler.schedulers.background import BackgroundScheduler
        log = []
        scheduler = BackgroundScheduler()

        @scheduler.scheduled_job("interval", seconds=1000, id="beat")
        def beat():
            log.append("b1")
    """
    )
    program.run("import jobs; jobs.scheduler.start()")
    assert program.edit("jobs", "b1", "b2") == []
    program.run("jobs.scheduler.get_job('beat').func()")
    assert program.ask("jobs.log") == ["b2"]
    codes = program.edit("jobs", "seconds=1000", "seconds=2000")
    assert codes or program.ask("jobs.scheduler.get_job('beat').trigger.interval.seconds") == 2000
    text = program.path("jobs").read_text()
    codes = program.save(jobs=text[: text.index("@scheduler")])
    assert codes or program.ask("jobs.scheduler.get_job('beat')") is None
    program.run("jobs.scheduler.shutdown(wait=False)")


def test_textual_widgets(program: Program) -> None:
    program.write(
        app="""
        from textual.app import App
        from textual.widgets import Static
        class Label(Static):
            DEFAULT_CSS = "Label { width: 11; }"
        class Counter(App):
            BINDINGS = [("a", "inc", "Inc")]
            n = 0
            def compose(self):
                yield Label("0", id="s")
            def action_inc(self):
                self.n += 1
                self.query_one("#s", Label).update("one %d" % self.n)
    """
    )
    program.run("""
        import threading, queue, asyncio, app
        cmds, outs = queue.Queue(), queue.Queue()
        def runner():
            async def go():
                a = app.Counter()
                async with a.run_test() as pilot:
                    while True:
                        while cmds.empty():
                            await asyncio.sleep(0.01)
                        k = cmds.get()
                        await pilot.press(k)
                        await pilot.pause()
                        widget = a.query_one("#s")
                        outs.put([str(widget.render()), widget.size.width])
            asyncio.run(go())
        threading.Thread(target=runner, daemon=True).start()
        def press(k):
            cmds.put(k)
            return outs.get(timeout=10)
        press("a")
    """)
    assert program.edit("app", "one %d", "two %d") == []
    assert program.ask("press('a')") == ["two 2", 11]
    codes = program.edit("app", "width: 11", "width: 13")
    assert codes or program.ask("press('a')") == ["two 3", 13]
    codes = program.edit("app", '[("a", "inc", "Inc")]', '[("b", "inc", "Inc")]')
    assert codes or program.ask("press('b')[0]") == "two 4"


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


def test_an_unknown_registry(program: Program) -> None:
    program.write(
        reg="""
            table = []
            def on(event):
                def wrap(f):
                    table.append((event, f))
                    return f
                return wrap
        """,
        use="""
            from reg import on
            @on("start")
            def begin():
                return 1

            @on("stop")
            def end():
                return 2
        """,
    )
    program.run("import reg, use")
    codes = program.edit("use", '"start"', '"begin"')
    assert codes or program.ask("[e for e, f in reg.table]") == ["begin", "stop"]
    codes = program.edit("use", '@on("stop")\ndef end():\n    return 2', "")
    assert codes or program.ask("[e for e, f in reg.table]") == ["begin"]


def test_callbacks_and_arguments_of_whole_command_lines(program: Program) -> None:
    program.write(
        commands="""
            import click, typer
            def shared(options):
                def decorate(f):
                    for option in options:
                        f = option(f)
                    return f
                return decorate
            @click.group()
            def cli():
                pass
            @cli.command()
            @shared([click.option("--a", default=1), click.option("--b", default=2)])
            def show(**given):
                click.echo(" ".join(f"{k}{v}" for k, v in given.items()))
            @cli.result_callback()
            def done(result, **_):
                click.echo("done")
            app = typer.Typer(help="one")
            @app.callback()
            def main():
                print("main")
            @app.command()
            def go():
                print("go")
        """
    )
    program.run("""
        import commands
        from click.testing import CliRunner
        from typer.testing import CliRunner as Typed
        def run():
            shown = CliRunner().invoke(commands.cli, ["show"]).output.split()
            return shown, Typed().invoke(commands.app, ["go"]).output.split(), "two" in Typed().invoke(commands.app, ["--help"]).output
        run()
    """)
    assert program.ask("run()") == [["b2", "a1", "done"], ["main", "go"], False]
    assert program.edit("commands", "for option in options:", "for option in options[:1]:") == []
    assert (
        program.edit("commands", '@cli.result_callback()\ndef done(result, **_):\n    click.echo("done")\n', "") == []
    )
    assert program.edit("commands", 'help="one"', 'help="two"') == []
    assert program.ask("run()") == [["a1"], ["main", "go"], True]
    assert program.edit("commands", '@app.callback()\ndef main():\n    print("main")\n', "") == []
    assert program.ask("run()[1]") != ["main", "go"]


def test_celerys_bound_tasks_periodic_tasks_and_what_start_up_did(program: Program) -> None:
    program.write(
        w="""
            from celery import Celery, Task
            app = Celery("w", broker="memory://", backend="cache+memory://")
            app.conf.task_always_eager = True
            class Base(Task):
                abstract = True
            @app.task(base=Base, bind=True, name="w.add", max_retries=3)
            def add(self, a):
                return a + 1
            app.conf.beat_schedule = {"own": {"task": "w.add", "schedule": 30.0}}
            @app.on_after_configure.connect
            def begin(sender, **_):
                sender.add_periodic_task(10.0, add.s(1), name="later")
        """
    )
    program.run("import w; w.add.delay(1).get(); w.app.conf.beat_schedule")
    assert program.edit("w", "max_retries=3", "max_retries=4", "30.0", "60.0") == []
    schedules = "{k: v['schedule'] for k, v in w.app.conf.beat_schedule.items()}"
    assert program.ask(f"w.app.tasks['w.add'].max_retries, {schedules}") == [4, {"own": 60.0, "later": 10.0}]
    assert program.edit("w", "10.0", "20.0") == ["RLD609"]


def test_pytest_marks_that_are_taken_away(program: Program) -> None:
    program.write(
        test_it="""
        import pytest
        @pytest.mark.skip
        def test_a():
            pass
        @pytest.mark.skip
        class TestAll:
            @pytest.mark.xfail
            def test_b(self):
                pass
        """
    )
    program.run("""
        import contextlib, io, pytest
        class Outcomes:
            def pytest_runtest_logreport(self, report):
                if report.when == "call" or report.skipped:
                    seen.append(report.nodeid.split("::")[-1] + (" skipped" if report.skipped else ""))
        def go():
            global seen
            seen = []
            with contextlib.redirect_stdout(io.StringIO()):
                pytest.main(["-q", "-p", "no:cacheprovider", "test_it.py"], plugins=[Outcomes()])
            return seen
    """)
    assert program.ask("go()") == ["test_a skipped", "test_b skipped"]
    assert program.edit("test_it", "@pytest.mark.skip\n", "", "    @pytest.mark.xfail\n", "") == []
    assert program.ask("go()") == ["test_a", "test_b"]
    assert program.edit("test_it", "class", "@pytest.mark.skip\nclass") == []
    assert program.ask("go()") == ["test_a", "test_b skipped"]
    assert program.edit("test_it", "@pytest.mark.skip\nclass", "class") == []
    assert program.ask("go()") == ["test_a", "test_b"]


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
