"""What libraries keep beside a definition: error handlers, patterns, receivers, compiled code; edited and taken back."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow


def test_a_checked_function_stays_checked(program: Program) -> None:
    program.write(
        app="""
        import typing
        from typeguard import typechecked
        Alias = typing.Union[int, str]
        @typechecked
        def f(x: Alias) -> str: return "ok"
        def check(x):
            try: return f(x)
            except Exception as e: return type(e).__name__
    """
    )
    program.run("import app")
    for old, new, float_ok in (("[int, str]", "[int, float]", True), ("[int, float]", "[int, str]", False)):
        assert program.edit("app", old, new) == []
        assert program.ask("app.check(1.5)") == ("ok" if float_ok else "TypeCheckError")
    assert program.edit("app", 'return "ok"', 'return "yes"') == []
    assert program.ask("app.check(1), app.check(1.5)") == ["yes", "TypeCheckError"]
    assert program.edit("app", 'return "yes"', "return 4") == []
    assert program.ask("app.check(1)") == "TypeCheckError"


def test_beartype_that_is_taken_away_or_set_otherwise_is_no_matter(program: Program) -> None:
    program.write(
        app="""
        from beartype import beartype, BeartypeConf
        conf = BeartypeConf(is_pep484_tower=True)
        @beartype(conf=conf)
        def g(x: float) -> float: return x
        @beartype
        def f(x: int) -> int: return x
        def check(call, x):
            try: return call(x)
            except Exception: return "refused"
    """
    )
    program.run("import app; app.g(1), app.f(1)")
    ask = "app.check(app.g, 1), app.check(app.f, 'a')"
    assert program.ask(ask) == [1, "refused"]
    for pair, answer in (
        (("tower=True", "tower=False"), ["refused", "refused"]),
        (("tower=False", "tower=True"), [1, "refused"]),
        (("@beartype\n", ""), [1, "a"]),
        (("def f", "@beartype\ndef f"), [1, "refused"]),
    ):
        assert program.edit("app", *pair) == []
        assert program.ask(ask) == answer


def test_receivers_of_decorators_follow_their_signal(program: Program) -> None:
    program.write(
        app="""
        from blinker import Signal
        saved, gone = Signal(), Signal()
        class Doc: pass
        doc = Doc()
        @saved.connect
        def a(sender): return "a"
        @gone.connect_via(doc)
        def b(sender): return "b"
        def sent():
            return [[r for _, r in s.send(x)] for s, x in ((saved, None), (gone, doc), (gone, None))]
    """
    )
    program.run("import app")
    for pair, answer in (
        (("@saved.connect\n", "@gone.connect\n"), [[], ["a", "b"], ["a"]]),
        (("@gone.connect\n", "@saved.connect\n"), [["a"], ["b"], []]),
        (("@saved.connect\n", ""), [[], ["b"], []]),
        (("def a(", "@saved.connect\ndef a("), [["a"], ["b"], []]),
        (("@gone.connect_via(doc)", "@gone.connect"), [["a"], ["b"], ["b"]]),
    ):
        assert program.edit("app", *pair) == []
        assert [sorted(s) for s in program.ask("app.sent()")] == answer


def test_an_error_handler_stays_with_its_command(program: Program) -> None:
    program.write(
        app="""
        import discord
        from discord.ext import commands
        bot = commands.Bot(command_prefix="!", intents=discord.Intents.default())
        @bot.command(name="ping", help="h")
        async def ping(ctx, n: int = 1): return n
        @ping.error
        async def failed(ctx, e): return "failed"
        @bot.group()
        async def grp(ctx): return "grp"
        @grp.command()
        async def sub(ctx): return "sub"
    """
    )
    program.run("import app")
    ask = "[(c.qualified_name, c.has_error_handler()) for c in sorted(app.bot.walk_commands(), key=str) if str(c) != 'help']"
    rest = [["grp", False], ["grp sub", False]]
    for pair, answer in (
        (('name="ping"', 'name="pin"'), [*rest, ["pin", True]]),
        (('name="pin"', 'name="ping"'), [*rest, ["ping", True]]),
        (("n: int = 1", "n: int = 2"), [*rest, ["ping", True]]),
        (('@ping.error\nasync def failed(ctx, e): return "failed"\n', ""), [*rest, ["ping", False]]),
        (("@bot.group()", '@bot.group(aliases=["g"])'), [rest[0], *rest, rest[1], ["ping", False]]),
        (('(aliases=["g"])', "()"), [*rest, ["ping", False]]),
        (("@grp.command()", "@bot.command()"), [rest[0], ["ping", False], ["sub", False]]),
        (("@bot.command()\nasync def sub", "@grp.command()\nasync def sub"), [*rest, ["ping", False]]),
    ):
        assert program.edit("app", *pair) == []
        assert [list(x) for x in sorted(set(map(tuple, program.ask(ask))))] == [
            list(x) for x in sorted(set(map(tuple, answer)))
        ]


def test_starlette_routes_of_wrapped_functions_and_of_convertors(program: Program) -> None:
    program.write(
        app="""
        import functools
        from starlette.applications import Starlette
        from starlette.convertors import Convertor, register_url_convertor
        from starlette.responses import PlainTextResponse
        from starlette.routing import Route
        class Hex(Convertor):
            regex = "[0-9a-f]+"
            def convert(self, v): return int(v, 16)
            def to_string(self, v): return hex(v)
        register_url_convertor("hex", Hex())
        def tag(text):
            def deco(f):
                @functools.wraps(f)
                async def inner(request):
                    answer = await f(request)
                    answer.headers["x-tag"] = text
                    return answer
                return inner
            return deco
        @tag("a")
        async def secret(request): return PlainTextResponse("hi")
        def plain(request): return PlainTextResponse("p%d" % request.path_params["n"])
        app = Starlette(routes=[Route("/s", secret), Route("/{n:hex}", plain)])
    """
    )
    program.run("""
        import app
        from starlette.testclient import TestClient
        def get(path):
            answer = TestClient(app.app, raise_server_exceptions=False).get(path)
            return [answer.status_code, answer.text, answer.headers.get("x-tag")]
    """)
    for tag in ("b", "a"):
        assert program.edit("app", '@tag("a")' if tag == "b" else '@tag("b")', f'@tag("{tag}")') == []
        assert program.ask("get('/s')") == [200, "hi", tag]
    for old, new in (("def plain", "async def plain"), ("async def plain", "def plain")):
        assert program.edit("app", old, new) == []
        assert program.ask("get('/ff')") == [200, "p255", None]
    for old, new, code in (("[0-9a-f]+", "[0-9]+", 404), ("[0-9]+", "[0-9a-f]+", 200)):
        assert program.edit("app", old, new) == []
        assert program.ask("get('/ff')")[0] == code


def test_plugins_are_asked_in_the_order_of_a_fresh_start(program: Program) -> None:
    program.write(
        app="""
        import pluggy
        spec, impl = pluggy.HookspecMarker("p"), pluggy.HookimplMarker("p")
        class Spec:
            @spec
            def go(self): ""
        class A:
            @impl(tryfirst=True)
            def go(self): return "A"
        class B:
            @impl
            def go(self): return "B"
        pm = pluggy.PluginManager("p")
        pm.add_hookspecs(Spec)
        pm.register(A(), "a")
        pm.register(B(), name="b")
    """
    )
    program.run("import app")
    assert program.ask("app.pm.hook.go()") == ["A", "B"]
    for pair, answer in (
        (("@impl(tryfirst=True)", "@impl"), ["B", "A"]),
        (('B(), name="b"', 'A(), name="b"'), ["A", "A"]),
        (('A(), name="b"', 'B(), name="b"'), ["B", "A"]),
    ):
        assert program.edit("app", *pair) == []
        assert program.ask("app.pm.hook.go()") == answer


def test_numba_compiles_again_what_overloads_and_gufuncs_gave(program: Program) -> None:
    program.write(
        app="""
        import numba, numpy as np
        from numba.extending import overload
        def pick(x): return x
        @overload(pick)
        def ov(x):
            def impl(x): return x + 100
            return impl
        @numba.njit
        def picked(x): return pick(x)
        @numba.guvectorize(["void(float64[:], float64[:])"], "(n)->(n)")
        def gu(a, r):
            for i in range(a.shape[0]): r[i] = a[i] + 1
        def now(): return [picked(1), gu(np.array([1.0])).tolist()]
    """
    )
    program.run("import app; app.now()")
    for pair, answer in (
        (("x + 100", "x + 200"), [201, [2.0]]),
        (("x + 200", "x + 100"), [101, [2.0]]),
        (("a[i] + 1", "a[i] + 2"), [101, [3.0]]),
    ):
        assert program.edit("app", *pair) == []
        assert program.ask("app.now()") == answer


def test_a_filter_that_was_a_lambda_goes(program: Program) -> None:
    program.write(
        app="""
        import logging
        log = logging.getLogger("app")
        class F(logging.Filter): pass
        log.addFilter(F())
    """
    )
    program.run("import app")
    for pair in (("F())", "lambda r: True)"), ("lambda r: True)", "F())")):
        assert program.edit("app", *pair) == []
        assert program.ask("len(app.log.filters)") == 1
