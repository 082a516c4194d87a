"""A real Emacs with eglot, in batch, against a real program."""

import asyncio

from editors import HERE, environment, marks, program, report
from real import ANSWERING, launch

MINUTE = 60.0
pytestmark = marks("emacs")

APP = "def answer(): return 41\n" + ANSWERING


async def test_saving_the_buffer_reloads_the_program(folder, tmp_path):
    # Emacs 30's eglot shows no diagnostics below a folder with non-ASCII letters: it does not decode the URI.
    folder = folder.rename(tmp_path / "my program")
    (folder / "app.py").write_text(APP, encoding="utf-8")
    own = tmp_path / "emacs"
    running = await launch(folder / "app.py")
    try:
        emacs = await asyncio.create_subprocess_exec(
            str(program("emacs")), "--batch", "-Q", "-l", str(HERE / "emacs" / "save.el"),
            cwd=folder, env=environment(own), stdin=-3, stdout=-1, stderr=-2,
        )  # fmt: skip
        said, _ = await asyncio.wait_for(emacs.communicate(), MINUTE)
        assert emacs.returncode == 0, (report(own), said.decode("utf-8", "replace"))
        assert await running.ask("answer()") == "42"
    finally:
        await running.kill()
    lines = report(own)
    assert "ok clean" in lines
    assert "underlined unsafe" in lines, "an accent and an emoji stand before the name"
    assert any("RLD901" in line or "refused" in line for line in lines if line.startswith("text "))
    assert "action Reload all changed files" in lines
