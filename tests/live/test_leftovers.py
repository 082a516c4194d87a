"""What earlier runs of statements left with somebody whom no edit reaches is said."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from live_project import Project, only, said

REGISTRY = """
    table = []
    def on(name):
        def wrap(f):
            table.append((name, f))
            return f
        return wrap
    class Bus:
        def __init__(self):
            self.all = []
        def add(self, name, f):
            self.all.append((name, f))
    bus = Bus()
"""
USE = """
    from registry import bus, on
    @on("a")
    def first():
        return 1
    def second():
        return 2
    bus.add("x", second)
"""


def test_a_second_registration_beside_the_first(project: Project) -> None:
    project.load(registry=REGISTRY.replace("(name, f))\n            return", "[name, f])\n            return"), use=USE)
    finding = only(project.save(use=USE.replace('"a"', '"b"')))
    assert (finding.code, finding.verdict, finding.range.start.line) == ("RLD307", "applied-risk", 2)


def test_a_row_of_a_registry_takes_the_place_of_the_one_before(project: Project) -> None:
    registry, use = project.load(registry=REGISTRY, use=USE)
    assert said(project.save(use=USE.replace('"a"', '"b"'))) == []
    assert registry.table == [("b", use.first)]


def test_a_call_edited_at_the_top_level(project: Project) -> None:
    registry, _ = project.load(registry=REGISTRY, use=USE)
    registry.bus.add("of the program", print)
    assert said(project.save(use=USE.replace('"x"', '"y"'))) == ["RLD307"]
    assert [name for name, _ in registry.bus.all] == ["x", "of the program", "y"]


def test_a_call_edited_at_the_top_level_where_nobody_else_registers(project: Project) -> None:
    registry, use = project.load(registry=REGISTRY, use=USE)
    assert said(project.save(use=USE.replace('"x"', '"y"'))) == []
    assert registry.bus.all == [("y", use.second)]


def test_a_registry_by_name_that_is_only_updated(project: Project) -> None:
    text = REGISTRY.replace("table = []", "table = {}").replace("table.append((name, f))", "table['only'] = f")
    registry, use = project.load(registry=text, use=USE)
    assert said(project.save(use=USE.replace('"a"', '"b"'))) == []
    assert registry.table == {"only": use.first}


def test_a_removed_definition_that_is_still_registered(project: Project) -> None:
    project.load(registry=REGISTRY, use=USE)
    removed = USE.replace('    @on("a")\n    def first():\n        return 1\n', "")
    assert said(project.save(use=removed)) == ["RLD307"]


def test_a_removed_definition_that_nobody_holds(project: Project) -> None:
    text = "import functools\n@functools.lru_cache\ndef f():\n    return 1\nx = 1\n"
    project.load(text)
    assert said(project.save("import functools\nx = 1\n")) == []


def test_an_object_made_again_while_the_one_before_is_held(project: Project) -> None:
    text = "from urllib.request import OpenerDirector\nopener = OpenerDirector()\nsize = 1\n"
    app = project.load(text)
    held = app.opener
    report = project.save(text.replace("OpenerDirector()", "OpenerDirector(*())"))
    assert app.opener is not held
    assert only(report).code == "RLD204"


def test_an_object_made_again_that_nobody_else_holds(project: Project) -> None:
    text = "from urllib.request import OpenerDirector\nopener = OpenerDirector()\nsize = 1\n"
    project.load(text)
    assert said(project.save(text.replace("OpenerDirector()", "OpenerDirector(*())"))) == []


def test_slots_that_hold_a_merged_twin(project: Project) -> None:
    registry = """
        jobs = {}
        class Job:
            __slots__ = ("func", "when")
            def __init__(self, func, when):
                self.func, self.when = func, when
        def every(when):
            def wrap(f):
                jobs[f.__name__] = Job(f, when)
                return f
            return wrap
    """
    use = "from registry import every\n@every({})\ndef beat():\n    return 1\n"
    registry_module, app = project.load(registry=registry, use=use.format(1))
    assert said(project.save(use=use.format(2))) == []
    assert registry_module.jobs["beat"].func is app.beat
    assert registry_module.jobs["beat"].when == 2


def test_what_is_still_held_is_said_whenever_it_is_not_what_is_live(project: Project) -> None:
    text = "from string import Template\ng = Template('$a 1')\n"
    held = project.load(text).g
    assert said(project.save(text.replace("1'", "2'"))) == ["RLD204"]
    assert said(project.save(text)) == []  # it does what the live one does
    assert said(project.save(text.replace("1'", "3'"))) == ["RLD204"]
    assert held.template == "$a 1"


def test_a_registration_that_holds_weakly_is_said_where_it_would_be_lost(project: Project) -> None:
    on = "def on(topic):\n    def to(f):\n        known[topic] = weakref.ref(f)\n        return f\n    return to\n"
    bus = f"import weakref\nknown = {{}}\n{on}"
    use = "from bus import on\n@on('a')\ndef handler(): return 1\n"
    project.load(bus=bus, use=use)
    assert said(project.save(use=use.replace("return 1", "return 2"))) == []
    assert said(project.save(use=use.replace("'a'", "'b'").replace("return 1", "return 2"))) == ["RLD307"]


def test_a_fact_that_is_noted_weakly_is_no_registration(project: Project) -> None:
    notes = "import weakref\nplain = weakref.WeakKeyDictionary()\ndef noted(f):\n    plain[f] = False\n    return f\n"
    use = "from notes import noted\n@noted\ndef handler(a: int): return 1\n"
    module, _ = project.load(notes=notes, use=use)
    assert said(project.save(use=use.replace("int", "float"))) == []
    assert list(module.plain.values()) == [False]


@pytest.mark.parametrize("mine, codes", [(False, []), (True, ["RLD204"])])
def test_what_a_library_keeps_for_itself_is_no_matter_of_the_program(
    project: Project, mine: bool, codes: list[str]
) -> None:
    class Keeps:
        library = "json"

        def keeps(self, value: Any) -> bool:
            return bool(type(value).__name__ == "Random")

    project.engine.adapters = lambda: [Keeps()]
    text = "import random\nvalue = random.Random(1)\nclass Mine: pass\n"
    app = project.load(text)
    kept = [app.value]  # as a library would
    if mine:
        app.Mine.held = functools.partial(print, app.value)
    assert said(project.save(text.replace("(1)", "(2)"))) == codes
    assert len(kept) == 1


LOG = "import logging\nlog = logging.getLogger('given again')\n{}"
ONCE = """\
import functools
class C:
    def __init__(self): self.v = []
    def put(self, x): self.v.append(x)
@functools.lru_cache
def get(): return C()
c = get()
c.put(1)
{}"""


def test_what_was_done_to_an_object_that_is_given_again_is_said_and_not_done_twice(project: Project) -> None:
    app, once = project.load(app=LOG.format("log.setLevel(10)\n"), once=ONCE.format("c.put(2)\n"))
    assert said(project.save(app=LOG.format(""))) == ["RLD307"]
    assert said(project.save(app=LOG.format("log.setLevel(10)\n"))) == []
    assert said(project.save(app=LOG.format("log.addFilter(print)\n"))) == ["RLD307"]
    assert app.log.level == 10
    assert said(project.save(once=ONCE.format(""))) == ["RLD307"]
    assert once.c.v == [1, 2]


@pytest.mark.parametrize("line", ["print('a')", "log.info('a')", "logging.getLogger('b').warning('a %s', 1 + 1)"])
def test_what_was_only_printed_or_logged_is_over(project: Project, line: str) -> None:
    project.load(LOG.format(line + "\n"))
    report = project.save(LOG.format(""))
    assert (report.outcome, said(report)) == ("applied", [])


GENERIC_WITH_SLOTS = """
    from typing import Generic, TypeVar
    from conf import SIZE
    T = TypeVar("T")
    class Message:
        __slots__ = ("at",)
        def __init_subclass__(cls, **options):
            cls.size = SIZE
    class Widget:
        def __init_subclass__(cls, **options):
            pass
    class Selection(Widget):
        width = SIZE
        class Picked(Generic[T], Message):
            pass
        class Highlighted(Picked[T]):
            pass
"""


def test_a_generic_twin_that_its_layout_keeps_at_its_bases(project: Project) -> None:
    _, app = project.load(conf="SIZE = 1", app=GENERIC_WITH_SLOTS)
    assert said(project.save(conf="SIZE = 2")) == []
    assert app.Selection.width == 2
    assert app.Message.__subclasses__() == [app.Selection.Picked]


def test_a_twin_that_is_held_at_its_bases_by_somebody(project: Project) -> None:
    text = GENERIC_WITH_SLOTS.replace("cls.size = SIZE", "kept[cls.__name__] = ((cls,),)").replace(
        "SIZE\n", "SIZE, kept\n", 1
    )
    _, app = project.load(conf="SIZE = 1\nkept = {}", app=text)
    finding = only(project.save(conf="SIZE = 2\nkept = {}"))
    assert (finding.code, finding.range.start.line) == ("RLD206", 11)
    assert len(app.Message.__subclasses__()) == 2


def test_an_object_that_a_call_made_for_itself(project: Project) -> None:
    """`bus.add(Handler(1))`: no name holds the handler of the first run."""
    library = """
        import weakref
        class Bus:
            def __init__(self):
                self.all = []
            def __getattr__(self, name):  # what `add` does cannot be read
                return self.all.append
        class Handler:
            def __init__(self, n):
                self.n = n
        held = []
    """
    use = """
        from library import Bus, Handler, held
        bus = Bus()
        held.append(bus)
        bus.add(Handler(1))
    """
    library_module, _ = project.load(library=library, use=use)
    assert said(project.save(use=use.replace("Handler(1)", "Handler(2)"))) == ["RLD307"]
    assert [h.n for h in library_module.held[0].all] == [1, 2]


def test_of_two_lists_of_one_registry_the_one_that_the_decorator_named_loses_the_function(project: Project) -> None:
    registry = """
        events = {}
        def add(f, name):
            events.setdefault(name, []).append(f)
            return f
        def on(name):
            return lambda f: add(f, name)
    """
    text = "from registry import add, on\n@on('start')\ndef f(): return 1\nadd(f, 'stop')\n"
    bus, app = project.load(registry=registry, app=text)
    assert said(project.save(app=text.replace("'start'", "'begin'"))) == []
    assert bus.events == {"begin": [app.f], "stop": [app.f]}
    assert said(project.save(app=text)) == []
    assert bus.events == {"start": [app.f], "stop": [app.f]}


def test_an_object_and_what_was_set_on_it_go_together(project: Project) -> None:
    kind = "class Options: pass\n"
    project.load(kind + "options = Options()\noptions.debug = True\n")
    assert said(project.save(kind)) == []


CONVERTER = """
class Converter:
    __slots__ = ("hook", "table")
    def __init__(self):
        self.hook = self.convert
        self.table = {{int: [self.convert]}}
    def convert(self, value):
        return value
N = {}
converter = (Converter(), N)[0]
"""


def test_an_object_that_holds_itself_alone_is_not_held(project: Project) -> None:
    app = project.load(CONVERTER.format(1))
    before = id(app.converter)
    assert said(project.save(CONVERTER.format(2))) == []
    held = app.converter.hook
    finding = only(project.save(CONVERTER.format(3)))
    assert (finding.code, id(app.converter) != before) == ("RLD204", True)
    assert held.__self__ is not app.converter
