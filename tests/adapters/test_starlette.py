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
    codes = program.edit("app", 'routes.get("/")', 'routes.get("/b")')
    assert codes or program.ask("get('/b'), get('/')") == ["a2", 404]
