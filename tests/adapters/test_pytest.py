"""pytest in a warm process: assertions that were rewritten, fixtures, marks."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow


def test_pytest_in_a_warm_process(program: Program) -> None:
    program.write(
        calc="def f():\n    return 1\n",
        conftest="import pytest\n@pytest.fixture\ndef base():\n    return 1\n",
        test_it="from calc import f\ndef test_f(base):\n    assert f() == base\n",
        test_of="import pytest\n@pytest.mark.parametrize('n', [1])\ndef test_n(n):\n    assert n == 1\n",
    )
    program.run("""
        import pytest
        class Rec:
            def __init__(self):
                self.out, self.text = {}, ""
            def pytest_runtest_logreport(self, report):
                if report.when == "call" or report.outcome != "passed":
                    self.out[report.nodeid.split("::")[-1]] = report.outcome
                    self.text += report.longreprtext
        def go(name="test_it.py"):
            rec = Rec()
            pytest.main(["-q", "-p", "no:cacheprovider", "--rootdir", ".", name], plugins=[rec])
            return rec
        go("test_of.py"), go()
    """)
    program.edit("test_of", "[1]", "[1, 2]")  # the first edit of a module that pytest's own loader has loaded
    assert program.ask("go('test_of.py').out") == {"test_n[1]": "passed", "test_n[2]": "failed"}
    program.edit(
        "conftest",
        "@pytest.fixture\n",
        "@pytest.fixture(params=[1, 2])\n",
        "def base():\n    return 1",
        "def base(request):\n    return request.param",
    )
    assert program.ask("go().out") == {"test_f[1]": "passed", "test_f[2]": "failed"}
    program.edit("test_it", "assert f() == base", "wanted = base + 1\n    assert f() == wanted")
    assert program.ask("'assert 1 == 2' in go().text") is True
    program.edit(
        "test_it",
        "def test_f(base)",
        "import pytest\n@pytest.mark.parametrize('n', [1, 2])\ndef test_g(n):\n    assert n\ndef test_f(base)",
    )
    assert program.ask("sorted(go().out)") == ["test_f[1]", "test_f[2]", "test_g[1]", "test_g[2]"]


def test_pytest_marks_that_are_taken_away(program: Program) -> None:
    program.write(
        test_it="""
        import pytest
        @pytest.mark.skip
        def test_a():
            pass
        @pytest.mark.skip
        class TestAll:
            @pytest.mark.xfail
            def test_b(self):
                pass
        """
    )
    program.run("""
        import contextlib, io, pytest
        class Outcomes:
            def pytest_runtest_logreport(self, report):
                if report.when == "call" or report.skipped:
                    seen.append(report.nodeid.split("::")[-1] + (" skipped" if report.skipped else ""))
        def go():
            global seen
            seen = []
            with contextlib.redirect_stdout(io.StringIO()):
                pytest.main(["-q", "-p", "no:cacheprovider", "test_it.py"], plugins=[Outcomes()])
            return seen
    """)
    assert program.ask("go()") == ["test_a skipped", "test_b skipped"]
    assert program.edit("test_it", "@pytest.mark.skip\n", "", "    @pytest.mark.xfail\n", "") == []
    assert program.ask("go()") == ["test_a", "test_b"]
    assert program.edit("test_it", "class", "@pytest.mark.skip\nclass") == []
    assert program.ask("go()") == ["test_a", "test_b skipped"]
    assert program.edit("test_it", "@pytest.mark.skip\nclass", "class") == []
    assert program.ask("go()") == ["test_a", "test_b"]
