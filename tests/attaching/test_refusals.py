"""Why a program cannot be attached to: each time with the way out, and the program unharmed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import Program
from pythons import find

from reload_lsp.attaching import refusal
from reload_lsp.attaching.attach import attach
from reload_lsp.attaching.refusal import Refused

Plain = Callable[..., Program]
READY = "print('ready', flush=True)\ninput()\n"
OTHER_USER = 12345
BECOME = f"import os; os.setgroups([]); os.setresgid(*[{OTHER_USER}] * 3); os.setresuid(*[{OTHER_USER}] * 3)\n"


def refused(pid: int) -> Refused:
    with pytest.raises(Refused) as caught:
        attach(pid, 2.0)
    return caught.value


def test_no_such_process(runtime: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    why = refused(ended.pid)
    assert why.what == f"there is no process {ended.pid}"
    assert "pgrep" in why.remedy


def test_one_that_ended_unnoticed(runtime: Path) -> None:
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert "its parent has not noticed" in refused(child).what
    os.waitpid(child, 0)


def test_no_python_is_never_touched(runtime: Path) -> None:
    with subprocess.Popen(["sleep", "60"]) as one:
        assert "is no Python interpreter" in refused(one.pid).what
        assert one.poll() is None
        one.kill()


def test_another_users(plain: Plain) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to have a program of another user")
    one = plain(BECOME + READY)
    one.line()
    why = refused(one.pid)
    assert f"belongs to user {OTHER_USER}" in why.what
    assert f"sudo -u '#{OTHER_USER}' reload-lsp attach {one.pid}" in why.remedy


def test_a_stopped_one(plain: Plain) -> None:
    one = plain(READY)
    one.line()
    one.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, one.pid, os.WSTOPPED | os.WNOWAIT)
    assert refused(one.pid).remedy.endswith(f"kill -CONT {one.pid}")
    one.process.send_signal(signal.SIGCONT)


def test_a_program_with_reloading_switched_off(plain: Plain) -> None:
    one = plain(READY, RELOAD_LSP="0")
    one.line()
    assert "RELOAD_LSP=0" in refused(one.pid).what


def test_a_program_that_switches_it_off_itself(plain: Plain) -> None:
    one = plain("import os\nos.environ['RELOAD_LSP'] = '0'\n" + READY)
    one.line()
    assert "switched off in it" in refused(one.pid).what


@pytest.mark.parametrize("how", [("-X", "disable-remote-debug"), ()])
def test_remote_debugging_switched_off(plain: Plain, how: tuple[str, ...]) -> None:
    python = find("3.14")
    if python is None:
        pytest.skip("no CPython 3.14 here")
    one = plain(READY, python, how, **({} if how else {"PYTHON_DISABLE_REMOTE_DEBUG": "1"}))
    one.line()
    why = refused(one.pid)
    assert "-X disable-remote-debug or PYTHON_DISABLE_REMOTE_DEBUG" in why.what
    assert why.remedy == "start it without that, or start the program with `reload-lsp run`, which needs no such right"


def test_other_implementations_and_older_versions(runtime: Path, tmp_path: Path) -> None:
    for said, named in (("pypy 3 10 14 0", "pypy 3.10.14"), ("cpython 3 9 18 0", "cpython 3.9.18")):
        with _pretender(tmp_path, f'printf("{said}\\n"); return 0;') as one:
            why = refused(one.pid)
            assert f"runs {named}; CPython from 3.10 on" in why.what
            one.kill()


def test_a_statically_linked_one(runtime: Path, tmp_path: Path) -> None:
    with _pretender(tmp_path, 'printf("cpython 3 12 1 0\\n"); return 0;', "-static") as one:
        assert "is linked statically" in refused(one.pid).what
        assert one.poll() is None
        one.kill()


def test_an_interpreter_that_was_replaced(runtime: Path, tmp_path: Path) -> None:
    with _pretender(tmp_path, "return 0;") as one:
        os.unlink(tmp_path / "python3")
        assert "was replaced on disk" in refused(one.pid).what
        one.kill()


def test_in_a_container(plain: Plain, tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine makes no mount namespaces")
    command = ["unshare", "-m", sys.executable, "-c", "print('ready', flush=True); input()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as one:
        assert one.stdout and one.stdout.readline() == b"ready\n"
        why = refused(one.pid)
        assert "runs in a container" in why.what
        assert "--listen" in why.remedy
        one.kill()


def test_one_that_lets_nobody_look(plain: Plain) -> None:
    """A program of the same user that gave up being dumpable, as ssh-agent does."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to become another user")
    one = plain(BECOME + READY)
    one.line()
    asks = f"""
import os, sys; sys.path[:0] = {sys.path!r}
from reload_lsp.attaching.target import find
from reload_lsp.attaching.refusal import Refused
{BECOME}
try: find({one.pid})
except Refused as why: print(why.what)
"""
    said = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=False)
    assert "does not let itself be looked at" in said.stdout, said.stderr


def test_without_hypno(plain: Plain, monkeypatch: pytest.MonkeyPatch) -> None:
    one = plain(READY, find("3.11") or sys.executable)
    one.line()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    why = refused(one.pid)
    assert "needs hypno" in why.what
    assert f"{sys.executable} -m pip install 'reload-lsp[attach]'" in why.remedy


@pytest.mark.parametrize(
    ("scope", "what", "remedy"),
    [
        ("1", "only a process's own parents", "sudo sysctl kernel.yama.ptrace_scope=0"),
        ("2", "only root", "sudo sysctl kernel.yama.ptrace_scope=0"),
        ("3", "until it is started again", "reload-lsp run"),
        ("0", "does not allow", "--cap-add=SYS_PTRACE"),
        (None, "does not allow", "--cap-add=SYS_PTRACE"),
    ],
)
def test_what_the_system_forbids(scope: str | None, what: str, remedy: str) -> None:
    """Yama's levels cannot be set on every machine: what is said of them is told from the level alone."""
    why = refusal.not_permitted(1, scope)
    assert what in why.what
    assert remedy in why.remedy


def test_a_right_that_is_missing_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusal, "yama", lambda: "1")
    for said in (
        "PermissionError: [Errno 13] Permission denied: '/proc/7/maps'",
        "PTRACE_ATTACH error : Operation not permitted",
    ):
        assert "ptrace_scope is 1" in refusal.explained(7, said).what


def _pretender(folder: Path, answer: str, *options: str) -> subprocess.Popen[bytes]:
    """A program named like an interpreter: with arguments it answers as `answer` says, without it sleeps."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler here")
    source = folder / "pretender.c"
    source.write_text(
        "#include <stdio.h>\n#include <unistd.h>\n"
        f"int main(int count, char **words) {{ if (count > 1) {{ {answer} }} pause(); return 0; }}\n"
    )
    subprocess.run([compiler, *options, source, "-o", folder / "python3"], check=True)
    return subprocess.Popen([folder / "python3"])
