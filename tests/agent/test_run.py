"""`reload-lsp run`: any way to start a Python, the agent inside, the program as it would be without."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from programs import CLI, ROOT, Program, environment, records

Run = Callable[..., Program]
PYTHON = sys.executable
HERE = "print('here', flush=True); input()"
TRACES = """
import os, sys
print([p for p in sys.path if "reload" in p], os.environ.get("PYTHONPATH"), "sitecustomize" in sys.modules)
print("reload_lsp" in sys.modules, [p for p in sys.path_importer_cache if "bootstrap" in p], flush=True)
"""


def output(*command: str, cwd: Path | None = None, **changes: str | None) -> tuple[int, str, str]:
    done = subprocess.run(
        list(command), env=environment(**changes), cwd=cwd, capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(HERE)
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__main__.py").write_text(HERE)
    tool = tmp_path / "tool"
    tool.write_text(f"#!{PYTHON}\n{HERE}\n")
    tool.chmod(0o755)
    shell = tmp_path / "shell"
    shell.write_text(f'#!/bin/sh\n"{PYTHON}" app.py\n')
    shell.chmod(0o755)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(PYTHON)
    return tmp_path


@pytest.mark.parametrize(
    "command, name",
    [
        (["--", PYTHON, "app.py"], "app.py"),
        ([PYTHON, "app.py"], "app.py"),
        (["--", PYTHON, "-m", "pkg"], "pkg"),
        (["--", PYTHON, "-c", HERE], "-c"),
        (["--", PYTHON, "-X", "utf8", "-u", "app.py"], "app.py"),
        (["app.py"], "app.py"),
        (["-m", "pkg"], "pkg"),
        (["--", "-c", HERE], "-c"),
        (["--restart", "never", "--", "app.py"], "app.py"),
        (["--restart=never", "./tool"], "tool"),
    ],
)
def test_every_form_of_command_gets_the_agent(run: Run, project: Path, command: list[str], name: str) -> None:
    one = run(*command, PATH=f"{project / 'bin'}{os.pathsep}{os.environ['PATH']}", VIRTUAL_ENV=None)
    assert one.line() == "here"
    record = one.record()
    assert (record.pid, record.name) == (one.pid, name)
    one.say()
    assert one.finish() == (0, "")


def test_a_command_that_starts_a_python_gets_the_agent_into_it(run: Run, project: Path) -> None:
    one = run("./shell")
    one.line()
    assert [r.name for r in records()] == ["app.py"]
    one.say()
    assert one.finish() == (0, "")


def test_the_active_virtual_environments_python_is_the_users(run: Run, project: Path) -> None:
    venv = project / "my venv é"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").write_text(f'#!/bin/sh\nexec "{PYTHON}" "$@"\n')
    (venv / "bin" / "python").chmod(0o755)
    one = run("app.py", VIRTUAL_ENV=str(venv), PATH="/nonexistent")
    assert one.line() == "here"
    assert one.record().name == "app.py"


def test_nothing_of_ours_is_seen_by_the_program(run: Run, tmp_path: Path) -> None:
    one = run("--", PYTHON, "-c", TRACES)
    assert [one.line(), one.line()] == ["[] None False", "False []"]


@pytest.mark.parametrize("path", ["/first:/second", "/only", "", ":/second", "/first:", "/a::/b"])
def test_the_users_pythonpath_is_as_it_was(runtime: Path, path: str) -> None:
    look = "import os, sys; print(sys.path, os.environ.get('PYTHONPATH') or None)"
    plain = output(PYTHON, "-c", look, PYTHONPATH=path)
    assert output(*CLI, "run", "--", PYTHON, "-c", look, PYTHONPATH=path) == plain


@pytest.mark.parametrize("flag", ["-E", "-I", "-S", "-Es", "-BS"])
def test_an_interpreter_that_keeps_the_agent_out_runs_all_the_same(runtime: Path, flag: str) -> None:
    look = "import os, sys; print(sys.path, os.environ.get('PYTHONPATH'), '_reload_lsp_agent' in sys.modules)"
    code, said, errors = output(*CLI, "run", "--", PYTHON, flag, "-c", look)
    assert (code, said) == output(PYTHON, flag, "-c", look)[:2]
    assert "keeps the agent out" in errors


@pytest.mark.parametrize("flag", ["-E", "-I", "-S"])
def test_a_script_that_keeps_the_agent_out_by_itself_runs_all_the_same(
    runtime: Path, tmp_path: Path, flag: str
) -> None:
    tool = tmp_path / "tool"
    tool.write_text(f"#!{PYTHON} {flag}\nprint('here')\n")
    tool.chmod(0o755)
    assert output(*CLI, "run", str(tool)) == (0, "here\n", "")


def test_the_shadowed_sitecustomize_runs(runtime: Path, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.chained = __file__; HERE = 1\n")
    look = "import sys, sitecustomize as s; print(sys.chained, s.HERE, '_reload_lsp_agent' in sys.modules)"
    code, said, errors = output(*CLI, "run", "--", PYTHON, "-c", look, PYTHONPATH=str(tmp_path))
    assert (code, said, errors) == (0, f"{tmp_path / 'sitecustomize.py'} 1 True\n", "")


@pytest.mark.parametrize("text", ["raise SystemExit(5)", "raise ValueError('x')", "import nonexistent_module"])
def test_a_shadowed_sitecustomize_fails_as_it_would(runtime: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "sitecustomize.py").write_text(text)
    plain = output(PYTHON, "-c", "print(1)", PYTHONPATH=str(tmp_path))
    assert output(*CLI, "run", "--", PYTHON, "-c", "print(1)", PYTHONPATH=str(tmp_path))[:2] == plain[:2]


@pytest.mark.parametrize(
    "text",
    [
        "print('out'); import sys; print('err', file=sys.stderr)",
        "raise SystemExit(41)",
        "raise SystemExit('a message')",
        "1/0",
        "import os; os.kill(os.getpid(), 9)",
        "import os; os.kill(os.getpid(), 2)",
        "import os; os._exit(9)",
        "import threading; print(threading.current_thread().name)",
        "import os; print(sorted(k for k in os.environ if k != 'RELOAD_LSP_BOOTSTRAP' and k != 'LC_CTYPE'))",
        "import logging, signal; print(logging.root.handlers, signal.getsignal(2))",
        "import warnings; print(warnings.filters)",
    ],
)
def test_output_and_exit_code_are_the_programs(runtime: Path, text: str) -> None:
    assert output(*CLI, "run", "--", PYTHON, "-c", text) == output(PYTHON, "-c", text)


def test_standard_input_is_the_programs(runtime: Path) -> None:
    done = subprocess.run(
        [*CLI, "run", "--", PYTHON, "-c", "print(input())"],
        input="word\n",
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.stdout == "word\n"


def test_switched_off_nothing_is_in_the_program(runtime: Path) -> None:
    look = "import os, sys; print('_reload_lsp_agent' in sys.modules, os.environ.get('PYTHONPATH'))"
    assert output(*CLI, "run", "--", PYTHON, "-c", look, RELOAD_LSP="0") == (0, "False None\n", "")
    assert not runtime.exists()


def test_a_runtime_folder_that_cannot_be_used_is_not_the_programs_fault(runtime: Path, tmp_path: Path) -> None:
    runtime.mkdir()
    runtime.chmod(0o777)
    log = tmp_path / "log"
    done = output(*CLI, "run", "--", PYTHON, "-c", "print(1)", RELOAD_LSP_LOG=str(log))
    assert done == (0, "1\n", "")
    assert "chmod 700" in log.read_text()


@pytest.mark.parametrize(
    "command, code, said",
    [
        (["--", "no-such-command"], 127, "no command `no-such-command`"),
        (["--", "/"], 126, "cannot be run"),
        ([], 2, "name the command"),
        (["--nonsense", "x"], 2, "no option --nonsense"),
        (["--restart", "perhaps", "x"], 2, "--restart takes"),
    ],
)
def test_what_cannot_be_run_is_said(runtime: Path, command: list[str], code: int, said: str) -> None:
    done = output(*CLI, "run", *command)
    assert done[0] == code
    assert said in done[2]
    assert "Traceback" not in done[2]


@pytest.mark.parametrize("version", ["2.7", "3.6", "3.8", "3.9"])
def test_an_older_python_runs_without_the_agent(runtime: Path, version: str) -> None:
    python = _other_python(version)
    look = "import os, sys; print(str(sys.path).count('bootstrap'))"
    assert output(*CLI, "run", "--", python, "-c", look) == (0, "0\n", "")
    assert not list((ROOT / "reload_lsp" / "agent" / "bootstrap").glob("*.pyc"))  # Python 2 writes beside the source


@pytest.mark.parametrize("version", ["3.10", "3.11", "3.12", "3.13"])
def test_another_python_needs_nothing_of_ours(run: Run, version: str) -> None:
    one = run("--", _other_python(version), "-c", HERE)
    assert one.line() == "here"
    with one.client() as client:
        assert client.hello("test")["python"].startswith(version)


@pytest.mark.parametrize("how", ["subprocess", "own environment", "spawn", "forkserver", "exec", "os.spawnv"])
def test_children_attach_by_themselves(run: Run, tmp_path: Path, how: str) -> None:
    (tmp_path / "child.py").write_text("print('child', flush=True); input()")
    bodies = {
        "subprocess": "subprocess.run([sys.executable, 'child.py'])",
        "own environment": "subprocess.run([sys.executable, 'child.py'], env={**os.environ, 'MORE': '1'})",
        "exec": "subprocess.Popen([sys.executable, '-c', EXEC]).wait()",
        "os.spawnv": "os.spawnv(os.P_WAIT, sys.executable, [sys.executable, 'child.py'])",
        "spawn": "process('spawn')",
        "forkserver": "process('forkserver')",
    }
    (tmp_path / "parent.py").write_text(
        "import multiprocessing, os, subprocess, sys\n"
        "EXEC = 'import os, sys; os.execl(sys.executable, sys.executable, \"child.py\")'\n"
        "def work(end):\n    print('child', flush=True); end.recv()\n"
        "def process(how):\n"
        "    context = multiprocessing.get_context(how); mine, theirs = context.Pipe()\n"
        "    child = context.Process(target=work, args=(theirs,)); child.start()\n"
        "    input(); mine.send(0); child.join()\n"
        f"if __name__ == '__main__':\n    {bodies[how]}\n"
    )
    one = run("--", PYTHON, "parent.py")
    assert one.line() == "child"
    assert len(records()) >= 2
    one.say()
    assert one.finish() == (0, "")


def test_a_child_with_an_environment_of_its_own_is_left_alone(run: Run) -> None:
    child = "import sys; print('_reload_lsp_agent' in sys.modules)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], env={{}})"
    one = run("--", PYTHON, "-c", parent)
    assert one.line() == "False"


def test_tools_are_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pip").write_text("from _reload_lsp_agent.agent import start; print(start._agent)")
    one = run("--", PYTHON, "pip")
    assert one.line() == "None"


def test_launchers_pass_the_agent_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "poetry").write_text(f"import os, sys; os.execv(sys.executable, [sys.executable, '-c', {HERE!r}])")
    one = run("--", PYTHON, "poetry")
    assert one.line() == "here"
    assert one.record().name == "-c"


def test_the_installed_package_hands_over_to_the_running_agent(run: Run, tmp_path: Path) -> None:
    copy = tmp_path / "site"
    shutil.copytree(ROOT / "reload_lsp", copy / "reload_lsp", ignore=shutil.ignore_patterns("__pycache__"))
    text = (
        "import warnings; warnings.simplefilter('always')\nimport reload_lsp, _reload_lsp_agent\n"
        "reload_lsp.start(); reload_lsp.reload()\n"
        "print(reload_lsp.__file__ != _reload_lsp_agent.__file__, len(__import__('threading').enumerate()))\n"
    )
    (tmp_path / "app.py").write_text(text)
    assert output(*CLI, "run", "app.py", cwd=tmp_path, PYTHONPATH=str(copy)) == (0, "True 2\n", "")
    version = copy / "reload_lsp" / "wire" / "version.py"
    version.write_text(version.read_text().replace("VERSION = ", "VERSION = '99.0'  # "))
    code, said, errors = output(*CLI, "run", "app.py", cwd=tmp_path, PYTHONPATH=str(copy))
    assert (code, said) == (0, "True 2\n")
    assert errors.count("RuntimeWarning") == 1 and "99.0" in errors


def test_it_adds_no_more_than_a_few_bare_starts(runtime: Path) -> None:
    bare, ours = [PYTHON, "-c", "pass"], [PYTHON, "-m", "reload_lsp", "run", "--", PYTHON, "-c", "pass"]
    once(bare), once(ours)
    plain = min(once(bare) for _ in range(15))
    under = min(once(ours) for _ in range(15))
    assert under - plain <= 8 * plain, f"bare {plain * 1000:.1f} ms, under run {under * 1000:.1f} ms"


def once(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=environment(), cwd=ROOT, check=True)
    return time.perf_counter() - began


def _other_python(version: str) -> str:
    found = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python")) or shutil.which(f"python{version}")
    if not found:
        pytest.skip(f"no Python {version} here")
    return str(found[0] if isinstance(found, list) else found)
