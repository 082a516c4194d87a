"""What data was made of through a parameter, a container, a wrapper: it is made again where the class or function was edited."""

from __future__ import annotations

import pytest
from live_fresh import differences
from live_project import Project, only, rare, said

ITEM = (
    "class Item:\n    rate = 1\n    def price(self): return 1\n    @property\n    def title(self): return 'a'\n"
    "ITEMS = [Item(), Item()]\n"
)
WRAPPER = "import functools\ndef twice(f):\n    @functools.wraps(f)\n    def w(*a): return [f(*a)] * 2\n    return w\n"
LOOSE = {  # by what is edited: (text, before, after)
    "a method of a parameter": (
        ITEM + "def total(items): return sum(i.price() for i in items)\nT = total(ITEMS)\n",
        "price(self): return 1",
        "price(self): return 2",
    ),
    "an attribute of a parameter": (
        ITEM + "def total(items): return sum(i.rate for i in items)\nT = total(ITEMS)\n",
        "rate = 1",
        "rate = 2",
    ),
    "a method of parts": (
        "class Leaf:\n    def size(self): return 1\n"
        "class Node:\n    def __init__(self, *kids): self.kids = kids\n"
        "    def size(self): return sum(k.size() for k in self.kids)\n"
        "R = Node(Leaf(), Node(Leaf())).size()\n",
        "return 1",
        "return 5",
    ),
    "a property behind a property": (
        ITEM + "class Shelf:\n    def __init__(self, item): self.item = item\n    @property\n"
        "    def badge(self): return '#' + self.item.title\n"
        "B = Shelf(ITEMS[0]).badge\n",
        "return 'a'",
        "return 'b'",
    ),
    "an attribute of an exception": (
        "class Error(Exception): code = 1\nclass Missing(Error): code = 2\n"
        "def safe():\n    try: raise Missing\n    except Error as e: return e.code\nR = safe()\n",
        "code = 2",
        "code = 3",
    ),
    "a method of the members of an Enum": (
        "from enum import Enum\nclass C(Enum):\n    A = 1\n    def label(self): return self.name\n"
        "L = {c: c.label() for c in C}\n",
        "self.name",
        "self.name.lower()",
    ),
    "a wrapper": (WRAPPER + "@twice\ndef g(a): return a\nR = g(1)\n", "* 2", "* 3"),
    "the inner one of two wrappers": (
        WRAPPER + "def other(f):\n    @functools.wraps(f)\n    def w(*a): return f(*a)\n    return w\n"
        "@other\n@twice\ndef g(a): return a\nR = g(1)\n",
        "* 2",
        "* 3",
    ),
    "a function in a set": (
        "def a(): return 1\nH = set()\nH.add(a)\ndef total(): return sum(h() for h in H)\nT = total()\n",
        "return 1",
        "return 2",
    ),
    "a function that was given to an object": (
        "class Bus:\n    def __init__(self): self.all = []\n    def on(self, f): self.all.append(f)\n"
        "    def emit(self): return [f() for f in self.all]\n"
        "def one(): return 1\nbus = Bus()\nbus.on(one)\nR = bus.emit()\n",
        "return 1",
        "return 2",
    ),
    "a lambda that was given to an object": (
        "class Bus:\n    def __init__(self): self.all = []\n    def on(self, f): self.all.append(f)\n"
        "    def emit(self): return [f() for f in self.all]\n"
        "bus = Bus()\nbus.on(lambda: 1)\nR = bus.emit()\n",
        "lambda: 1",
        "lambda: 2",
    ),
    "the key of a sort": ("def key(x): return x\nL = [2, 3, 1]\nL.sort(key=key)\n", "return x", "return -x"),
    "what a heap is filled by": (
        "import heapq\ndef key(x): return x\nH = []\nfor x in (2, 3, 1):\n    heapq.heappush(H, key(x))\nTOP = H[0]\n",
        "return x",
        "return -x",
    ),
    "an object that others hold": (
        "import weakref\nclass N:\n    def __init__(self, n): self.n = n\n"
        "a = N(1)\nr = weakref.ref(a)\nxs = [a]\nR = r().n\nX = xs[0].n\n",
        "N(1)",
        "N(2)",
    ),
    "the text of the module": ('"""Usage: a"""\nUSAGE = __doc__.upper()\n', "Usage: a", "Usage: b"),
    "a list that is deleted in the end": ("L = [1]\nM = [x for x in L]\nfor i in L: pass\ndel L, i\n", "[1]", "[1, 2]"),
    "a name that is deleted no more": ("L = [1]\nM = [2]\ndel L, M\n", "del L, M", "del M"),
    "a loop that adds up": (
        "t = 0\nfor v in (1, 2, 3):\n    t = t + v\nU = t * 2\n",
        "(1, 2, 3)",
        "(1, 2, 4)",
    ),
    "what a loop adds up by": (
        "def add(a, b): return a + b\nt = 0\nfor v in (1, 2, 3):\n    t = add(t, v)\n",
        "a + b",
        "a + 2 * b",
    ),
    "a loop that builds a chain": (
        "class N:\n    def __init__(self, v, after): self.v, self.after = v, after\nhead = None\n"
        "for v in (1, 2):\n    head = N(v, head)\n"
        "def walk(n):\n    while n:\n        yield n.v\n        n = n.after\nL = list(walk(head))\n",
        "(1, 2)",
        "(1, 2, 3)",
    ),
    "a value that is what was made of the one before": ("X = 1\nX += 2\nY = X\n", "X = 1", "X = 3"),
    "the same, made in a block": ("X = 1\nif X < 5:\n    X = X + 2\nY = X\n", "X = 1", "X = 3"),
    "a property of the program's own that keeps its result": (
        "class lazy:\n    def __init__(self, f): self.f = f\n    def __set_name__(self, owner, name): self.name = name\n"
        "    def __get__(self, obj, kind):\n        obj.__dict__[self.name] = value = self.f(obj)\n        return value\n"
        "class A:\n    @lazy\n    def data(self): return [1]\na = A()\nD = a.data\n",
        "return [1]",
        "return [2]",
    ),
}


WORDS = ("price", "rate", "title", "size", "code", "label", "badge", "run", "data", "perform")


@pytest.mark.parametrize("case", LOOSE)
def test_as_fresh_there_and_back(project: Project, case: str) -> None:
    text, before, after = LOOSE[case]
    text, before, after = (rare(part, *WORDS) for part in (text, before, after))
    project.load(text)
    for saved in (text.replace(before, after), text):
        assert [f for f in project.save(saved).findings if f.severity != "information"] == []
        assert [d for d in differences(project) if " at 0x" not in d] == []


def test_a_closure_that_counts_is_not_asked_once_more(project: Project) -> None:
    text = (
        "def counter():\n    n = 0\n    def inc():\n        nonlocal n\n        n += 1\n        return n\n    return inc\n"
        "c = counter()\nA = c()\n"
    )
    app = project.load(text)
    assert said(project.save(text.replace("n += 1", "n += 2"))) == ["RLD308"]
    assert (app.A, app.c()) == (1, 3)


COUNTER = (
    "class C:\n    made = 0\n    def __init__(self):\n        self.n = 0\n        self.all = []\n        C.made += 1\n"
    "    def inc(self, by):\n        self.n += by\n        return self.n\n    def add(self, x):\n        self.all.append(x)\n"
    "        return len(self.all)\nc = C()\n"
)


@pytest.mark.parametrize("call", ["A = c.inc(1)\n", "A = c.add(1)\n"])
def test_a_method_that_adds_to_its_object_is_not_called_once_more(project: Project, call: str) -> None:
    text = COUNTER + call
    app = project.load(text)
    finding = only(project.save(text.replace("+= by", "+= by * 2").replace("append(x)", "append([x])")))
    assert (finding.code, finding.range.start.line) == ("RLD307", 13)
    assert "a change of c would happen again" in finding.message
    assert (app.c.n, app.c.all) in ((1, []), (0, [1]))


@pytest.mark.parametrize("line", ["c.inc({})", "A = c.inc({})", "A = c.add({})", "d = C() if {} else None"])
def test_an_edited_line_that_adds_to_an_object_or_class_once_more_is_said(project: Project, line: str) -> None:
    text = COUNTER + line
    project.load(text.format(1))
    finding = only(project.save(text.format(2)))
    assert (finding.code, finding.range.start.line) == ("RLD307", 13)


def test_an_edited_call_that_counts_is_said(project: Project) -> None:
    text = "n = 0\ndef bump(by):\n    global n\n    n += by\nbump(2)\n"
    project.load(text)
    assert said(project.save(text.replace("bump(2)", "bump(5)"))) == ["RLD307"]


def test_the_next_number_of_a_seeded_generator_is_said(project: Project) -> None:
    text = "import random\nN = 100\nrng = random.Random(1)\nA = rng.randint(1, N)\n"
    project.load(text)
    assert said(project.save(text.replace("100", "1000"))) == ["RLD307"]


def test_what_the_program_put_into_tables_since_stays_where_they_call_nothing_that_was_edited(project: Project) -> None:
    lib = "class Box:\n    def get(self, key=None): return {}\n"
    app = (
        "from lib import Box\nsource = {'a': 1}\nTABLE = {'a': source.get('a')}\n"
        "LIST = [d.get('x') for d in ({'x': 1}, {'x': 2})]\nASKED = [b.get() for b in [Box()]]\n"
    )
    _, app_ = project.load(lib=lib.format(1), app=app)
    app_.TABLE["later"] = 5
    app_.LIST.append(7)
    project.save(lib=lib.format(2))
    assert (app_.TABLE, app_.LIST, app_.ASKED) == ({"a": 1, "later": 5}, [1, 2, 7], [2])


def test_what_was_counted_by_the_names_of_functions_stays_when_one_of_them_is_edited(project: Project) -> None:
    text = (
        "def f(): return {}\nHANDLERS = {{'a': f}}\nCOUNTS = {{name: 0 for name in HANDLERS}}\n"
        "NAMES = list(HANDLERS)\nRESULTS = [h() for h in HANDLERS.values()]\n"
    )
    app = project.load(text.format(1))
    app.COUNTS["a"] = 5
    project.save(text.format(2))
    assert (app.COUNTS, app.NAMES, app.RESULTS) == ({"a": 5}, ["a"], [2])


def test_methods_that_read_a_container_of_an_edited_function_are_asked(project: Project) -> None:
    text = (
        "def f(): return {}\nTABLE = [{{'run': f}}]\n"
        "class Runner:\n    def run(self): return [row['run']() for row in TABLE]\nR = Runner().run()\n"
    )
    app = project.load(text.format(1))
    project.save(text.format(2))
    assert app.R == [2]
