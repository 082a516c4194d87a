"""What decorators keep of the functions they wrap, whoever wrote them."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow

TOOLS = """
    import functools
    import inspect

    class Call:
        def __init__(self, function):
            functools.update_wrapper(self, function)
            self.function = function
            self._signature = None

        @property
        def __signature__(self):
            if self._signature is None:
                signature = inspect.signature(self.function)
                more = inspect.Parameter("backend", inspect.Parameter.KEYWORD_ONLY, default=None)
                self._signature = signature.replace(parameters=[*signature.parameters.values(), more])
            return self._signature

        def __call__(self, *args, backend=None, **options):
            return self.function(*args, **options)

    def logged(call):
        @functools.wraps(call)
        def wrapper(*args, **options):
            return call(*args, **options)
        return wrapper
"""


def test_signatures_that_wrappers_keep_follow(program: Program) -> None:
    program.write(
        tools=TOOLS, sums="from tools import Call, logged\n\n@logged\n@Call\ndef add(a, b=1):\n    return a + b\n"
    )
    program.run("import inspect, sums\nfrom sums import add")
    assert program.ask("str(inspect.signature(add))") == "(a, b=1, *, backend=None)"
    assert program.edit("sums", "b=1", "b=2") == []
    assert program.ask("add(1), str(inspect.signature(add))") == [3, "(a, b=2, *, backend=None)"]
    assert program.edit("sums", "a, b=2", "a, b=2, /, c=0, *, d: int = 0", "a + b", "a + b + c + d") == []
    assert program.ask("add(1), str(inspect.signature(add))") == [3, "(a, b=2, /, c=0, *, d: int = 0, backend=None)"]
    assert program.edit("sums", "a, b=2, /, c=0, *, d: int = 0", "a", "a + b + c + d", "a") == []
    assert program.ask("add(1), str(inspect.signature(add))") == [1, "(a, *, backend=None)"]
