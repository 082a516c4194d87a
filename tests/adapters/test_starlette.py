"""Starlette and aiohttp: routes of applications that serve."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow


def test_starlette_routes(program: Program) -> None:
    program.write(
        app="""
        from starlette.applications import Starlette
        from starlette.responses import PlainTextResponse
        from starlette.routing import Route, Mount
        async def home(request):
            return PlainTextResponse("h1")
        routes = [Route("/", home)]
        app = Starlette(routes=routes)
    """
    )
    program.run("""
        import warnings
        warnings.simplefilter("ignore")
        import app
        from starlette.testclient import TestClient
        client = TestClient(app.app)
        client.get("/")
    """)
    assert program.edit("app", '"h1"', '"h2"') == []
    assert program.ask("client.get('/').text") == "h2"
    codes = program.edit("app", 'Route("/", home)', 'Route("/", home), Route("/more", home)')
    assert codes or program.ask("client.get('/more').text") == "h2"
    codes = program.edit("app", "async def home(request):", "async def home(request, x=1):")
    assert codes or program.ask("client.get('/').text") == "h2"


def test_aiohttp_routes(program: Program) -> None:
    program.write(
        app="""
        from aiohttp import web
        routes = web.RouteTableDef()

        @routes.get("/")
        async def index(request):
            return web.Response(text="a1")
        app = web.Application()
        app.add_routes(routes)
    """
    )
    program.run("""
        import app, asyncio
        from aiohttp.test_utils import TestServer, TestClient
        loop = asyncio.new_event_loop()
        async def begin():
            client = TestClient(TestServer(app.app))
            await client.start_server()
            return client
        client = loop.run_until_complete(begin())
        async def _get(path):
            answer = await client.get(path)
            return await answer.text() if answer.status == 200 else answer.status
        def get(path):
            return loop.run_until_complete(_get(path))
        get("/")
    """)
    assert program.edit("app", "a1", "a2") == []
    assert program.ask("get('/')") == "a2"
    assert program.edit("app", 'routes.get("/")', 'routes.get("/b")') == []
    assert program.ask("get('/b'), get('/')") == ["a2", 404]
    more = '@routes.get("/new")\nasync def new(request):\n    return web.Response(text="n")\napp = web.Application()'
    assert program.edit("app", "app = web.Application()", more) == []
    assert program.ask("get('/new'), get('/b')") == ["n", "a2"]
    assert (
        program.edit("app", "app.add_routes(routes)", 'app.add_routes(routes)\napp.router.add_get("/twice", new)') == []
    )
    assert program.edit("app", '"/twice"', '"/thrice"') == []
    assert program.ask("get('/thrice'), get('/twice'), get('/new')") == ["n", 404, "n"]
    guard = "@web.middleware\nasync def loud(request, handler):\n    answer = await handler(request)\n"
    guard += "    return web.Response(text=answer.text.upper())\napp = web.Application(middlewares=[loud])"
    assert program.edit("app", "app = web.Application()", guard) == []
    assert program.ask("get('/thrice'), get('/b'), client.server.app is app.app") == ["N", "A2", True]
    assert program.edit("app", more.partition("app =")[0], "", 'app.router.add_get("/thrice", new)', "") == []
    assert program.ask("get('/new'), get('/thrice'), get('/b')") == [404, 404, "A2"]


def test_an_aiohttp_application_made_by_a_factory(program: Program) -> None:
    program.write(
        app="""
        from aiohttp import web
        NAME = web.AppKey("name", str)
        async def index(request):
            return web.Response(text=request.app[NAME])
        def make():
            made = web.Application()
            made[NAME] = "one"
            made.router.add_get("/", index)
            return made
        app = make()
    """
    )
    program.run("""
        import app, asyncio
        from aiohttp.test_utils import TestServer, TestClient
        loop = asyncio.new_event_loop()
        async def begin():
            client = TestClient(TestServer(app.app))
            await client.start_server()
            return client
        client = loop.run_until_complete(begin())
        async def _get(path):
            answer = await client.get(path)
            return await answer.text() if answer.status == 200 else answer.status
        def get(path):
            return loop.run_until_complete(_get(path))
        get("/")
    """)
    assert program.edit("app", '"one"', '"two"', '"/", index', '"/all", index') == []
    assert program.ask("get('/all'), get('/')") == ["two", 404]


def test_tornado_applications(program: Program) -> None:
    program.write(
        app="""
        import tornado.web
        class Main(tornado.web.RequestHandler):
            def get(self):
                self.write(self.settings["name"])
        def make():
            return tornado.web.Application([("/", Main)], name="one")
        app = make()
        app.add_handlers(".*", [("/more", Main)])
    """
    )
    program.run("""
        import app, asyncio, threading, tornado.httpserver, tornado.testing, urllib.request, urllib.error
        sock, port = tornado.testing.bind_unused_port()
        up = threading.Event()
        async def serve():
            server = tornado.httpserver.HTTPServer(app.app)
            server.add_sockets([sock])
            up.set()
            await asyncio.Event().wait()
        threading.Thread(target=asyncio.run, args=(serve(),), daemon=True).start()
        up.wait()
        def get(path):
            try:
                return urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").read().decode()
            except urllib.error.HTTPError as error:
                return error.code
        held = app.app
        get("/")
    """)
    assert program.edit("app", '"/more"', '"/others"') == []
    assert program.ask("get('/others'), get('/more')") == ["one", 404]
    assert program.edit("app", 'name="one"', 'name="two"', '("/", Main)', '("/new", Main)') == []
    assert program.ask("get('/new'), get('/'), get('/others'), app.app is held") == ["two", 404, "two", True]
    direct = 'app = tornado.web.Application([("/direct", Main)], name="three")'
    assert program.edit("app", "app = make()", direct) == []
    assert program.ask("get('/direct'), get('/new'), get('/others'), app.app is held") == ["three", 404, "three", True]


def test_what_was_mounted_and_added_moves(program: Program) -> None:
    program.write(
        app="""
        from starlette.applications import Starlette
        from starlette.middleware.cors import CORSMiddleware
        from starlette.responses import PlainTextResponse
        async def index(request):
            return PlainTextResponse("i")
        inner = Starlette()
        inner.add_route("/x", index)
        app = Starlette()
        app.mount("/s", inner)
        app.add_route("/", index)
        app.add_middleware(CORSMiddleware, allow_origins=["http://a"])
    """
    )
    program.run(
        "from starlette.testclient import TestClient; import app; client = TestClient(app.app); client.get('/')"
    )
    assert program.edit("app", '"/s"', '"/t"', '"/x"', '"/y"') == []
    assert program.ask("[client.get(p).status_code for p in ('/s/x', '/t/y', '/t/x')]") == [404, 200, 404]
    assert program.edit("app", "http://a", "http://b") == []
    allowed = "client.get('/', headers={'origin': 'http://%s'}).headers.get('access-control-allow-origin')"
    assert program.ask(f"{allowed % 'a'}, {allowed % 'b'}, len(app.app.user_middleware)") == [None, "http://b", 1]


def test_what_is_wrapped_around_an_application_by_a_factory(program: Program) -> None:
    program.write(
        a="""
        from fastapi import FastAPI
        from starlette.middleware.cors import CORSMiddleware
        def create_app(name):
            app = FastAPI()
            @app.get("/")
            def index():
                return "hi " + name
            return app
        app = CORSMiddleware(create_app("one"), allow_origins=["*"])
        """
    )
    program.run("import a; from starlette.testclient import TestClient; client = TestClient(a.app)")
    assert program.ask("client.get('/').json()") == "hi one"
    assert program.edit("a", '"one"', '"two"') == []
    assert program.ask("client.get('/').json()") == "hi two"
    assert program.edit("a", '@app.get("/")', '@app.get("/more")') == []
    assert program.ask("client.get('/').status_code, client.get('/more').json()") == [404, "hi two"]


AIOHTTP_CLIENT = """
    import app, asyncio
    from aiohttp.test_utils import TestServer, TestClient
    loop = asyncio.new_event_loop()
    async def begin():
        client = TestClient(TestServer(app.app))
        await client.start_server()
        return client
    client = loop.run_until_complete(begin())
    async def _get(path):
        answer = await client.get(path)
        return await answer.text() if answer.status == 200 else answer.status
    def get(*paths):
        return [loop.run_until_complete(_get(path)) for path in paths]
"""


def test_aiohttp_applications_inside_of_one_that_has_started(program: Program) -> None:
    text = """
        from aiohttp import web
        routes = web.RouteTableDef()
        async def root(request):
            return web.Response(text="root")
        @routes.get("/a/{n}")
        async def a(request):
            return web.Response(text="a" + request.match_info["n"])
        app = web.Application()
        app.router.add_get("/", root)
        sub = web.Application()
        sub.add_routes(routes)
        app.add_subapp("/api", sub)
    """
    program.write(app=text)
    program.run(AIOHTTP_CLIENT)
    assert program.ask("get('/', '/api/a/1')") == ["root", "a1"]
    assert (
        program.edit("app", "sub.add_routes(routes)\n", 'sub.add_routes(routes)\nsub.router.add_get("/b", root)\n')
        == []
    )
    assert program.ask("get('/api/b', '/b', '/api/a/1')") == ["root", 404, "a1"]
    assert program.edit("app", '"/a/{n}"', '"/c/{n}"') == []
    assert program.ask("get('/api/a/1', '/api/c/1')") == [404, "a1"]
    assert program.edit("app", '"/api"', '"/v2"') == []
    assert program.ask("get('/api/c/1', '/v2/c/1', '/v2/b')") == [404, "a1", "root"]
    assert program.edit("app", "sub = web.Application()", "sub = web.Application(client_max_size=9)") == []
    assert program.edit("app", "app = web.Application()", "app = web.Application(client_max_size=9)") == []
    assert program.ask("get('/', '/v2/c/1', '/v2/b')") == ["root", "a1", "root"]
    assert program.edit("app", 'app.add_subapp("/v2", sub)\n', "") == []
    assert program.ask("get('/', '/v2/c/1')") == ["root", 404]
    program.write(app=text)
    assert program.reload() == []
    assert program.ask("get('/', '/api/a/1', '/api/c/1', '/api/b')") == ["root", "a1", 404, 404]


def test_the_start_of_an_aiohttp_application_that_comes_later_is_said(program: Program) -> None:
    program.write(app="from aiohttp import web\nasync def up(app): pass\napp = web.Application()\n")
    program.run(AIOHTTP_CLIENT)
    more = 'sub = web.Application()\nsub.on_startup.append(up)\napp.add_subapp("/s", sub)\n'
    assert program.save(app=program.path("app").read_text() + more) == ["RLD704"]
