"""FastAPI, SQLAlchemy, pydantic: edits that people make all day; each is taken back."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow

API = """
    from fastapi import Depends, FastAPI, Request
    from fastapi.exceptions import RequestValidationError
    from fastapi.responses import JSONResponse
    app = FastAPI()
    log = []
    def db():
        log.append("open")
        yield "db"
        log.append("close")
    def user(q: str = "u"):
        return q
    class Checker:
        def __call__(self, who: str = Depends(user)):
            return "checked " + who
    check = Checker()
    @app.exception_handler(RequestValidationError)
    async def bad(request: Request, error: Exception):
        return JSONResponse("bad", status_code=422)
    @app.get("/db")
    def of_db(d: str = Depends(db)):
        return d
    @app.get("/check")
    def of_check(c: str = Depends(check)):
        return c
    @app.get("/n")
    def number(n: int):
        return n
"""
CLIENT = """
    import api
    from fastapi.testclient import TestClient
    client = TestClient(api.app, raise_server_exceptions=False)
    client.__enter__()
    def get(path):
        r = client.get(path)
        return [r.status_code, r.json()]
    get("/db"), get("/check"), get("/n?n=x")
"""


def test_a_dependency_that_is_no_generator_any_more(program: Program) -> None:
    program.write(api=API)
    program.run(CLIENT)
    text = program.path("api").read_text()
    plain = text.replace('    log.append("open")\n    yield "db"\n    log.append("close")', '    return "plain"')
    assert program.save(api=plain) == []
    assert program.ask("get('/db')") == [200, "plain"]
    assert program.save(api=text) == []
    assert program.ask("get('/db'), api.log[-2:]") == [[200, "db"], ["open", "close"]]


def test_an_object_that_is_a_dependency_has_other_parameters(program: Program) -> None:
    program.write(api=API)
    program.run(CLIENT)
    assert program.edit("api", "who: str = Depends(user)", 'who: str = "nobody"') == []
    assert program.ask("get('/check?who=me')") == [200, "checked me"]
    assert program.edit("api", 'who: str = "nobody"', "who: str = Depends(user)") == []
    assert program.ask("get('/check?who=me&q=you')") == [200, "checked you"]


def test_a_removed_exception_handler_leaves_that_of_fastapi(program: Program) -> None:
    program.write(api=API)
    program.run(CLIENT)
    text = program.path("api").read_text()
    handler = text[text.index("@app.exception") : text.index('@app.get("/db")')]
    assert program.ask("get('/n?n=x')") == [422, "bad"]
    assert program.save(api=text.replace(handler, "")) == []
    assert program.ask("get('/n?n=x')[1]['detail'][0]['type']") == "int_parsing"
    assert program.save(api=text) == []
    assert program.ask("get('/n?n=x')") == [422, "bad"]


def test_what_a_mixin_gave_to_a_mapping_is_said(program: Program) -> None:
    program.write(
        m="""
        from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
        class Base(DeclarativeBase):
            pass
        class Stamped:
            made: Mapped[str] = mapped_column(default="a")
            @declared_attr.directive
            def __tablename__(cls):
                return cls.__name__.lower()
            def hello(self):
                return "h1"
        class User(Stamped, Base):
            id: Mapped[int] = mapped_column(primary_key=True)
        """
    )
    program.run("import m")
    assert program.edit("m", '"h1"', '"h2"') == []
    assert program.ask("m.User().hello()") == "h2"
    assert program.edit("m", 'default="a"', 'default="b"') == ["RLD703"]
    assert program.edit("m", 'default="b"', 'default="a"') == []
    assert program.edit("m", "__name__.lower()", "__name__.upper()") == ["RLD703"]
    assert program.edit("m", "__name__.upper()", "__name__.lower()") == []


def test_a_model_with_a_validator_that_another_inherits_and_embeds(program: Program) -> None:
    program.write(
        m="""
        from pydantic import BaseModel, create_model, field_validator
        class Home(BaseModel):
            model_config = {"extra": "ignore"}
            size: int = 1
            @field_validator("size")
            @classmethod
            def positive(cls, value):
                return abs(value)
        Made = create_model("Made", a=(int, 1), __base__=Home)
        """,
        u="""
        from m import Home, Made
        class Town(Home):
            homes: list[Home] = []
        def tried(cls, **given):
            try:
                return cls(**given).model_dump()
            except Exception as error:
                return type(error).__name__
        """,
    )
    program.run("import u")
    asked = "u.tried(u.Town, size=-2, homes=[{'size': -3}]), u.tried(u.Made, b=1), type(u.Made.model_validate({})) is u.Made"
    first = [{"size": 2, "homes": [{"size": 3}]}, {"size": 1, "a": 1}, True]
    assert program.ask(asked) == first
    assert program.edit("m", '"ignore"', '"forbid"') == []
    assert program.ask(asked) == [first[0], "ValidationError", True]
    assert program.edit("m", '"forbid"', '"ignore"', "abs(value)", "value") == []
    assert program.ask(asked) == [{"size": -2, "homes": [{"size": -3}]}, {"size": 1, "a": 1}, True]
    assert program.edit("m", "a=(int, 1)", "a=(int, 2)") == []
    assert program.ask("u.tried(u.Made), type(u.Made.model_validate({})) is u.Made") == [{"size": 1, "a": 2}, True]
