"""`from m import x` into `m.x`: every use of the name, and nothing that only looks like one."""

from __future__ import annotations

import pytest

from reload_lsp.verdict.qualify import applied, qualify

LAZY = "def load():\n    global LIMIT\n    from config import LIMIT\n\n\n"


def turned(text: str, line: int, name: str = "LIMIT") -> str | None:
    change = qualify(text, line, name)
    return None if change is None else applied(text, change.replacements)


def test_an_import_in_a_function_that_sets_a_global() -> None:
    after = turned(
        '"""App."""\n\nimport os\n\n\n' + LAZY + "def get():\n    load()\n    return LIMIT + os.getpid()\n", 7
    )
    assert after == (
        '"""App."""\n\nimport os\nimport config\n\n\ndef load():\n    global LIMIT\n\n\n'
        "def get():\n    load()\n    return config.LIMIT + os.getpid()\n"
    )


def test_what_stands_under_the_main_guard_is_left_as_it_is() -> None:
    guard = "\n\nif __name__ == '__main__':\n    from config import LIMIT, OTHER\n    print(LIMIT)\n"
    assert turned("def get():\n    return LIMIT\n" + guard, 5) == (
        "import config\ndef get():\n    return config.LIMIT\n" + guard
    )
    assert turned(guard, 3) is None


def test_an_import_in_a_block_stays_in_it() -> None:
    text = "import os\nif os:\n    from pkg.config import LIMIT as L\n    use(L)\nA = L\n"
    assert (
        turned(text, 2, "L")
        == "import os\nif os:\n    from pkg import config\n    use(config.LIMIT)\nA = config.LIMIT\n"
    )


def test_what_shadows_the_name_is_left_alone() -> None:
    text = (
        "from config import LIMIT\n"
        "def parameter(LIMIT, other=LIMIT):\n    return LIMIT\n"
        "def local():\n    LIMIT = 1\n    def inner():\n        return LIMIT\n    return inner\n"
        "def loop():\n    for LIMIT in (): pass\n    return [LIMIT for x in LIMIT]\n"
        "def outer():\n    def inner(x=LIMIT):\n        return lambda y: LIMIT + y\n    return inner\n"
        "A = [LIMIT for LIMIT in range(3)]\nB = [x for x in range(LIMIT) if LIMIT]\nC = lambda LIMIT: LIMIT\n"
        "D = lambda x=LIMIT: f(LIMIT=LIMIT, **x.LIMIT)\nE = {'LIMITS': LIMIT}\n"
        "class K:\n    limit: LIMIT = LIMIT\n    def m(self) -> LIMIT:\n        return self.LIMIT + LIMIT\n"
    )
    assert turned(text, 0) == (
        "import config\n"
        "def parameter(LIMIT, other=config.LIMIT):\n    return LIMIT\n"
        "def local():\n    LIMIT = 1\n    def inner():\n        return LIMIT\n    return inner\n"
        "def loop():\n    for LIMIT in (): pass\n    return [LIMIT for x in LIMIT]\n"
        "def outer():\n    def inner(x=config.LIMIT):\n        return lambda y: config.LIMIT + y\n    return inner\n"
        "A = [LIMIT for LIMIT in range(3)]\nB = [x for x in range(config.LIMIT) if config.LIMIT]\nC = lambda LIMIT: LIMIT\n"
        "D = lambda x=config.LIMIT: f(LIMIT=config.LIMIT, **x.LIMIT)\nE = {'LIMITS': config.LIMIT}\n"
        "class K:\n    limit: config.LIMIT = config.LIMIT\n"
        "    def m(self) -> config.LIMIT:\n        return self.LIMIT + config.LIMIT\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("A = f'{LIMIT} of LIMITS'\n", "A = f'{config.LIMIT} of LIMITS'\n"),
        ("A = 'é😀', f'é{LIMIT:>3}' 'é', LIMIT\n", "A = 'é😀', f'é{config.LIMIT:>3}' 'é', config.LIMIT\n"),
        ("A = f'''\n{LIMIT}\n''', x\n", "A = f'''\n{config.LIMIT}\n''', x\n"),
        ("A = LIMIT; B = LIMIT\n", "A = config.LIMIT; B = config.LIMIT\n"),
        ("A = (LIMIT\n    .x)\n", "A = (config.LIMIT\n    .x)\n"),
        ("@LIMIT\ndef f(): pass\n", "@config.LIMIT\ndef f(): pass\n"),
        ("match x:\n    case LIMIT.y: pass\n", "match x:\n    case config.LIMIT.y: pass\n"),
    ],
)
def test_uses_wherever_they_stand(before: str, after: str) -> None:
    assert turned("from config import LIMIT\n" + before, 0) == "import config\n" + after


@pytest.mark.parametrize(
    ("first", "module"),
    [
        ("import config\n", "config"),
        ("import config as c\n", "c"),
        ("config = 1\n", "config_module"),
        ("def f(config): pass\n", "config_module"),
    ],
)
def test_the_name_of_the_module(first: str, module: str) -> None:
    after = turned(first + "from config import LIMIT\nA = LIMIT\n", first.count("\n"))
    assert after is not None
    assert f"A = {module}.LIMIT\n" in after
    assert after.count("import config") == 1


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("from .config import LIMIT\n", "from . import config\n"),
        ("from ..pkg.config import LIMIT\n", "from ..pkg import config\n"),
        ("from config import (LIMIT,\n    X)\n", "import config\nfrom config import X\n"),
    ],
)
def test_forms_of_imports(line: str, after: str) -> None:
    assert turned(line + "A = LIMIT\n", 0) == after + "A = config.LIMIT\n"


@pytest.mark.parametrize(
    "text",
    [
        "from config import LIMIT\nLIMIT += 1\n",
        "from config import LIMIT\ndef f():\n    global LIMIT\n    LIMIT = 2\n",
        "from config import LIMIT\ndel LIMIT\n",
        "from config import LIMIT\n__all__ = ['LIMIT']\n",
        "from config import LIMIT\ndef f(x: 'LIMIT'): pass\n",
        "from config import LIMIT\ntry:\n    f()\nexcept E as LIMIT:\n    pass\n",
        "from config import LIMIT\nfrom other import *\nclass LIMIT: pass\n",
        "from config import LIMIT\nclass K:\n    LIMIT = LIMIT\n",
        "from config import LIMIT\nmatch x:\n    case LIMIT: pass\n",
        "import config\nfrom config import LIMIT\ndef f(config):\n    return LIMIT\n",
        "from . import LIMIT\nA = LIMIT\n",
        "def f():\n    from config import LIMIT\n    return LIMIT\n",
        "from config import LIMIT\nA = (\n",
    ],
)
def test_what_cannot_be_turned_is_not(text: str) -> None:
    line = next(i for i, t in enumerate(text.split("\n")) if "import LIMIT" in t)
    assert turned(text, line) is None
