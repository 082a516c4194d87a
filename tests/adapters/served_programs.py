"""Small programs, one for each library that no application of `tests/real` is built on: what is edited, and what they then answer.

`app` is the module that is edited; `client` uses it as the library's users do, and has `answer()`.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent
from typing import Any

HERE = "# here"
"""Stands on the line of the edited module under which a finding is to be."""
SERVE = r"""import importlib, sys
client = importlib.import_module(sys.argv[1] + "_client")
print("ready", flush=True)
for _ in sys.stdin:
    answer = client.answer()
    sys.stdout.write(f"= {answer!r}\n")
"""
GET = """\
import asyncio, threading, urllib.error, urllib.request
def get(path):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").read().decode()
    except urllib.error.HTTPError as error:
        return error.code
"""


@dataclass(frozen=True)
class Served:
    """A program, one save (old and new text by turns), the answers around it, and what is said on the line of HERE."""

    app: str
    client: str
    edit: tuple[str, ...]
    before: Any
    after: Any
    codes: tuple[str, ...] = ()

    def edited(self) -> str:
        """The text after the edit."""
        text = dedent(self.app)
        for old, new in zip(self.edit[::2], self.edit[1::2], strict=True):
            assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
            text = text.replace(old, new)
        return text


SERVED = {
    "aiohttp": Served(
        """
        from aiohttp import web
        routes = web.RouteTableDef()
        @routes.get("/old")
        async def index(request):
            return web.Response(text="index")
        app = web.Application()
        app.add_routes(routes)
        """,
        GET + """
from aiohttp import web
import aiohttp_app
up = threading.Event()
async def serve():
    global port
    runner = web.AppRunner(aiohttp_app.app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    up.set()
    await asyncio.Event().wait()
threading.Thread(target=asyncio.run, args=(serve(),), daemon=True).start()
up.wait()
def answer():
    return get("/old"), get("/new")
""",
        ('"/old"', '"/new"'), ("index", 404), (404, "index"),
    ),
    "tornado": Served(
        """
        import tornado.web
        class Main(tornado.web.RequestHandler):
            def get(self):
                self.write(self.settings["name"])
        def make():
            return tornado.web.Application([("/old", Main)], name="one")
        app = make()
        """,
        GET + """
import tornado.httpserver, tornado.testing
import tornado_app
sock, port = tornado.testing.bind_unused_port()
up = threading.Event()
async def serve():
    server = tornado.httpserver.HTTPServer(tornado_app.app)
    server.add_sockets([sock])
    up.set()
    await asyncio.Event().wait()
def begin():
    threading.Thread(target=asyncio.run, args=(serve(),), daemon=True).start()
    up.wait()
def answer():
    up.is_set() or begin()
    return get("/old"), get("/new")
""",
        ('"/old"', '"/new"', '"one"', '"two"'), ("one", 404), (404, "two"),
    ),
    "werkzeug": Served(
        """
        from werkzeug.routing import BaseConverter, Map, Rule
        class Code(BaseConverter):
            regex = "[a-c]+"
        rules = Map([Rule("/<code:value>", endpoint="code")], converters={"code": Code})
        """,
        """
from wsgiref.simple_server import make_server, WSGIRequestHandler
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response
import werkzeug_app
class Quiet(WSGIRequestHandler):
    def log_message(self, *words):
        pass
@Request.application
def serve(request):
    try:
        return Response(str(werkzeug_app.rules.bind_to_environ(request.environ).match()))
    except HTTPException as error:
        return error
server = make_server("127.0.0.1", 0, serve, handler_class=Quiet)
port = server.server_port
""" + GET + """
threading.Thread(target=server.serve_forever, daemon=True).start()
def answer():
    return get("/abc"), get("/xyz")
""",
        ("[a-c]+", "[x-z]+"), ("('code', {'value': 'abc'})", 404), (404, "('code', {'value': 'xyz'})"),
    ),
    "jinja2": Served(
        """
        import jinja2
        env = jinja2.Environment(loader=jinja2.DictLoader({"page": "{{ 'a' | loud }}"}), auto_reload=False)
        def loud(value):
            return value + "!"
        env.filters["loud"] = loud
        """,
        """
import jinja2_app
def answer():
    return jinja2_app.env.get_template("page").render()
""",
        ('env.filters["loud"] = loud', 'env.filters["loud"] = lambda value: value + "?"'), "a!", "a?",
    ),
    "click": Served(
        """
        import click
        @click.group()
        def cli():
            pass
        @cli.command()
        @click.option("--count", default=1)
        def buy(count):
            click.echo(f"bought {count}")
        """,
        """
from click.testing import CliRunner
import click_app
def answer():
    return [CliRunner().invoke(click_app.cli, words).output.splitlines()[-1:] for words in (["buy"], ["buy", "-n", "9"])]
""",
        ('"--count", default=1', '"--count", "-n", default=2'),
        [["bought 1"], ["Error: No such option '-n'."]], [["bought 2"], ["bought 9"]],
    ),
    "typer": Served(
        """
        import typer
        app = typer.Typer()
        @app.command("buy")
        def buy(count: int = 1):
            print("bought", count)
        @app.command()
        def leave():
            print("left")
        """,
        """
from typer.testing import CliRunner
import typer_app
def answer():
    runs = [CliRunner().invoke(typer_app.app, [word]) for word in ("buy", "order", "leave")]
    return [run.output.strip() if run.exit_code == 0 else run.exit_code for run in runs]
""",
        ('"buy"', '"order"', "count: int = 1", "count: int = 3"), ["bought 1", 2, "left"], [2, "bought 3", "left"],
    ),
    "celery": Served(
        """
        from celery import Celery
        app = Celery("shop", broker="memory://", backend="cache+memory://")
        @app.task
        def price(count):
            return count * 2
        """,
        """
import threading
from celery.contrib.testing.worker import start_worker
import celery_app
worker = start_worker(celery_app.app, perform_ping_check=False, shutdown_timeout=0)
worker.__enter__()
def answer():
    return celery_app.price.delay(5).get(timeout=20), celery_app.price.max_retries
""",
        ("@app.task\n", "@app.task(max_retries=7)\n", "(count)", "(count, tax=1)", "count * 2", "count * 2 + tax"),
        (10, 3), (11, 7),
    ),
    "discord": Served(
        """
        from discord.ext import commands
        class Fun(commands.Cog):  # here
            @commands.command()
            async def hi(self, ctx):
                return "hi"
        """,
        """
import asyncio, discord
from discord.ext import commands
import discord_app
loop, bot = asyncio.new_event_loop(), None
async def make():
    global bot
    bot = commands.Bot("!", intents=discord.Intents.none())
    await bot.add_cog(discord_app.Fun())
def main():
    loop.run_until_complete(make())
def answer():
    bot or main()
    return sorted(bot.all_commands), loop.run_until_complete(bot.get_command("hi").callback(None, None))
""",
        ("commands.command()", 'commands.command(aliases=["yo"])', 'return "hi"', 'return "ho"'),
        (["help", "hi"], "hi"), (["help", "hi", "yo"], "ho"),
    ),
    "pluggy": Served(
        """
        import pluggy
        spec, impl = pluggy.HookspecMarker("shop"), pluggy.HookimplMarker("shop")
        class Spec:
            @spec
            def price(self, count, tax): ...
        class Plugin:
            @impl
            def price(self, count):
                return count
        plugins = pluggy.PluginManager("shop")
        plugins.add_hookspecs(Spec)
        plugins.register(Plugin())
        """,
        """
import pluggy_app
def answer():
    return pluggy_app.plugins.hook.price(count=5, tax=1)
""",
        ("def price(self, count):", "def price(self, count, tax):", "return count", "return count + tax"), [5], [6],
    ),
    "pytest": Served(
        """
        import pytest
        @pytest.fixture
        def base():
            return 2
        @pytest.mark.parametrize("count", [1, 2])
        def test_price(count, base):
            assert count * base == base
        """,
        """
import contextlib, io, pytest, sys
class Outcomes:
    def __init__(self):
        self.found = {}
    def pytest_runtest_logreport(self, report):
        if report.when == "call":
            self.found[report.nodeid.rpartition("::")[2]] = report.outcome
def answer():
    outcomes = Outcomes()
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main(["-q", "-p", "no:cacheprovider", "--rootdir", ".", "pytest_app.py"], plugins=[outcomes])
    return outcomes.found
answer()
""",
        ("[1, 2]", "[3, 1]"), {"test_price[1]": "passed", "test_price[2]": "failed"},
        {"test_price[3]": "failed", "test_price[1]": "passed"},
    ),
    "numba": Served(
        """
        import numba
        TAX = 1
        @numba.njit
        def taxed(price):
            return price + TAX
        @numba.njit
        def total(price, count):
            return taxed(price) * count
        """,
        """
import numba_app
def answer():
    return numba_app.total(10, 2)
""",
        ("TAX = 1", "TAX = 5"), 22, 30,
    ),
    "attrs": Served(
        """
        import attrs
        @attrs.define(slots=False)
        class Item:
            name: str
            price: int = attrs.field(converter=int)
        """,
        """
import attrs, attrs_app
items = []
def answer():
    items.append(attrs_app.Item("tea", "3"))
    made = attrs_app.Item("nut", "4")
    return type(items[0]) is attrs_app.Item, attrs.asdict(made), getattr(items[0], "count", None)
""",
        ("converter=int)", "converter=float)\n    count: int = 1  # here"),
        (True, {"name": "nut", "price": 4}, None), (True, {"name": "nut", "price": 4.0, "count": 1}, None), ("RLD106",),
    ),
    "msgspec": Served(
        """
        import msgspec
        class Item(msgspec.Struct):  # here
            name: str
        decoder = msgspec.json.Decoder(Item)
        """,
        """
import msgspec, msgspec_app
items = []
def answer():
    items.append(msgspec_app.Item("tea"))
    return items[0].name, msgspec_app.decoder.decode(b'{"name": "nut", "count": 2}').name
""",
        ("name: str", "name: str\n    count: int = 1"), ("tea", "nut"), ("tea", "nut"), ("RLD206",),
    ),
    "structlog": Served(
        """
        import structlog
        structlog.configure(
            processors=[structlog.processors.KeyValueRenderer()],
            wrapper_class=structlog.make_filtering_bound_logger(20),
            logger_factory=structlog.ReturnLoggerFactory(),
            cache_logger_on_first_use=True,
        )
        log = structlog.get_logger()
        """,
        """
import structlog_app
def answer():
    return structlog_app.log.info("a"), structlog_app.log.debug("b")
""",
        ("KeyValue", "JSON", "(20)", "(10)"), ("event='a'", None), ('{"event": "a"}', '{"event": "b"}'),
    ),
    "logging": Served(
        """
        import logging.config
        LEVEL = "INFO"
        logging.config.dictConfig({
            "version": 1, "disable_existing_loggers": False, "loggers": {"shop": {"level": LEVEL}},
        })
        """,
        """
import logging, logging_app
def answer():
    return logging.getLogger("shop.till").isEnabledFor(logging.INFO), len(logging.getLogger("shop").handlers)
""",
        ('"INFO"', '"ERROR"'), (True, 0), (False, 0),
    ),
    "apscheduler": Served(
        """
        from apscheduler.schedulers.background import BackgroundScheduler
        scheduler = BackgroundScheduler()
        @scheduler.scheduled_job("interval", seconds=1000)
        def beat():
            pass
        def sweep():
            pass
        scheduler.add_job(sweep, "interval", seconds=2000)
        """,
        """
import apscheduler_app
scheduler = apscheduler_app.scheduler
scheduler.start()
def answer():
    return sorted((job.func.__name__, job.trigger.interval.seconds) for job in scheduler.get_jobs())
""",
        ("seconds=1000", "seconds=1500", "seconds=2000", "seconds=2500"),
        [("beat", 1000), ("sweep", 2000)], [("beat", 1500), ("sweep", 2500)],
    ),
    "beartype": Served(
        """
        from beartype import beartype
        @beartype
        def show(value: int) -> str:
            return str(value)
        """,
        """
from beartype.roar import BeartypeException
import beartype_app
def shown(value):
    try:
        return beartype_app.show(value)
    except BeartypeException:
        return None
def answer():
    return shown(1), shown(1.5)
""",
        ("value: int", "value: float"), ("1", None), (None, "1.5"),
    ),
    "typeguard": Served(
        """
        def show(value: int) -> str:
            return str(value)
        """,
        """
from typeguard import TypeCheckError, install_import_hook
install_import_hook("typeguard_app")
import typeguard_app
def shown(value):
    try:
        return typeguard_app.show(value)
    except TypeCheckError:
        return None
def answer():
    return shown(1), shown("a")
""",
        ("value: int", "value: str"), ("1", None), (None, "a"),
    ),
}  # fmt: skip
