"""Effects are never repeated behind the user's back: held, or said where they cannot be taken back."""

from __future__ import annotations

import atexit
import logging
import signal
import sys
import threading
import types
from typing import Any

import pytest
from live_project import Project, endings, only, said

# An effect that reads SIZE: when only SIZE changes, repeating it would be behind the user's back.
HELD = [
    ("RLD301", "import threading\nmade = threading.Thread(name=str(SIZE))\n"),
    (
        "RLD302",
        "import subprocess, sys\nmade = subprocess.Popen([sys.executable, '-c', f'{SIZE}'])\nmade.wait()\n",
    ),
    ("RLD303", "import socket\nmade = socket.socket(SIZE and socket.AF_INET)\n"),
    ("RLD304", "import atexit\nmade = atexit.register(int, SIZE)\n"),
    ("RLD305", "import signal\nmade = signal.signal(signal.SIGUSR2, signal.SIG_IGN if SIZE else None)\n"),
    ("RLD306", "import logging\nlogging.addLevelName(SIZE, 'OURS')\n"),
    ("RLD307", "import mimetypes\nmimetypes.add_type('x/ours', f'.ours{SIZE}')\n"),
    ("RLD308", "import random\nrandom.seed(SIZE)\n"),
    ("RLD312", "import os\nmade = open(os.devnull, 'w', buffering=SIZE)\n"),
    ("RLD313", "import asyncio\nmade = SIZE and asyncio.new_event_loop()\n"),
    ("RLD314", "import time\ntime.sleep(SIZE / 1000)\n"),
    ("RLD316", "import ctypes.util\nctypes.util.find_library('ours' * SIZE)\n"),
]


@pytest.fixture
def settled(project: Project) -> Any:
    """Take back what the programs below do to this process."""
    before = signal.getsignal(signal.SIGUSR2)
    yield project
    signal.signal(signal.SIGUSR2, before)
    atexit.unregister(int)


def close(app: Any) -> None:
    made = getattr(app, "made", None)
    if hasattr(made, "close"):
        made.close()


@pytest.mark.parametrize(("code", "effect"), HELD)
def test_an_effect_whose_input_changed_is_held_on_its_line(settled: Project, code: str, effect: str) -> None:
    app = settled.load("SIZE = 2\n" + effect)
    made = getattr(app, "made", None)
    report = settled.save("SIZE = 3\n" + effect)
    close(app)
    assert said(report) == [code]
    assert report.outcome == "partial"
    finding = only(report)
    assert (finding.verdict, finding.severity) == ("held", "warning")
    assert finding.range.start.line == 2
    assert {f["kind"] for f in finding.data["fixes"]} == {"rerun", "keep"}
    assert getattr(app, "made", None) is made


@pytest.mark.parametrize(("code", "effect"), HELD)
def test_an_effect_that_the_edit_does_not_concern_is_no_finding(settled: Project, code: str, effect: str) -> None:
    app = settled.load("SIZE = 2\nOTHER = 1\n" + effect)
    made = getattr(app, "made", None)
    report = settled.save("SIZE = 2\nOTHER = 2\n" + effect)
    close(app)
    assert (said(report), report.outcome) == ([], "applied")
    assert getattr(app, "made", None) is made


@pytest.mark.parametrize(
    ("effect", "value"),
    [
        ("made.append(SIZE)", [2]),
        ("made += [SIZE]", [2]),
        ("made[SIZE] = 1", {2: 1}),
        ("note(SIZE)", {"note": 2}),
    ],
)
def test_effects_on_the_programs_own_containers_are_followed_without_a_word(
    project: Project, effect: str, value: object
) -> None:
    text = "made = {}()\ndef note(x):\n    made['note'] = x\nSIZE = {}\n" + effect + "\n"
    app = project.load(text.format(type(value).__name__, 1))
    report = project.save(text.format(type(value).__name__, 2))
    assert (said(report), app.made) == ([], value)


def test_an_effect_is_found_through_the_users_own_functions(project: Project) -> None:
    text = (
        "import threading\n"
        "SIZE = {}\n"
        "def start():\n"
        "    return make()\n"
        "def make():\n"
        "    return threading.Thread(name=str(SIZE))\n"
        "worker = start()\n"
    )
    app = project.load(text.format(1))
    worker = app.worker
    report = project.save(text.format(2))
    assert said(report) == ["RLD301"]
    assert only(report).range.start.line == 6
    assert app.worker is worker


def test_an_added_effect_runs_once(project: Project) -> None:
    app = project.load("import sys\nruns = []\n")
    app.runs.append("live")
    text = "import sys\nruns = []\nsys.modules[__name__].runs.append('added')\n"
    project.save(text)
    project.save(text + "X = 1\n")
    assert app.runs == ["live", "added"]


def test_an_edited_effect_runs_once_more(project: Project) -> None:
    text = "import logging\nlogger = logging.getLogger('reload-lsp-tests')\nlogger.setLevel({})\n"
    project.load(text.format(10))
    assert said(project.save(text.format(20))) == []
    assert logging.getLogger("reload-lsp-tests").level == 20


@pytest.mark.parametrize(
    ("code", "effect"),
    [
        ("RLD304", "import atexit\nX = 1\natexit.register(int)\n"),
        ("RLD306", "import logging\nX = 1\nlogging.addLevelName(7, 'OURS')\n"),
        (
            "RLD308",
            "from sys import setrecursionlimit as limit, getrecursionlimit as now\nX = 1\nlimit(now())\n",
        ),
    ],
)
def test_a_removed_effect_is_said_to_be_in_force_still(settled: Project, code: str, effect: str) -> None:
    settled.load(effect)
    report = settled.save(effect.rsplit("\n", 2)[0] + "\n")
    finding = only(report)
    assert (finding.code, finding.verdict) == (code, "applied-risk")
    assert effect.splitlines()[-1] in finding.message


def test_a_removed_call_that_left_nothing_behind_is_no_finding(project: Project) -> None:
    project.load("import re\nX = 1\nre.compile('x')\nlen('abc')\n")
    assert said(project.save("import re\nX = 1\n")) == []


def test_an_edited_thread_is_started_and_the_earlier_one_is_said_to_run_on(project: Project) -> None:
    text = (
        "import threading\n"
        "stop = threading.Event()\n"
        "worker = threading.Thread(target=stop.wait, name={!r}, daemon=True)\n"
        "worker.start()\n"
    )
    app = project.load(text.format("one"))
    old = app.worker
    try:
        report = project.save(text.format("two"))
        finding = only(report)
        assert (finding.code, finding.verdict, finding.count and finding.count.n) == (
            "RLD301",
            "applied-risk",
            1,
        )
        assert "one" in finding.message
        assert app.worker.name == "two" and app.worker.is_alive()
    finally:
        app.stop.set()
        old.join()
        app.worker.join()


def test_an_edited_thread_whose_earlier_one_has_ended_is_no_finding(project: Project) -> None:
    text = "import threading\nworker = threading.Thread(target=int, name={!r})\nworker.start()\nworker.join()\n"
    app = project.load(text.format("one"))
    assert said(project.save(text.format("two"))) == []
    assert isinstance(app.worker, threading.Thread)


WORKER = """\
import threading
ready, stop, rows = threading.Event(), threading.Event(), []
def step():
    rows.append(1)
def work():
    step()
    ready.set()
    stop.wait()
worker = threading.Thread(target=work, daemon=True)
worker.start()
ready.wait()
"""


def test_a_thread_that_runs_calls_what_is_new_without_a_word(project: Project) -> None:
    app = project.load(WORKER)
    assert said(project.save(WORKER.replace("append(1)", "append(2)"))) == []
    app.stop.set()


def test_what_a_thread_did_that_has_ended_is_said_to_be_of_the_old_code(project: Project) -> None:
    ended = WORKER.replace("ready.wait()", "stop.set()\nworker.join()")
    project.load(ended)
    started, *_ = project.save(ended.replace("append(1)", "append(2)")).findings
    assert (started.code, started.range.start.line) == ("RLD316", 9)


LIBRARY = """\
class Button:
    def __init__(self, command):
        self._command, self.clicks = command, 0
    def pack(self):
        self.packed = True
    def click(self):
        self.clicks += self._run()
    def _run(self):
        return self._command()
"""


@pytest.mark.parametrize(("call", "codes"), [("pack", []), ("click", ["RLD316"])])
def test_a_librarys_method_is_concerned_by_an_edited_callback_where_it_may_have_called_it(
    project: Project, monkeypatch: pytest.MonkeyPatch, call: str, codes: list[str]
) -> None:
    library = types.ModuleType("buttons")
    exec(LIBRARY, library.__dict__)
    monkeypatch.setitem(sys.modules, "buttons", library)
    text = f"import buttons\ndef sell():\n    return 1\nbutton = buttons.Button(sell)\nbutton.{call}()\n"
    project.load(text)
    assert said(project.save(text.replace("return 1", "return 2"))) == codes


def test_an_instance_is_never_made_again_because_its_class_was_edited(project: Project) -> None:
    text = (
        "class App:\n"
        "    def __init__(self):\n"
        "        self.routes = []\n"
        "    def m(self):\n"
        "        return {}\n"
        "app = App()\n"
    )
    module = project.load(text.format(1))
    instance = module.app
    instance.routes.append("live")
    report = project.save(text.format(2))
    assert module.app is instance
    assert (instance.routes, instance.m()) == (["live"], 2)
    assert said(report) == []


def test_an_object_from_an_edited_factory_is_held_and_said(project: Project) -> None:
    text = (
        "class App:\n"
        "    pass\n"
        "def make_app():\n"
        "    app = App()\n"
        "    app.name = {!r}\n"
        "    return app\n"
        "app = make_app()\n"
    )
    module = project.load(text.format("one"))
    instance = module.app
    report = project.save(text.format("two"))
    assert module.app is instance
    assert (said(report), endings(report)["app"]) == (["RLD316"], "held")
    assert only(report).range.start.line == 6


def test_the_main_guard_of_an_imported_module_may_hold_any_effect(project: Project) -> None:
    text = "import threading\nSIZE = {}\nif __name__ == '__main__':\n    threading.Thread(name=str(SIZE)).start()\n"
    project.load(text.format(1))
    assert said(project.save(text.format(2))) == []


def test_a_call_that_is_gone_does_not_open_its_object_again(settled: Project) -> None:
    text = "import socket\nmade = socket.socket()\nmade.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)\n"
    app = settled.load(app=text)
    before = app.made
    report = settled.save(app=text[: text.index("made.setsockopt")])
    assert (app.made is before, said(report)) == (True, ["RLD316"])
    before.close()


def test_what_was_printed_with_a_changed_input_is_over(project: Project) -> None:
    project.load("SIZE = 2\nprint(end='' * SIZE)\n")
    report = project.save("SIZE = 3\nprint(end='' * SIZE)\n")
    assert (said(report), report.outcome) == ([], "applied")


def test_a_name_for_the_namespace_itself_is_no_copy_of_it(project: Project) -> None:
    text = (
        "here = locals()\nclass Response:\n    def ok(self):\n        return {}\n"
        "for name in ['Response']:\n    here[name].__doc__ = ''\n"
    )
    project.load(text.format(1))
    report = project.save(text.format(2))
    assert (said(report), report.outcome) == ([], "applied")


MADE = """
BASE = {{{}}}
class Box:
    all = []
    def __init__(self, extra=None):
        self.map = dict(BASE)
        self.count = 0
        self.add(extra or {{}})
    def add(self, extra):
        self.map.update(extra)
        self.count += len(extra)
{}box = Box({{"x": 0}})
"""


def test_what_a_constructor_adds_to_the_new_object_itself_is_no_effect(project: Project) -> None:
    app = project.load(MADE.format("1: 1", ""))
    assert said(project.save(MADE.format("1: 1, 2: 2", ""))) == []
    assert (app.box.map, app.box.count) == ({1: 1, 2: 2, "x": 0}, 1)


def test_what_it_adds_to_a_container_of_its_class_is_one(project: Project) -> None:
    enters = "        self.all.append(extra)\n"
    app = project.load(MADE.format("1: 1", enters))
    report = project.save(MADE.format("1: 1, 2: 2", enters))
    assert said(report) == ["RLD307"] and app.Box.all == [{"x": 0}]
