"""Old code that is running: the mark stands while it does, through further edits, and goes by itself when it ends."""

import pytest
from real import ANSWERING, launch

JOBS = """import threading

stop = threading.Event()


def spin():
    while True:
        if stop.wait(0.001):
            raise SystemExit


def rows():
    yield 1
    yield 2
"""
APP = (
    "import jobs\nimport threading\n\n"
    "worker = threading.Thread(target=jobs.spin, name='worker-1', daemon=True)\nworker.start()\nrows = jobs.rows()\n"
    "next(rows)\n" + ANSWERING
)


@pytest.fixture
async def program(folder):
    (folder / "jobs.py").write_text(JOBS, encoding="utf-8")
    (folder / "app.py").write_text(APP, encoding="utf-8")
    started = await launch(folder / "app.py")
    yield started
    await started.kill()


@pytest.mark.parametrize("name", ["visual-studio-code", "neovim", "emacs"])
async def test_a_thread_in_the_old_loop(start, program, folder, name):
    jobs, editor = folder / "jobs.py", await start(name)
    await editor.attached()
    editor.open(jobs)
    editor.save(jobs, JOBS.replace("0.001", "0.002"))
    (shown,) = await editor.diagnosed(jobs, "RLD402")
    assert "Thread worker-1 still runs the old spin, line " in shown.message
    editor.save(jobs, "'''Jobs.'''\n\n" + JOBS.replace("0.001", "0.002"))
    await editor.until(lambda: len(editor.reloads_of(jobs)) == 2)
    (shown,) = await editor.diagnosed(jobs, "RLD402")
    assert shown.range.start.line == 7, "the function stands two lines lower, and the thread is still in the old one"
    assert await program.ask("[jobs.stop.set(), worker.join()]") == "[None, None]"
    await editor.diagnosed(jobs)


async def test_a_generator_in_the_old_text(start, program, folder):
    jobs, editor = folder / "jobs.py", await start("neovim")
    await editor.attached()
    editor.open(jobs)
    editor.save(jobs, JOBS.replace("yield 2", "yield 3"))
    await editor.diagnosed(jobs, "RLD403")
    assert await program.ask("globals().pop('rows').close()") == "None"
    await editor.diagnosed(jobs)
