"""Web frameworks: routes that come, go and change while clients hold the application."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow

FASTAPI = """
    from fastapi import FastAPI, APIRouter, Depends
    app = FastAPI()
    app.state.hits = 0

    @app.get("/a")
    def first():
        app.state.hits += 1
        return app.state.hits

    @app.get("/{name}")
    def other(name: str):
        return name
"""
CLIENT = """
    import warnings
    warnings.simplefilter("ignore")
    import app
    from fastapi.testclient import TestClient
    client = TestClient(app.app, raise_server_exceptions=False)
    client.get("/a"), client.get("/openapi.json")
    def paths():
        return sorted(client.get("/openapi.json").json()["paths"])
"""


def test_a_route_changes_its_path_and_keeps_its_place(program: Program) -> None:
    program.write(app=FASTAPI)
    program.run(CLIENT)
    assert program.edit("app", '"/a"', '"/b"') == []
    assert program.ask("client.get('/b').json(), client.get('/a').json(), paths()") == [2, "a", ["/b", "/{name}"]]


def test_a_route_is_removed(program: Program) -> None:
    program.write(app=FASTAPI)
    program.run(CLIENT)
    assert (
        program.edit(
            "app", '@app.get("/{name}")\n    def other(name: str):\n        return name'.replace("\n    ", "\n"), ""
        )
        == []
    )
    assert program.ask("client.get('/x').status_code, client.get('/a').json(), paths()") == [404, 2, ["/a"]]


def test_a_handlers_parameters_follow(program: Program) -> None:
    program.write(app=FASTAPI)
    program.run(CLIENT)
    assert program.edit("app", "def first():", "def first(step: int = 5):", "hits += 1", "hits += step") == []
    assert program.ask("client.get('/a').json(), client.get('/a?step=x').status_code") == [6, 422]
    assert program.ask("len(app.app.routes)") == 6


def test_a_route_is_moved_above_another(program: Program) -> None:
    program.write(
        app="""
        from fastapi import FastAPI
        app = FastAPI()

        @app.get("/{name}")
        def other(name: str):
            return name

        @app.get("/a")
        def first():
            return 1
    """
    )
    program.run(CLIENT)
    codes = program.save(
        app="""
        from fastapi import FastAPI
        app = FastAPI()

        @app.get("/a")
        def first():
            return 1

        @app.get("/{name}")
        def other(name: str):
            return name
    """
    )
    assert program.ask("client.get('/a').json()") == 1 or codes


def test_routers_of_other_modules(program: Program) -> None:
    program.write(
        items="""
            from fastapi import APIRouter
            router = APIRouter()

            @router.get("/list")
            def items():
                return [1]
        """,
        app="""
            from fastapi import FastAPI
            from items import router
            app = FastAPI()
            app.include_router(router, prefix="/items")

            @app.get("/a")
            def first():
                return 1
        """,
    )
    program.run(CLIENT)
    assert program.edit("items", "return [1]", "return [2]") == []
    assert program.ask("client.get('/items/list').json()") == [2]
    assert program.edit("items", '"/list"', '"/all"') == []
    assert program.ask("client.get('/items/all').json(), client.get('/items/list').status_code") == [[2], 404]
    added = """
            @router.get("/more")
            def more(n: int = 3):
                return n
    """
    program.write(
        items="""
            from fastapi import APIRouter
            router = APIRouter()

            @router.get("/all")
            def items():
                return [2]
    """
        + added
    )
    assert program.reload() == []
    assert program.ask("client.get('/items/more').json(), paths()") == [3, ["/a", "/items/all", "/items/more"]]
    codes = program.edit("app", '"/items"', '"/things"')
    assert codes or program.ask("client.get('/things/all').json(), client.get('/items/all').status_code") == [[2], 404]


def test_dependencies_and_models(program: Program) -> None:
    program.write(
        models="""
            from pydantic import BaseModel
            class Item(BaseModel):
                name: str
            class Out(BaseModel):
                items: list[Item]
        """,
        deps="""
            from fastapi import Header
            def page(size: int = 10):
                return size
            def user(size=None):
                return "u"
        """,
        app="""
            from fastapi import FastAPI, Depends
            from models import Item, Out
            from deps import page
            app = FastAPI()

            @app.post("/a", response_model=Out)
            def make(item: Item, size: int = Depends(page)):
                return {"items": [item] * size}

            @app.get("/a")
            def first():
                return 1
        """,
    )
    program.run(CLIENT)
    assert program.ask("len(client.post('/a', json={'name': 'x'}).json()['items'])") == 10
    assert (
        program.edit("deps", "size: int = 10", "size: int = 2, page: int = 1", "return size", "return size * page")
        == []
    )
    assert program.ask("len(client.post('/a?page=2', json={'name': 'x'}).json()['items'])") == 4
    assert program.edit("models", "name: str", "name: str\n    price: int = 7") == []
    assert program.ask("client.post('/a?size=1', json={'name': 'x'}).json()") == {"items": [{"name": "x", "price": 7}]}
    assert program.ask("sorted(client.get('/openapi.json').json()['components']['schemas']['Item']['properties'])") == [
        "name",
        "price",
    ]


def test_the_application_is_made_with_other_arguments(program: Program) -> None:
    program.write(app=FASTAPI)
    program.run(CLIENT)
    codes = program.edit("app", "FastAPI()", 'FastAPI(title="Shop")')
    told = program.ask("client.get('/openapi.json').json()['info']['title'], client.get('/a').status_code, paths()")
    assert codes or told == ["Shop", 200, ["/a", "/{name}"]]


def test_middleware_added_to_a_running_application(program: Program) -> None:
    program.write(app=FASTAPI)
    program.run(CLIENT)
    text = (
        program.path("app").read_text()
        + """
@app.middleware("http")
async def tag(request, call_next):
    response = await call_next(request)
    response.headers["x-tag"] = "1"
    return response
"""
    )
    codes = program.save(app=text)
    assert codes or program.ask("client.get('/a').headers.get('x-tag')") == "1"
    assert program.ask("client.get('/a').status_code") == 200


def test_an_exception_handler_added(program: Program) -> None:
    program.write(app=FASTAPI.replace("return name", "raise KeyError(name)"))
    program.run(CLIENT)
    text = (
        program.path("app").read_text()
        + """
from fastapi.responses import JSONResponse
@app.exception_handler(KeyError)
async def missing(request, error):
    return JSONResponse({"missing": 1}, 404)
"""
    )
    codes = program.save(app=text)
    assert codes or program.ask("client.get('/zz').status_code") == 404


FLASK = """
    from flask import Flask, Blueprint
    app = Flask(__name__)
    hits = []

    @app.route("/")
    def index():
        hits.append(1)
        return "v1 %d" % len(hits)
"""
FLASK_CLIENT = """
    import app
    client = app.app.test_client()
    client.get("/")
"""


def test_flask_route_added_after_the_first_request(program: Program) -> None:
    program.write(app=FLASK)
    program.run(FLASK_CLIENT)
    text = program.path("app").read_text()
    assert program.save(app=text + '\n@app.route("/new")\ndef new():\n    return "n"\n') == []
    assert program.ask("client.get('/new').text, client.get('/').text") == ["n", "v1 2"]
    assert program.save(app=text) == []
    assert program.ask("client.get('/new').status_code, sorted(r.rule for r in app.app.url_map.iter_rules())") == [
        404,
        ["/", "/static/<path:filename>"],
    ]


def test_flask_methods_and_converters(program: Program) -> None:
    program.write(app=FLASK)
    program.run(FLASK_CLIENT)
    assert (
        program.edit(
            "app",
            '@app.route("/")',
            '@app.route("/<int:n>", methods=["POST"])',
            "def index():",
            "def index(n):",
            '"v1 %d" % len(hits)',
            'f"v2 {n}"',
        )
        == []
    )
    assert program.ask("client.post('/4').text, client.get('/').status_code") == ["v2 4", 404]


def test_flask_blueprint_views(program: Program) -> None:
    program.write(
        shop="""
            from flask import Blueprint
            bp = Blueprint("shop", __name__)

            @bp.route("/list")
            def items():
                return "l1"
        """,
        app="""
            from flask import Flask
            from shop import bp
            app = Flask(__name__)
            app.register_blueprint(bp, url_prefix="/shop")

            @app.route("/")
            def index():
                return "i"
        """,
    )
    program.run(FLASK_CLIENT)
    assert program.edit("shop", "l1", "l2") == []
    assert program.ask("client.get('/shop/list').text") == "l2"
    text = program.path("shop").read_text()
    codes = program.save(shop=text + '\n@bp.route("/new")\ndef new():\n    return "n"\n')
    assert codes or program.ask("client.get('/shop/new').text") == "n"
    codes = program.edit("shop", '"/list"', '"/all"')
    assert codes or program.ask("client.get('/shop/all').text, client.get('/shop/list').status_code") == ["l2", 404]


def test_flask_hooks_and_error_handlers(program: Program) -> None:
    program.write(app=FLASK)
    program.run(FLASK_CLIENT)
    text = program.path("app").read_text()
    codes = program.save(app=text + "\n@app.before_request\ndef audit():\n    hits.append(2)\n")
    assert codes or program.ask("client.get('/').text") == "v1 3"
    codes = program.save(app=text + '\n@app.errorhandler(404)\ndef lost(error):\n    return "lost", 404\n')
    assert codes or program.ask("client.get('/zz').text, client.get('/').text") == ["lost", "v1 4"]
    codes = program.save(app=text)
    assert codes or program.ask("client.get('/zz').text != 'lost'")


def test_flask_config_value(program: Program) -> None:
    program.write(
        app="""
        from flask import Flask
        app = Flask(__name__)
        app.config["SIZE"] = 10

        @app.route("/")
        def index():
            return str(app.config["SIZE"])
    """
    )
    program.run(FLASK_CLIENT)
    codes = program.edit("app", "= 10", "= 20")
    assert codes or program.ask("client.get('/').text") == "20"


def test_flask_application_factory(program: Program) -> None:
    program.write(
        app="""
        from flask import Flask
        def create_app():
            app = Flask(__name__)

            @app.route("/")
            def index():
                return "i1"
            return app
        app = create_app()
    """
    )
    program.run(FLASK_CLIENT)
    assert program.edit("app", "i1", "i2") == []
    assert program.ask("client.get('/').text") == "i2"
    codes = program.edit(
        "app",
        '        return "i2"\n',
        '        return "i2"\n\n    @app.route("/new")\n    def new():\n        return "n"\n',
    )
    assert codes or program.ask("client.get('/new').text") == "n"


def test_flask_jinja_template(program: Program) -> None:
    program.write(
        app="""
            from flask import Flask, render_template
            app = Flask(__name__)

            @app.route("/")
            def index():
                return render_template("i.html", n=1)

            @app.template_filter("twice")
            def twice(v):
                return v * 2
        """,
        i_html="one {{ n|twice }}",
    )
    program.run(FLASK_CLIENT)
    assert program.ask("client.get('/').text") == "one 2"
    program.path("i_html").write_text("two {{ n|twice }}")
    codes = program.reload()
    assert codes or program.ask("client.get('/').text") == "two 2"
    codes = program.edit("app", "return v * 2", "return v * 3")
    assert codes or program.ask("client.get('/').text") == "two 3"


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
