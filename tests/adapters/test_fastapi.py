"""FastAPI: routes that come, go and change while clients hold the application."""

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


def test_a_dependencys_body_and_the_decorator_of_a_route(program: Program) -> None:
    """The router was made with the dependency: its routes are none that changed."""
    program.write(
        deps="""
            from fastapi import Depends
            def needs():
                return 1
            Needs = Depends(needs)
        """,
        app="""
            from fastapi import FastAPI, APIRouter, HTTPException
            from deps import Needs
            router = APIRouter(prefix="/v", dependencies=[Needs])

            @router.get("/a")
            def first():
                return 1

            @router.get("/b")
            def second():
                return 2
            app = FastAPI()
            app.include_router(router)
        """,
    )
    program.run(CLIENT)
    assert program.edit("deps", "return 1", "from fastapi import HTTPException\n    raise HTTPException(418)") == []
    assert program.ask("client.get('/v/a').status_code") == 418
    assert program.edit("deps", "from fastapi import HTTPException\n    raise HTTPException(418)", "return 1") == []
    assert program.edit("app", '@router.get("/b")\n', "") == []
    assert program.ask("client.get('/v/a').json(), client.get('/v/b').status_code, paths()") == [1, 404, ["/v/a"]]
    assert program.edit("app", 'prefix="/v"', 'prefix="/w"') == []
    assert program.ask("client.get('/v/a').status_code, client.get('/w/a').json(), paths()") == [404, 1, ["/w/a"]]


def test_what_others_gave_to_an_application_that_is_made_again(program: Program) -> None:
    program.write(app=FASTAPI)
    program.run(CLIENT)
    program.run("""
        from starlette.routing import Route
        from starlette.responses import PlainTextResponse
        async def own(request):
            return PlainTextResponse("own")
        app.app.router.routes.insert(0, Route("/own", own))
    """)
    assert program.edit("app", "FastAPI()", 'FastAPI(title="Shop")') == []
    assert program.ask("client.get('/own').text, client.get('/a').status_code") == ["own", 200]


def test_what_an_edited_factory_makes_is_handed_to_the_application_that_is_served(program: Program) -> None:
    text = """
        from fastapi import FastAPI
        def create_app():
            app = FastAPI()

            @app.get("/a")
            def first():
                return 1

            @app.get("/b")
            def second():
                return 2
            return app
        app = create_app()
    """
    program.write(app=text)
    program.run(CLIENT)
    program.run("served = app.app; served.state.hits = 3")
    added = '        @app.get("/c")\n    def third(n: int = 3):\n        return n\n    return app'.replace(
        "        @", "    @"
    )
    assert program.edit("app", "    return app", added) == []
    assert program.ask("client.get('/c').json(), client.get('/a').json(), app.app is served, served.state.hits") == [
        3,
        1,
        True,
        3,
    ]
    assert program.edit("app", '    @app.get("/b")\n    def second():\n        return 2\n', "") == []
    assert program.ask("client.get('/b').status_code, client.get('/c').json(), paths()") == [404, 3, ["/a", "/c"]]


def test_an_application_with_another_title_and_a_route_less(program: Program) -> None:
    program.write(app=FASTAPI)
    program.run(CLIENT)
    gone = '@app.get("/{name}")\ndef other(name: str):\n    return name'
    assert program.edit("app", "FastAPI()", 'FastAPI(title="Shop")', gone, "") == []
    assert program.ask("client.get('/x').status_code, client.get('/a').status_code, paths()") == [404, 200, ["/a"]]


FACTORY = """
    from fastapi import FastAPI
    def create_app():
        app = FastAPI(title="a")
        @app.get("/")
        def root():
            return dict(app.state._state)
        return app
    app = create_app()
    app.state.x = 1
"""


def test_the_state_of_an_application_is_what_its_statements_set_and_the_program_added(program: Program) -> None:
    program.write(app=FACTORY)
    program.run("import app; from fastapi.testclient import TestClient; held = app.app; client = TestClient(held)")
    program.run("held.state.pool = 'opened'")
    assert program.edit("app", '"a"', '"b"', "app.state.x = 1\n", "app.state.x = 1\napp.state.y = 2\n") == []
    assert program.ask("client.get('/').json(), held.title") == [{"x": 1, "y": 2, "pool": "opened"}, "b"]
    assert program.edit("app", "app.state.y = 2\n", "") == []
    assert program.ask("client.get('/').json()") == {"x": 1, "pool": "opened"}
    assert program.edit("app", '"b")', '"b")\n    app.state.z = 3') == []
    assert program.ask("client.get('/').json()['z'], held.state.z") == [3, 3]
    program.write(app=FACTORY)
    assert program.reload() == []
    assert program.ask("client.get('/').json(), held.title") == [{"x": 1, "pool": "opened"}, "a"]


def test_a_router_that_is_included_several_times(program: Program) -> None:
    text = """
        from fastapi import FastAPI, APIRouter
        r = APIRouter(prefix="/r")
        @r.get("/x")
        def x():
            return "x"
        mid = APIRouter(prefix="/m")
        mid.include_router(r)
        mid.include_router(r, prefix="/n")
        app = FastAPI()
        app.include_router(r)
        app.include_router(r, prefix="/b")
        app.include_router(mid)
    """
    program.write(app=text)
    program.run(CLIENT)
    assert program.ask("paths()") == ["/b/r/x", "/m/n/r/x", "/m/r/x", "/r/x"]
    assert program.edit("app", 'app.include_router(r, prefix="/b")', 'app.include_router(r, prefix="/c")') == []
    assert program.ask("paths()") == ["/c/r/x", "/m/n/r/x", "/m/r/x", "/r/x"]
    assert program.edit("app", "app.include_router(r)", 'app.include_router(r, prefix="/d")') == []
    assert program.edit("app", 'prefix="/m"', 'prefix="/k"', 'prefix="/r"', 'prefix="/s"') == []
    assert program.ask("paths()") == ["/c/s/x", "/d/s/x", "/k/n/s/x", "/k/s/x"]
    program.write(app=text)
    assert program.reload() == []
    assert program.ask("paths()") == ["/b/r/x", "/m/n/r/x", "/m/r/x", "/r/x"]
