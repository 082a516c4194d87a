"""Libraries that derive something from classes and keep it: schemas, mappers, layouts, compiled code."""

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


SQL = """
    from sqlalchemy import create_engine, String, ForeignKey, event
    from sqlalchemy.orm import DeclarativeBase, Session, Mapped, mapped_column, relationship, validates
    from sqlalchemy.pool import StaticPool
    class Base(DeclarativeBase):
        pass
    class User(Base):
        __tablename__ = "users"
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(20))

        def label(self):
            return "u1 " + self.name
    engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})
"""
SQL_RUN = """
    import db
    from db import User
    from sqlalchemy.orm import Session
    from sqlalchemy import text, select
    db.Base.metadata.create_all(db.engine)
    s = Session(db.engine)
    u = User(name="a")
    s.add(u)
    s.commit()
"""


def test_sqlalchemy_column_added(program: Program) -> None:
    program.write(db=SQL)
    program.run(SQL_RUN)
    codes = program.edit(
        "db",
        "mapped_column(String(20))",
        "mapped_column(String(20))\n        age: Mapped[int | None]".replace("        age", "    age"),
    )
    assert program.ask("u.label(), User is db.User is type(u)") == ["u1 a", True]
    assert codes, "the table in the database lacks the column"
    program.run(
        "s.execute(text('alter table users add column age integer')); s.commit(); s.add(User(name='b', age=3)); s.commit()"
    )
    assert program.ask("s.scalar(select(User.age).where(User.name == 'b'))") == 3


def test_sqlalchemy_method_property_and_constant(program: Program) -> None:
    program.write(db=SQL)
    program.run(SQL_RUN)
    codes = program.edit(
        "db",
        'return "u1 " + self.name',
        'return "u2 " + self.name + self.kind\n\n    kind = "k"\n\n    @property\n    def loud(self):\n        return self.name.upper()\n\n    @validates("name")\n    def clean(self, key, value):\n        return value.strip()',
    )
    assert program.ask("u.label(), u.loud") == ["u2 ak", "A"]
    assert codes or program.ask("User(name=' x ').name") == "x"


def test_sqlalchemy_new_model_and_relationship(program: Program) -> None:
    program.write(db=SQL)
    program.run(SQL_RUN)
    text = program.path("db").read_text()
    codes = program.save(
        db=text.replace(
            "engine =",
            """class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship()
engine =""",
        )
    )
    assert codes in ([], ["RLD703"])
    program.run("db.Base.metadata.create_all(db.engine); s.add(db.Note(text='n', user=u)); s.commit()")
    assert program.ask("s.query(db.Note).one().user is u") is True


def test_sqlalchemy_column_type_changed_is_said(program: Program) -> None:
    program.write(db=SQL)
    program.run(SQL_RUN)
    assert program.edit("db", "String(20)", "String(30)")
    assert program.ask("u.label(), s.query(User).count()") == ["u1 a", 1]


def test_attrs_dict_classes(program: Program) -> None:
    program.write(
        m="""
        import attrs
        @attrs.define(slots=False)
        class P:
            x: int
            y: int = attrs.field(default=2, converter=int)
    """
    )
    program.run("import m; from m import P; old = P(1)")
    codes = program.edit(
        "m",
        "default=2, converter=int)",
        "default=5, converter=int)\n    z: list = attrs.Factory(list)".replace("    z", "    z"),
    )
    assert program.ask("P(1).y, P(1).z, isinstance(old, m.P), [f.name for f in __import__('attrs').fields(P)]") == [
        5,
        [],
        True,
        ["x", "y", "z"],
    ]
    assert codes in ([], ["RLD106"])


def test_attrs_slots_without_objects(program: Program) -> None:
    program.write(
        m="""
            import attrs
            @attrs.define
            class P:
                x: int
        """,
        use="""
            from m import P
            kinds = {"p": P}
            def make(*a):
                return P(*a)
        """,
    )
    program.run("import m, use")
    assert program.edit("m", "x: int", "x: int\n    y: int = 5") == []
    assert program.ask("use.make(1).y, use.kinds['p'](1).y") == [5, 5]


def test_msgspec_struct_with_a_decoder(program: Program) -> None:
    program.write(
        m="""
        import msgspec
        class User(msgspec.Struct):
            name: str
            def label(self):
                return "m1"
        decoder = msgspec.json.Decoder(User)
        def load(data):
            return decoder.decode(data)
    """
    )
    program.run('import m; held = m.decoder; u = m.load(b\'{"name": "a"}\')')
    assert program.edit("m", '"m1"', '"m2"') == []
    assert program.ask("u.label()") == "m2"
    codes = program.edit("m", "name: str", "name: str\n    age: int = 3")
    assert codes or program.ask('m.load(b\'{"name": "a"}\').age, held is m.decoder') == [3, True]


def test_msgspec_keeps_defaults_where_no_attribute_leads_to(program: Program) -> None:
    text = """
        import msgspec
        class User(msgspec.Struct{}):
            age: int = 3
        decoder = msgspec.json.Decoder(User)
    """
    program.write(m=text.format(""), n=text.format(""))
    program.run("import m, n, msgspec; held = n.User()")
    assert program.edit("m", "= 3", "= 4") == []
    assert program.ask("m.User().age, m.decoder.decode(b'{}').age") == [4, 4]
    assert program.edit("m", "Struct)", "Struct, rename='upper')") == []
    assert program.ask("m.decoder.decode(b'{\"AGE\": 5}').age") == 5
    assert program.edit("n", "= 3", "= 4") == [
        "RLD206"
    ]  # no look at the heap finds the object, only who holds its class
    assert program.ask("n.User().age, type(held) is n.User") == [4, False]


def test_numba_callers_and_constants(program: Program) -> None:
    program.write(
        k="""
            from numba import njit
            RATE = 2
            @njit
            def inner(x):
                return x * RATE
        """,
        use="""
            from numba import njit
            from k import inner
            @njit
            def outer(x):
                return inner(x) + 1
        """,
    )
    program.run("import k, use; from use import outer; outer(3), k.inner(3)")
    codes = program.edit("k", "x * RATE", "x * RATE + 100")
    assert codes or program.ask("outer(3), k.inner(3)") == [107, 106]
    codes = program.edit("k", "RATE = 2", "RATE = 3")
    assert codes or program.ask("outer(3), k.inner(3)") == [110, 109]
    codes = program.edit("k", "def inner(x):", "def inner(x, y=1):", "+ 100", "+ y")
    assert codes or program.ask("outer(3)") == 11


def test_numba_ufuncs_and_jitted_classes_are_made_again(program: Program) -> None:
    program.write(
        m="""
            from numba import int64, vectorize
            from numba.experimental import jitclass
            K = 2
            @vectorize(["float64(float64)"])
            def scaled(x):
                return x * K
            @jitclass([("n", int64)])
            class Box:
                def __init__(self, n):
                    self.n = n
                def get(self):
                    return self.n + 1
        """
    )
    program.run("import m; m.scaled(1.0), m.Box(1).get()")
    assert program.edit("m", "self.n + 1", "self.n + 5") == []
    assert program.ask("m.Box(1).get()") == 6
    assert program.edit("m", "x * K", "x * K + 1") == []
    assert program.ask("m.scaled(1.0)") == 3.0
    assert program.edit("m", "K = 2", "K = 4") == []
    assert program.ask("m.scaled(1.0)") == 5.0
    program.run("m.mine = [m.scaled]")
    assert program.edit("m", "K = 4", "K = 3") == ["RLD204"]  # the program holds the one before, too


def test_a_hook_that_is_new_in_a_specification(program: Program) -> None:
    program.write(
        m="""
            import pluggy
            spec, impl = pluggy.HookspecMarker("a"), pluggy.HookimplMarker("a")
            class Spec:
                @spec
                def go(self, x): ...
            class Plugin:
                @impl
                def go(self, x):
                    return x
            manager = pluggy.PluginManager("a")
            manager.add_hookspecs(Spec)
            manager.register(Plugin())
        """
    )
    program.run("import m; m.manager.hook.go(x=1)")
    end = "    @impl\n    def end(self):\n        return 2\nmanager = "
    assert (
        program.edit(
            "m", "def go(self, x): ...", "def go(self, x): ...\n    @spec\n    def end(self): ...", "manager = ", end
        )
        == []
    )
    assert program.ask("m.manager.hook.end(), m.manager.hook.go(x=1)") == [[2], [1]]


def test_pluggy(program: Program) -> None:
    program.write(
        hooks="""
            import pluggy
            spec, impl = pluggy.HookspecMarker("app"), pluggy.HookimplMarker("app")
            class Spec:
                @spec
                def greet(self, name, loud): ...
            pm = pluggy.PluginManager("app")
            pm.add_hookspecs(Spec)
        """,
        plug="""
            import hooks
            @hooks.impl
            def greet(name):
                return "g1 " + name
        """,
        kind="""
            import hooks
            class Plugin:
                @hooks.impl
                def greet(self, name):
                    return "k1"
            plugin = Plugin()
        """,
    )
    program.run("import hooks, plug, kind; pm = hooks.pm; pm.register(plug); pm.register(kind.plugin)")
    assert (
        program.edit("plug", "def greet(name):", "def greet(name, loud):", '"g1 " + name', '"g2 " + name + loud') == []
    )
    assert program.ask("pm.hook.greet(name='x', loud='!')") == ["k1", "g2 x!"]
    codes = program.edit("kind", "def greet(self, name):", "def greet(self, loud):", '"k1"', "loud")
    assert codes or program.ask("pm.hook.greet(name='x', loud='!')") == ["!", "g2 x!"]
    codes = program.edit("plug", "@hooks.impl", "@hooks.impl(tryfirst=True)")
    assert codes or program.ask("pm.hook.greet(name='x', loud='!')") == ["g2 x!", "!"]
    codes = program.save(plug="import hooks\n")
    assert codes or program.ask("pm.hook.greet(name='x', loud='!')") == ["!"]
    assert program.edit("hooks", "@spec\n", "@spec(firstresult=True)\n") == []
    assert program.ask("pm.hook.greet(name='x', loud='!')") == "!"


def test_beartype_and_typeguard_hooks(program: Program) -> None:
    program.write(
        pkg____init__="from beartype.claw import beartype_this_package\nbeartype_this_package()\n",
        pkg__calc="def show(a: int) -> str:\n    return str(a)\n",
        guarded="def add(a: int) -> int:\n    return a + 1\n",
    )
    program.run("""
        from typeguard import install_import_hook
        install_import_hook("guarded")
        import pkg.calc, guarded
        def attempt(f, *a):
            try:
                return f(*a)
            except Exception as error:
                return type(error).__name__
    """)
    assert program.edit("pkg__calc", "return str(a)", "b: int = a\n    return 'v' + str(b)") == []
    assert program.ask("attempt(pkg.calc.show, 1), attempt(pkg.calc.show, 'x')") == [
        "v1",
        "BeartypeCallHintParamViolation",
    ]
    assert (
        program.edit(
            "pkg__calc", "def show(a: int)", "def more(c: str): return c\ndef show(a: str)", "b: int", "b: str"
        )
        == []
    )
    assert program.ask("attempt(pkg.calc.show, 'x'), attempt(pkg.calc.more, 1)") == [
        "vx",
        "BeartypeCallHintParamViolation",
    ]
    assert program.edit("guarded", "+ 1", "+ 2") == []
    assert program.ask("attempt(guarded.add, 1), attempt(guarded.add, 'x')") == [3, "TypeCheckError"]


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


def test_sqlalchemy_queries_that_were_compiled_before_have_a_new_column(program: Program) -> None:
    program.write(db=SQL)
    program.run(SQL_RUN)
    program.ask("[u.name for u in s.scalars(select(User))]")
    assert program.edit(
        "db", "mapped_column(String(20))", "mapped_column(String(20))\n    age: Mapped[int | None]"
    ) == ["RLD703"]
    program.run(
        "from sqlalchemy.exc import OperationalError\ntry:\n    s.scalars(select(User)).all(); failed = False\nexcept OperationalError:\n    failed = True"
    )
    assert program.ask("failed") is True, "as in a fresh process: the table has no such column"


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


def test_sqlalchemy_listeners_mixins_and_queries_at_the_top_level(program: Program) -> None:
    program.write(
        app="""
        from sqlalchemy import create_engine, event, select
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
        log = []
        class Base(DeclarativeBase):
            pass
        class Stamp:
            pass
        class User(Stamp, Base):
            __tablename__ = "user"
            id: Mapped[int] = mapped_column(primary_key=True)
            n: Mapped[int] = mapped_column(default=3)
        @event.listens_for(User, "before_insert")
        def heard(mapper, connection, target):
            log.append("heard")
        def told(mapper, connection, target):
            log.append("told")
        event.listen(User, "before_insert", told)
        BIG = select(User).where(User.n > 5)
        engine = create_engine("sqlite://")
        """
    )
    program.run("""
        import app
        from sqlalchemy.orm import Session
        app.Base.metadata.create_all(app.engine)
        session = Session(app.engine)
        def add():
            app.log.clear()
            session.add(app.User())
            session.commit()
            return list(app.log)
        add(), session.scalars(app.BIG).all()
    """)
    assert program.edit("app", 'for(User, "before_insert")', 'for(User, "before_update")') == []
    assert program.ask("add()") == ["told"]
    assert program.edit("app", '(User, "before_insert", told)', '(User, "after_insert", told)') == []
    assert program.ask("add()") == ["told"]
    assert program.edit("app", "told)", "heard)") == []
    assert program.ask("add()") == ["heard"]
    assert program.edit("app", "User.n > 5", "User.n > 2") == []
    assert program.ask("len(session.scalars(app.BIG).all())") == 4
    assert program.edit(
        "app", "    pass\nclass User", '    note: Mapped[str] = mapped_column(default="")\nclass User'
    ) == ["RLD703"]
