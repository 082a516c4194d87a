"""SQLAlchemy: a mapped class is never executed again."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow

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
    asked = "before_insert", "after_insert"
    assert program.edit("app", f'for(User, "{asked[0]}")', f'for(User, "{asked[1]}")') == []
    assert program.ask("sorted(add())") == ["heard", "told"]
    assert program.edit("app", f'for(User, "{asked[1]}")', f'for(User, "{asked[0]}")') == []
    assert program.ask("sorted(add())") == ["heard", "told"]
    assert program.edit("app", 'for(User, "before_insert")', 'for(User, "before_update")') == []
    assert program.ask("add()") == ["told"]
    assert program.edit("app", '(User, "before_insert", told)', '(User, "after_insert", told)') == []
    assert program.ask("add()") == ["told"]
    assert program.edit("app", "told)", "heard)") == []
    assert program.ask("add()") == ["heard"]
    assert program.edit("app", "User.n > 5", "User.n > 2") == []
    assert program.ask("len(session.scalars(app.BIG).all())") == 6
    assert program.edit(
        "app", "    pass\nclass User", '    note: Mapped[str] = mapped_column(default="")\nclass User'
    ) == ["RLD703"]


def test_sqlalchemy_relationships_and_expressions_that_come_later(program: Program) -> None:
    program.write(
        db="""
            from sqlalchemy import ForeignKey, create_engine, func
            from sqlalchemy.orm import DeclarativeBase, Mapped, Session, column_property, mapped_column, relationship
            class Base(DeclarativeBase):
                pass
            class Team(Base):
                __tablename__ = "team"
                id: Mapped[int] = mapped_column(primary_key=True)
            class User(Base):
                __tablename__ = "user"
                id: Mapped[int] = mapped_column(primary_key=True)
                name: Mapped[str]
                team_id: Mapped[int] = mapped_column(ForeignKey("team.id"))
            engine = create_engine("sqlite://")
        """
    )
    program.run("""
        import db
        db.Base.metadata.create_all(db.engine)
        session = db.Session(db.engine)
        session.add_all([db.Team(id=1), db.User(id=1, name="a", team_id=1)])
        session.commit()
    """)
    key = 'mapped_column(ForeignKey("team.id"))\n'
    many = "mapped_column(primary_key=True)\nclass User"
    assert program.edit(
        "db", key, key + '    team: Mapped["Team"] = relationship(back_populates="users")\n    loud = column_property(func.upper(name))\n',
        many, many.replace("\n", '\n    users: Mapped[list["User"]] = relationship(back_populates="team")\n'),
    ) == []  # fmt: skip
    user = "session.get(db.User, 1)"
    assert program.ask(f"(session.expire_all(), {user}.team is session.get(db.Team, 1), {user}.loud)[1:]") == [
        True,
        "A",
    ]
    assert program.ask(f"session.get(db.Team, 1).users == [{user}]") is True


def test_a_new_relationship_in_a_module_whose_annotations_are_texts(program: Program) -> None:
    program.write(
        db="""
            from __future__ import annotations
            from typing import List, Optional
            from sqlalchemy import ForeignKey, create_engine
            from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
            class Base(DeclarativeBase):
                pass
            class Team(Base):
                __tablename__ = "team"
                id: Mapped[int] = mapped_column(primary_key=True)
            class User(Base):
                __tablename__ = "user"
                id: Mapped[int] = mapped_column(primary_key=True)
                team_id: Mapped[Optional[int]] = mapped_column(ForeignKey("team.id"))
            engine = create_engine("sqlite://")
        """
    )
    program.run("""
        import db
        db.Base.metadata.create_all(db.engine)
        session = db.Session(db.engine)
        session.add_all([db.Team(id=1), db.User(id=1, team_id=1)])
        session.commit()
    """)
    many = "mapped_column(primary_key=True)\nclass User"
    assert program.edit("db", many, many.replace("\n", '\n    users: Mapped[List["User"]] = relationship()\n')) == []
    assert program.ask("[user.id for user in session.get(db.Team, 1).users]") == [1]


def test_a_column_that_was_added_and_taken_back_is_still_mapped_and_said(program: Program) -> None:
    program.write(
        m="""
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
        class Base(DeclarativeBase):
            pass
        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]
    """
    )
    program.run("import m")
    assert program.edit("m", "name: Mapped[str]", "name: Mapped[str]\n    age: Mapped[int | None]") == ["RLD703"]
    assert program.edit("m", "class User(Base):", "class User(Base):\n    'Somebody.'") == []
    assert program.ask("m.User.__doc__") == "Somebody."
    assert program.edit("m", "    age: Mapped[int | None]\n", "") == ["RLD703"]
    assert program.ask("sorted(m.User.__mapper__.attrs.keys())") == ["age", "id", "name"]
    assert program.edit("m", "    name: Mapped[str]\n", "    name: Mapped[str]\n    age: Mapped[int | None]\n") == []
