"""An agent from the start of its program to its end, however it ends."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import STARTED, WAIT, Program, records

from reload_lsp.wire import frames
from reload_lsp.wire.client import Client
from reload_lsp.wire.errors import ConnectionLost, RemoteError

Start = Callable[..., Program]
APPLY = {"id": 4711, "method": "apply", "params": {"batch": 1, "cause": "save", "files": []}}


def test_a_program_says_who_it_is(program: Start) -> None:
    one = program(STARTED + WAIT)
    assert one.line() == "ready"
    with one.client() as client:
        said = client.hello("test")
    assert said["pid"] == one.pid
    assert said["name"] == "script0.py"
    assert said["state"] == "idle"
    assert set(said["abilities"]) == {"monitoring", "freeThreaded", "undo", "codes", "restart", "places", "profile"}
    assert said["abilities"]["codes"][0].startswith("RLD")


def test_record_and_socket_are_the_users_alone(program: Start, runtime: Path) -> None:
    one = program(STARTED + WAIT)
    one.line()
    assert stat.S_IMODE(runtime.stat().st_mode) == 0o700
    assert stat.S_IMODE((runtime / f"{one.record().id}.json").stat().st_mode) == 0o600


def test_starting_twice_is_starting_once(program: Start) -> None:
    one = program(STARTED + "reload_lsp.start()\nprint('again', flush=True)\n" + WAIT)
    one.line(), one.line()
    assert len(records()) == 1


def test_the_program_ends_as_it_would_and_leaves_nothing(program: Start, runtime: Path) -> None:
    one = program(STARTED + WAIT + "sys.exit(7)\n")
    one.line()
    with one.client():
        assert one.finish() == (7, "")
    assert os.listdir(runtime) == []


@pytest.mark.parametrize("end", ["raise KeyError('x')", "import os; os._exit(3)", "os.kill(os.getpid(), 15)"])
def test_a_sudden_end_leaves_at_most_a_record_that_is_swept(program: Start, runtime: Path, end: str) -> None:
    one = program("import os\n" + STARTED + WAIT + end)
    one.line()
    one.finish()
    assert records() == []
    assert os.listdir(runtime) == []


def test_a_killed_programs_record_is_swept(program: Start, runtime: Path) -> None:
    one = program(STARTED + WAIT)
    one.line()
    os.kill(one.pid, signal.SIGKILL)
    one.finish()
    assert len(os.listdir(runtime)) == 2
    assert records() == []
    assert os.listdir(runtime) == []


def test_several_clients_are_served_and_survived(program: Start) -> None:
    one = program(STARTED + WAIT)
    one.line()
    first, second = one.client(), one.client()
    assert first.request("status") == second.request("status")
    first.close()
    assert second.request("status")["state"] == "idle"
    second.close()


def test_requests_that_make_no_sense_are_answered_with_errors(program: Start) -> None:
    one = program(STARTED + WAIT)
    one.line()
    file = {"path": "/x.py", "kind": "modified", "sha256": None}
    bad: list[tuple[str, dict[str, object], str]] = [
        ("nonsense", {}, "unknown-method"),
        ("knows", {}, "bad-params"),
        ("knows", {"paths": ["relative.py"]}, "bad-params"),
        ("knows", {"paths": ["/x\0.py"]}, "bad-params"),
        ("apply", {"batch": 1, "cause": "because", "files": []}, "bad-params"),
        ("apply", {"batch": 1, "cause": "save", "files": [7]}, "bad-params"),
        ("apply", {"batch": 1, "cause": "save", "files": [{**file, "kind": "eaten"}]}, "bad-params"),
        ("apply", {"batch": 1, "cause": "save", "files": [{**file, "sha256": 7}]}, "bad-params"),
        ("apply", {"batch": 1, "cause": [], "files": []}, "bad-params"),
    ]
    with one.client() as client:
        for method, params, code in bad:
            with pytest.raises(RemoteError) as caught:
                client.request(method, params)
            assert caught.value.code == code
        assert client.request("status")["state"] == "idle"


def test_the_thread_is_one_that_debuggers_leave_alone(program: Start) -> None:
    look = (
        "import threading\n"
        "[t] = [t for t in threading.enumerate() if t is not threading.main_thread()]\n"
        "print(t.daemon, t.pydev_do_not_trace, t.is_pydev_daemon_thread, flush=True)\n"
    )
    one = program(STARTED + look)
    one.line()
    assert one.line() == "True True True"


def test_a_program_that_dies_in_a_batch_is_gone_for_its_client(program: Start) -> None:
    # The batch waits for a checkpoint that never comes: the surest way to be in the middle of one.
    one = program(STARTED + "reload_lsp.checkpoint()\nprint('set', flush=True)\n" + WAIT)
    one.line(), one.line()
    asking, watching = one.client(), one.client()
    asking._socket.sendall(frames.encode(APPLY))
    while watching.request("status")["state"] != "waiting":
        pass
    os.kill(one.pid, signal.SIGKILL)
    with pytest.raises(ConnectionLost):
        asking.request("status")
    one.finish()
    assert records() == []


def test_a_batch_waits_for_the_programs_checkpoint(program: Start) -> None:
    text = STARTED + "reload_lsp.checkpoint()\nprint('set', flush=True)\n" + WAIT
    one = program(text + "print(reload_lsp.checkpoint(), flush=True)\n" + WAIT)
    one.line(), one.line()
    asking, watching = one.client(), one.client()
    asking._socket.sendall(frames.encode(APPLY))
    while watching.request("status")["state"] != "waiting":
        pass
    one.say()
    assert "no-effect" in one.line()
    assert watching.next_event().params["report"]["outcome"] == "no-effect"
    assert asking.request("status")["state"] == "idle"
    asking.close(), watching.close()


def test_other_clients_hear_of_a_batch(program: Start) -> None:
    one = program(STARTED + WAIT + "reload_lsp.reload()\nprint('done', flush=True)\n" + WAIT)
    one.line()
    asking, hearing = one.client(), one.client()
    hearing.request("status")
    asking.request("apply", {"batch": 1, "cause": "save", "files": []})
    assert hearing.next_event().params["report"]["cause"] == "save"
    assert not asking.events
    one.say()
    assert one.line() == "done"
    assert asking.next_event().params["report"]["cause"] == "api"
    assert hearing.next_event().method == "reloaded"
    asking.close(), hearing.close()


def test_switched_off_means_off(program: Start, runtime: Path) -> None:
    text = STARTED + "print(reload_lsp.checkpoint())\ntry: reload_lsp.reload()\n"
    one = program(text + "except reload_lsp.ReloadError as e: print(e)\n", RELOAD_LSP="0")
    assert [one.line(), one.line()] == ["ready", "None"]
    assert "RELOAD_LSP=0" in one.line()
    assert one.finish() == (0, "")
    assert not runtime.exists()


def test_a_runtime_folder_open_to_others_is_said_and_survived(program: Start, runtime: Path) -> None:
    runtime.mkdir(mode=0o777)
    runtime.chmod(0o777)
    one = program(STARTED)
    assert one.line() == "ready"
    code, errors = one.finish()
    assert code == 0
    assert "RuntimeWarning" in errors and "chmod 700" in errors
    assert os.listdir(runtime) == []


def test_the_runtime_folder_may_have_spaces_and_other_letters(
    program: Start, runtime: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strange = runtime.parent / "mé moire 🐍"
    strange.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(strange))
    one = program(STARTED + WAIT)
    one.line()
    with Client(one.record()) as client:
        assert client.request("status")["pid"] == one.pid


def test_a_signal_that_the_program_waits_for_reaches_it(program: Start) -> None:
    text = (
        "import os, signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\n"
        "os.kill(os.getpid(), signal.SIGUSR1)\nprint(signal.sigwait([signal.SIGUSR1]).name, flush=True)\n"
    )
    one = program(STARTED + WAIT + text)
    one.line()
    with one.client() as client:  # its thread has been awake and sleeps again
        client.request("status")
    one.say()
    assert one.line() == "SIGUSR1"


# STARTED, and `read` tells when the agent has read all ahead and will sleep.
READ = """
import sys, threading, time
import reload_lsp
read, engine = threading.Event(), reload_lsp._room("live.engine").Engine
def read_ahead(self, original=engine.read_ahead):
    pause = original(self)
    if pause is None:
        read.set()
    return pause
engine.read_ahead = read_ahead
reload_lsp.start()
print("ready", flush=True)
"""


def test_a_program_that_closes_all_descriptors_loses_nothing_of_its_own(program: Start, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("data")
    text = (
        "import os\nread.wait()\n"  # what the agent's thread reads meanwhile is a file of its own
        "os.closerange(3, 100)\n"
        "files = [os.open('data', os.O_RDONLY) for _ in range(20)]\n"
        "pid = os.fork()\nif not pid: os._exit(0)\nos.waitpid(pid, 0)\n"
        "reload_lsp.start()\nprint({os.read(f, 9) for f in files}, flush=True)\n"
    )
    one = program(READ + text + WAIT)
    one.line()
    assert one.line() == "{b'data'}"
    with one.client() as client:
        assert client.request("status")["pid"] == one.pid
    assert one.finish() == (0, "")


# How often the agent's thread gave up the processor in five seconds, from when all is read ahead and it looks for work again.
IDLE = """
[thread] = [t for t in threading.enumerate() if t is not threading.main_thread()]
def switches():
    text = open(f"/proc/self/task/{thread.native_id}/status").read()
    return sum(int(line.split()[1]) for line in text.splitlines() if "ctxt_switches" in line)
read.wait()
while sys._current_frames()[thread.ident].f_code.co_name != "select":
    time.sleep(0.01)
before = switches()
time.sleep(5)
print(switches() - before, flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts context switches in /proc")
def test_the_idle_thread_is_never_woken(program: Start) -> None:
    one = program(READ + IDLE)
    assert one.line() == "ready"
    assert int(one.line()) <= 1  # the one with which it fell asleep


READING = """
import importlib.machinery, sys
original = importlib.machinery.SourceFileLoader.get_data
def get_data(self, path):
    data = original(self, path)
    if path.endswith("late.py") and "said" not in globals():
        globals()["said"] = True
        print("read", flush=True)
        sys.stdin.readline()
    return data
importlib.machinery.SourceFileLoader.get_data = get_data
import late
print(late.value(), flush=True)
sys.stdin.readline()
"""


def test_a_file_that_is_saved_while_it_is_loaded(program: Start, tmp_path: Path) -> None:
    """Its bytes are read already, but nothing of it has run: what runs in the end is what the agent says."""
    late = tmp_path / "late.py"
    late.write_text("def value():\n    return 1\n")
    one = program(STARTED + READING)
    assert [one.line(), one.line()] == ["ready", "read"]
    with one.client() as client:
        client.request("loaded")
        late.write_text("def value():\n    return 22\n")
        assert client.request("knows", {"paths": [str(late)]}) == {"files": []}  # it is on its way
        one.say()
        assert one.line() == "22"
        [file] = client.next_event().params["files"]
    assert file["path"] == str(late)
    assert file["sha256"] == hashlib.sha256(late.read_bytes()).hexdigest()
    one.say()
    assert one.finish() == (0, "")
