"""Whatever goes wrong inside the agent, and whatever surrounds the program: it prints and ends as it would without us."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from faults_host import WANTED
from programs import CLI, ROOT, Program, environment, records

# Called by the interpreter or the program itself: nothing but a guard around one call, which is among the others.
OUTERMOST = {
    "fork.ForkHooks._ahead",
    "fork.ForkHooks._parent",
    "fork.ForkHooks._child",
    "thread._Ordinary._run",
    "start._at_exit",
    "children._changed_quietly",
    "recorder.Recorder.begin",
    "recorder.Recorder.end",
    "recorder.Recorder.has_read",
}
PARTS = 4  # they wait more than they compute
HOST = Path(__file__).with_name("faults_host.py")
SAYS = "import sys, warnings\nprint('out', flush=True)\nprint('err', file=sys.stderr)\nsys.exit(5)\n"
WARNS = "import os\npid = os.fork()\nif pid:\n    os.waitpid(pid, 0)\n    print('forked')\n"


@pytest.mark.slow
def test_any_function_of_the_agent_may_fail(runtime: Path, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text("def value():\n    return 1\n")
    bootstrap = ROOT / "reload_lsp" / "agent" / "bootstrap"
    env = environment(RELOAD_LSP_BOOTSTRAP=str(bootstrap), OWN_MODULES=str(tmp_path))
    hosts = [
        subprocess.Popen([sys.executable, HOST, str(part), str(PARTS)], env=env, stdout=subprocess.PIPE, text=True)
        for part in range(PARTS)
    ]
    told = dict(json.loads(line) for host in hosts for line in host.communicate()[0].splitlines())
    assert [host.returncode for host in hosts] == [0] * PARTS
    assert told.pop("nothing") == WANTED
    assert len(told) > 250
    assert told.keys() >= OUTERMOST
    assert {name: lines for name, lines in told.items() if lines != WANTED and name not in OUTERMOST} == {}


def bare_and_run(text: str, tmp_path: Path, options: tuple[str, ...] = (), **how: object) -> tuple[object, object]:
    """What a program prints and how it ends, started as anybody would and under `run`."""
    script = tmp_path / "app.py"
    script.write_text(text)
    program = [sys.executable, *options, str(script)]
    found = [
        subprocess.run(command, env=environment(**how.get("changes", {})), capture_output=True, text=True, check=False)
        for command in (program, [*CLI, "run", "--", *program])
    ]
    bare, under = [(one.returncode, one.stdout, one.stderr) for one in found]
    return bare, under


@pytest.mark.parametrize(
    "options", [("-W", "error"), ("-X", "dev"), ("-O",), ("-b", "-bb"), ("-B", "-u"), ("-X", "utf8=0")]
)
@pytest.mark.parametrize("text", [SAYS, WARNS])
def test_strict_interpreters(tmp_path: Path, runtime: Path, options: tuple[str, ...], text: str) -> None:
    bare, under = bare_and_run(text, tmp_path, options)
    assert under == bare


@pytest.mark.parametrize(
    "text",
    [
        "import sys\nsys.stderr.close()\nimport os\nos.close(2)\nprint('on')\nsys.exit(3)\n",
        "import sys\nsys.stdout.close()\nsys.exit(4)\n",
        "import os\nos.closerange(3, 200)\nprint('on')\n",
        "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))\nprint('on')\n",
        "import sys\nsys.setrecursionlimit(60)\nprint('on')\n",
        "import threading\nthreading.stack_size(64 * 1024)\nprint('on')\n",
        "import gc\ngc.disable(); gc.freeze()\nprint('on')\n",
        "import os\nos.chdir('/'); os.environ.clear()\nprint('on')\n",
    ],
    ids=["stderr", "stdout", "descriptors", "limit", "recursion", "stack", "gc", "environment"],
)
def test_programs_that_do_odd_things(tmp_path: Path, runtime: Path, text: str) -> None:
    bare, under = bare_and_run(text, tmp_path)
    assert under == bare


def test_a_signal_ends_it_as_it_would(run: Callable[..., Program], tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("print('ready', flush=True)\ninput()\n")
    one = run("--", sys.executable, "app.py")
    assert one.line() == "ready"
    one.process.send_signal(signal.SIGTERM)
    assert one.finish() == (-signal.SIGTERM, "")
    assert records() == []


@pytest.mark.parametrize("size", ["4k", "12k"])
def test_a_full_disk_where_the_runtime_folder_is(tmp_path: Path, runtime: Path, size: str) -> None:
    if os.geteuid() != 0:
        pytest.skip("needs root, to mount a small file system")
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=700", "none", runtime.parent], check=False
    ).returncode:
        pytest.skip("this machine mounts no tmpfs")
    try:
        with open(runtime.parent / "full", "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        bare, under = bare_and_run(SAYS, tmp_path)
        assert under == bare
    finally:
        subprocess.run(["umount", runtime.parent], check=True)
