"""Libraries that derive something from classes and functions and keep it: layouts, compiled code, hooks."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow


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


def test_msgspec_decoders_that_somebody_holds_know_the_structs_of_now(program: Program) -> None:
    program.write(
        m="""
        import msgspec
        class Cat(msgspec.Struct, tag=True):
            name: str
        class Dog(msgspec.Struct, tag=True):
            name: str
        """
    )
    program.run("""
        import m, msgspec
        one, many = msgspec.json.Decoder(m.Dog), msgspec.msgpack.Decoder(list[m.Dog | None], strict=False)
        def ages():
            dog = {"type": "Dog", "name": "a", "age": 4}
            found = one.decode(msgspec.json.encode(dog)), *many.decode(msgspec.msgpack.encode([dog]))
            return [getattr(d, "age", None) for d in found]
        ages()
    """)
    dog = "class Dog(msgspec.Struct, tag=True):\n    name: str"
    # said all the same: msgspec never gives back what a decoder was compiled from
    assert program.edit("m", dog, dog + "\n    age: int = 1") == ["RLD206"]
    assert program.ask("ages(), many.strict") == [[4, 4], False]
    assert program.edit("m", "\n    age: int = 1", "") == ["RLD206"]
    assert program.ask("ages()") == [None, None]


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


def test_msgspec_structs_have_the_members_of_their_enums(program: Program) -> None:
    program.write(
        kinds="import enum\nclass Kind(enum.Enum):\n    a = 'a'\n",
        m="""
            import msgspec
            from kinds import Kind
            class Item(msgspec.Struct):
                kind: Kind | None
            class Box(msgspec.Struct):
                items: list[Item]
            decoder = msgspec.json.Decoder(Box)
            def decoded(text):
                try:
                    return [d(text).items[0].kind.value for d in (decoder.decode, lambda t: msgspec.json.decode(t, type=Box))]
                except msgspec.ValidationError:
                    return None
        """,
    )
    program.run("import m")
    text = '{"items": [{"kind": "b"}]}'
    assert program.ask(f"m.decoded({text!r})") is None
    assert program.edit("kinds", "    a = 'a'", "    a = 'a'\n    b = 'b'") == []
    assert program.ask(f"m.decoded({text!r})") == ["b", "b"]


def test_pluggy_plugins_that_a_call_registers_otherwise(program: Program) -> None:
    program.write(
        app="""
        import pluggy
        spec, impl = pluggy.HookspecMarker("app"), pluggy.HookimplMarker("app")
        class Spec:
            @spec
            def collect(self):
                pass
        class Plugin:
            def __init__(self, n):
                self.n = n
            @impl
            def collect(self):
                return self.n
        manager = pluggy.PluginManager("app")
        manager.add_hookspecs(Spec)
        manager.register(Plugin(1), name="one")
        """
    )
    program.run("import app; held = app.manager")
    asked = "[n for n, _ in held.list_name_plugin()], held.hook.collect()"
    assert program.ask(asked) == [["one"], [1]]
    assert program.edit("app", '"one"', '"other"') == []
    assert program.ask(asked) == [["other"], [1]]
    assert program.edit("app", "Plugin(1)", "Plugin(2)") == []
    assert program.ask(asked) == [["other"], [2]]
    assert program.edit("app", "Plugin(2)", "Plugin(1 / 0)") == ["RLD901"]
    assert program.ask(asked) == [["other"], [2]]


def test_msgspec_structs_that_were_decoded_are_made_again_without_a_word(program: Program) -> None:
    """What msgspec keeps in a struct once it was decoded refers back to it: only the collector lets go of that."""
    program.write(
        m="""
        import msgspec
        class Base(msgspec.Struct, kw_only=True):
            id: int
        class Owner(Base):
            name: str = "x"
        def load(data):
            return msgspec.json.decode(data, type=Owner)
        """
    )
    program.run("import m; m.load(b'{\"id\": 1}'); m.msgspec.json.schema(m.Owner)")
    assert program.edit("m", "id: int\n", "id: int\n    size: int = 2\n") == []
    assert program.ask("m.load(b'{\"id\": 1}').size") == 2
