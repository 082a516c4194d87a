"""What running a statement again would do, read off its text and that of the functions it calls."""

from __future__ import annotations

import ast
import atexit
import builtins
import importlib
from textwrap import dedent

import pytest

from reload_lsp.plan.effects import Effects
from reload_lsp.plan.impact import Called, Effect, Impact, strongest
from reload_lsp.plan.known import GLOBALS, RESOURCES, is_pure
from reload_lsp.source.names import Chain


class Scope:
    """A module: what its names are defined as."""

    def __init__(self, program: str) -> None:
        nodes = ast.parse(dedent(program)).body
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        self.definitions = {n.name: n for n in nodes if isinstance(n, kinds)}


def resolve(scope: Scope, chain: Chain) -> Called | None:
    """What a dotted name stands for in a module, as the live resolver says it."""
    node = scope.definitions.get(chain[0])
    return library(chain) if node is None else Called(node=node, scope=scope)


def library(chain: Chain) -> Called | None:
    """What a dotted name of the standard library or a builtin stands for."""
    if hasattr(builtins, chain[0]):
        return Called(f"builtins.{chain[0]}")
    try:
        target: object = importlib.import_module(chain[0])
    except ImportError:
        return None
    for part in chain[1:]:
        target = getattr(target, part, None)
    if target is None:
        return None
    return Called(f"{getattr(target, '__module__', '')}.{getattr(target, '__qualname__', '')}")


def impact(statement: str, program: str = "") -> Impact:
    """The impact of a statement in a module that defines what `program` does."""
    [node] = ast.parse(dedent(statement)).body
    return Effects(resolve).of(node, Scope(program))


def effect(statement: str, program: str = "") -> Effect:
    return impact(statement, program).effect


@pytest.mark.parametrize(
    "statement",
    [
        "x = 1 + 2",
        "x = [len(y) for y in 'abc']",
        "x = re.compile('a+')",
        "x = os.path.join('a', 'b')",
        "x = ', '.join(sorted({'a'}))",
        "x = collections.namedtuple('x', 'a b')",
        "def f(x=dict(a=1)): open(x, 'w')",
        "x = lambda: print(1)",
        "@functools.lru_cache(maxsize=None)\ndef f(): pass",
        "@functools.wraps(int)\ndef f(): pass",
        "@dataclasses.dataclass\nclass A:\n    x: int = 1",
        "class A:\n    x = 1\n    def m(self): print(self)",
        "log = logging.getLogger('x')",
        "lock = threading.Lock()",
    ],
)
def test_what_leaves_no_trace_is_pure(statement: str) -> None:
    assert effect(statement) is Effect.PURE


@pytest.mark.parametrize(
    ("statement", "kind", "code"),
    [
        ("t = threading.Thread()", Effect.RESOURCE, "RLD301"),
        ("p = subprocess.run(['ls'])", Effect.RESOURCE, "RLD302"),
        ("s = socket.socket()", Effect.RESOURCE, "RLD303"),
        ("atexit.register(f)", Effect.GLOBAL, "RLD304"),
        ("signal.signal(2, f)", Effect.GLOBAL, "RLD305"),
        ("logging.basicConfig()", Effect.GLOBAL, "RLD306"),
        ("codecs.register(f)", Effect.GLOBAL, "RLD307"),
        ("warnings.simplefilter('ignore')", Effect.GLOBAL, "RLD308"),
        ("x = open('x', 'w')", Effect.RESOURCE, "RLD312"),
        ("shutil.rmtree('x')", Effect.RESOURCE, "RLD312"),
        ("loop = asyncio.new_event_loop()", Effect.RESOURCE, "RLD313"),
        ("time.sleep(1)", Effect.RESOURCE, "RLD314"),
        ("print(1)", Effect.GLOBAL, "RLD316"),
        ("x = no_such_name()", Effect.UNKNOWN, "RLD316"),
        ("x = json.tool.main()", Effect.UNKNOWN, "RLD316"),
        ("x.y = 1", Effect.STORE, "RLD308"),
        ("x['y'] = 1", Effect.STORE, "RLD308"),
        ("random.seed(1)", Effect.GLOBAL, "RLD308"),
    ],
)
def test_effects_and_the_codes_that_name_them(statement: str, kind: Effect, code: str) -> None:
    found = impact(statement)
    assert (found.effect, found.code) == (kind, code)


@pytest.mark.parametrize(
    "statement",
    [
        "if x:\n    print(1)",
        "x = [print(i) for i in 'ab']",
        "try:\n    print(1)\nexcept E:\n    pass",
        "def f(x=print(1)): pass",
        "@print\ndef f(): pass",
        "class A:\n    x = print(1)",
        "x = f'{print(1)}'",
        "x = (lambda: 1) or print(1)",
        "with x:\n    print(1)",
    ],
)
def test_an_effect_is_found_wherever_it_stands(statement: str) -> None:
    assert impact(statement) == Impact(Effect.GLOBAL, "print", "RLD316")


PROGRAM = """
def pure(x):
    y = [x]
    y.append(1)
    return y
def prints():
    print(1)
def outer():
    return inner()
def inner():
    open('x', 'w')
def recursive(n):
    return recursive(n - 1)
def both():
    return ping()
def ping():
    return pong()
def pong():
    ping()
    prints()
def storing(target):
    target.x = 1
def counting():
    global count
    count = 1
def later():
    def helper():
        print(1)
    return helper
def now():
    def helper():
        print(1)
    return helper()
async def waiting():
    await x
class Plain:
    def __init__(self):
        self.x = []
class Loud:
    def __init__(self):
        print(self)
    def quiet(self):
        pass
class Lazy:
    def m(self):
        print(self)
def decorator(f):
    return f
def loud(f):
    print(f)
    return f
def factory(n):
    def decorate(f):
        return f
    return decorate
def loud_factory(n):
    def decorate(f):
        print(f)
        return f
    return decorate
"""


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("x = pure(1)", Effect.LOCAL),
        ("prints()", Effect.GLOBAL),
        ("x = outer()", Effect.RESOURCE),
        ("x = recursive(1)", Effect.PURE),
        ("x = both()", Effect.GLOBAL),
        ("storing(x)", Effect.STORE),
        ("counting()", Effect.STORE),
        ("x = later()", Effect.PURE),
        ("x = now()", Effect.GLOBAL),
        ("x = waiting()", Effect.UNKNOWN),
        ("x = Loud()", Effect.GLOBAL),
        ("x = Lazy()", Effect.PURE),
        ("@decorator\ndef f(): pass", Effect.PURE),
        ("@loud\ndef f(): pass", Effect.GLOBAL),
        ("@factory(1)\ndef f(): pass", Effect.PURE),
        ("@loud_factory(1)\ndef f(): pass", Effect.GLOBAL),
    ],
)
def test_the_users_own_functions_are_followed(statement: str, kind: Effect) -> None:
    assert effect(statement, PROGRAM) is kind


def test_the_own_attributes_of_a_new_object_are_nobody_elses() -> None:
    assert effect("x = Plain()", PROGRAM) < Effect.GLOBAL


def test_the_memo_of_a_cycle_does_not_hide_an_effect() -> None:
    effects = Effects(resolve)
    scope = Scope(PROGRAM)
    asked = [effects.call(scope, (name,)).effect for name in ("ping", "pong", "both")]
    assert asked == [Effect.GLOBAL] * 3


def test_stored_names_are_told_with_their_module() -> None:
    scope = Scope("def fill():\n    table['x'] = 1\n")
    found = Effects(resolve).of(ast.parse("fill()").body[0], scope)
    assert found.stored == {(scope, "table")}


def test_the_strongest_of_several_wins_and_keeps_what_the_others_store() -> None:
    stored = frozenset([("m", "x")])
    store = Impact(Effect.STORE, "x", "RLD308", stored)
    resource = Impact(Effect.RESOURCE, "open", "RLD312")
    assert strongest([store, resource]) == Impact(Effect.RESOURCE, "open", "RLD312", stored, touched=stored)
    assert strongest([]).effect is Effect.PURE


@pytest.mark.parametrize(("name", "code"), sorted({**GLOBALS, **RESOURCES}.items()))
def test_every_name_of_the_table_is_found_under_the_name_that_people_use(name: str, code: str) -> None:
    *module, function = name.split(".")
    if module == ["tkinter"]:
        pytest.importorskip("tkinter", reason="this Python was built without Tk")
    target = getattr(importlib.import_module(".".join(module)), function, None)
    if target is None:
        assert name.startswith("_") or name == "os.fork"  # another name of a public one, or not on this system
        return
    called = Called(f"{target.__module__}.{target.__qualname__}")
    found = Effects(lambda scope, chain: called).call(None, tuple(name.split(".")))
    assert (found.effect > Effect.LOCAL, found.code) == (True, code)


def test_names_of_the_standard_library() -> None:
    assert is_pure("builtins.len") and is_pure("math.sqrt") and is_pure("dataclasses.dataclass")
    assert not is_pure("builtins.open") and not is_pure("atexit.register") and not is_pure("somebody.else")
    assert library(("atexit", "register")) == Called(f"{atexit.register.__module__}.register")


def test_a_list_that_a_called_function_appends_to_is_touched_not_stored() -> None:
    scope = Scope("def fill():\n    table.append(1)\n")
    found = Effects(resolve).of(ast.parse("fill()").body[0], scope)
    assert (found.stored, found.touched) == (frozenset(), {(scope, "table")})
