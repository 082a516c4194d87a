"""click and Typer: commands, options and callbacks of command lines, edited while they live."""

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
