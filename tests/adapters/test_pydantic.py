"""pydantic: schemas have those of other models in them, and objects what their class gave them."""

from __future__ import annotations

from textwrap import dedent

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow


def test_pydantic_models_that_embed_others(program: Program) -> None:
    program.write(
        base="""
            from pydantic import BaseModel, Field, field_validator
            class Base(BaseModel):
                id: int = 0
            class Line(Base):
                name: str = Field(max_length=5)
        """,
        order="""
            from pydantic import BaseModel, TypeAdapter
            from base import Line
            class Order(BaseModel):
                lines: dict[str, list[Line | None]]
            class Basket(BaseModel):
                order: Order
            lines = TypeAdapter(list[Line])
        """,
    )
    program.run("import base, order; from order import Basket; held = order.lines")
    data = "{'order': {'lines': {'a': [{'name': 'abcdefg', 'qty': '3'}]}}}"
    codes = program.edit("base", "max_length=5)", "max_length=9)\n    qty: int = 1")
    assert codes == []
    assert program.ask(f"Basket(**{data}).order.lines['a'][0].qty") == 3
    assert program.ask("held.validate_python([{'name': 'abcdefg', 'qty': '3'}])[0].qty") == 3
    assert program.edit("base", "id: int = 0", "id: int = 4") == []
    assert program.ask(f"Basket(**{data}).order.lines['a'][0].id") == 4


def test_pydantic_validator_added_and_field_removed(program: Program) -> None:
    program.write(
        m="""
        from pydantic import BaseModel, field_validator, model_validator
        class User(BaseModel):
            name: str
            age: int = 3
    """
    )
    program.run("import m; from m import User; old = User(name='a')")
    codes = program.save(
        m="""
        from pydantic import BaseModel, field_validator, model_validator
        class User(BaseModel):
            name: str
            @field_validator("name")
            @classmethod
            def clean(cls, v):
                return v.upper()
    """
    )
    assert codes == []
    assert program.ask("User(name='b').model_dump(), list(User.model_fields), isinstance(old, User)") == [
        {"name": "B"},
        ["name"],
        True,
    ]


def test_pydantic_settings_made_at_import(program: Program) -> None:
    program.write(
        conf="""
            from pydantic import BaseModel
            class Settings(BaseModel):
                size: int = 1
            settings = Settings()
        """,
        use="""
            from conf import settings
            def size():
                return settings.size
        """,
    )
    program.run("import conf, use")
    codes = program.edit("conf", "size: int = 1", "size: int = 2")
    assert codes or program.ask("use.size()") == 2


def test_dataclass_settings_made_at_import(program: Program) -> None:
    program.write(
        conf="""
            from dataclasses import dataclass
            @dataclass
            class Settings:
                size: int = 1
            settings = Settings()
        """,
        use="""
            from conf import settings
            def size():
                return settings.size
        """,
    )
    program.run("import conf, use")
    codes = program.edit("conf", "size: int = 1", "size: int = 2")
    assert codes or program.ask("use.size()") == 2


def test_pydantic_objects_made_before_have_the_defaults_of_new_fields(program: Program) -> None:
    program.write(m="from pydantic import BaseModel, Field\nclass User(BaseModel):\n    name: str\n")
    program.run("import m; old = m.User(name='a')")
    assert (
        program.edit("m", "name: str", "name: str\n    age: int = 3\n    tags: list = Field(default_factory=list)")
        == []
    )
    assert program.ask("old.model_dump(), old.tags is not m.User(name='b').tags") == [
        {"name": "a", "age": 3, "tags": []},
        True,
    ]
    assert program.edit("m", "age: int = 3", "age: int = 3\n    mail: str") == ["RLD106"]


def test_what_an_alias_in_an_annotation_says_beside_the_type(program: Program) -> None:
    models = """
        from typing import Annotated
        import msgspec
        from fastapi import FastAPI, Query
        from pydantic import BaseModel, BeforeValidator
        Name = Annotated[str, BeforeValidator(str.strip)]
        class User(BaseModel):
            name: Name
        class Team(BaseModel):
            users: list[User]
        Count = Annotated[int, msgspec.Meta(gt=0)]
        class Box(msgspec.Struct):
            count: Count
        decoder = msgspec.json.Decoder(Box)
        Limit = Annotated[int, Query(le=10)]
        app = FastAPI()
        @app.get("/")
        def index(limit: Limit = 1):
            return limit
    """
    program.write(eager=models, lazy="from __future__ import annotations\n" + dedent(models))
    program.run("""
        import eager, lazy, msgspec
        from fastapi.testclient import TestClient
        clients = [TestClient(m.app) for m in (eager, lazy)]
        def status(value):
            return [c.get(f"/?limit={value}").status_code for c in clients]
        def name():
            return [m.Team.model_validate({"users": [{"name": " a "}]}).users[0].name for m in (eager, lazy)]
        def decoded(text):
            try:
                return [m.decoder.decode(text).count for m in (eager, lazy)]
            except msgspec.ValidationError:
                return None
        name(), status(9), decoded(b'{"count": 3}')
    """)
    edits = ("str.strip", "str.upper", "le=10", "le=50", "gt=0", "gt=5")
    program.edit("eager", *edits)
    assert program.edit("lazy", *edits) == []
    assert program.ask("name(), status(20), decoded(b'{\"count\": 3}')") == [[" A ", " A "], [200, 200], None]


def test_a_generic_models_new_field_is_in_what_was_made_of_it(program: Program) -> None:
    program.write(
        app="""
        from typing import Generic, TypeVar
        from pydantic import BaseModel
        T = TypeVar("T")
        class Page(BaseModel, Generic[T]):
            items: list[T]
        class Item(BaseModel):
            n: int = 1
        Items = Page[Item]
        """
    )
    program.run("import app; held = app.Items; held.model_validate({'items': []})")
    assert program.edit("app", "items: list[T]", "items: list[T]\n    total: int = 0") == []
    given = "held.model_validate({'items': [{}]}).model_dump()"
    assert program.ask(given) == {"items": [{"n": 1}], "total": 0}
    assert program.edit("app", "n: int = 1", "n: int = 2") == []
    assert program.ask(given) == {"items": [{"n": 2}], "total": 0}


def test_validators_know_the_model_that_lives(program: Program) -> None:
    """Those of an edited model and of its subclasses are bound to a class that was made on the way, else."""
    program.write(
        app="""
        from typing import Generic, TypeVar
        from pydantic import BaseModel, computed_field, field_validator
        T = TypeVar("T")
        class Owner(BaseModel):
            name: str
            @field_validator("name")
            @classmethod
            def known(cls, value):
                return f"{value} of {cls.__name__} {cls.seen()}"
            @classmethod
            def seen(cls):
                return getattr(cls, "_made", 0)
        class Child(Owner):
            age: int = 3
        class Page(BaseModel, Generic[T]):
            items: list[T]
            @computed_field
            @property
            def double(self) -> int:
                return len(self.items) * 2
        Children = Page[Child]
        """
    )
    program.run("import app; held = app.Children; app.Child(name='a')")
    assert program.edit("app", "name: str\n", "name: str = 'x'\n") == []
    program.run("app.Child._made = 7")
    assert program.ask("app.Child(name='a').name") == "a of Child 7"
    assert program.edit("app", "def double(self) -> int:", "def triple(self) -> int:", "* 2", "* 3") == []
    assert program.ask("held(items=[]).model_dump(), 'triple' in held.model_json_schema(mode='serialization')['properties']") == [
        {"items": [], "triple": 0}, True,
    ]  # fmt: skip
