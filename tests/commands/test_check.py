"""`reload-lsp check` on a real repository: what is compared, what it says, in which format, with which exit code."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from reload_lsp.commands.check import main

CONFIG = "WORKERS = 2\n\n\ndef double(n):\n    return n * 2\n"
APP = "import threading\nfrom shop.config import WORKERS\n\npool = threading.Thread(name=str(WORKERS))\n"


def git(repository: Path, *arguments: str) -> None:
    name = ["-c", "user.name=a", "-c", "user.email=a@b"]
    subprocess.run(["git", *name, *arguments], cwd=repository, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "config.py").write_text(CONFIG)
    (package / "app.py").write_text(APP)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def edit(repository: Path, before: str, after: str, file: str = "config") -> None:
    path = repository / "src" / "shop" / f"{file}.py"
    path.write_text(path.read_text().replace(before, after))


def test_nothing_changed(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out == "No Python file changed.\n"


def test_a_body_reloads(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(repository, "n * 2", "n * 3")
    assert main([]) == 0
    assert capsys.readouterr().out == "1 file changed: patch 1 function. The change would reload.\n"


def test_an_effect_that_would_be_repeated_does_not(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(repository, "WORKERS = 2", "WORKERS = 3")
    assert main([]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("src/shop/app.py:4:1: warning RLD301 (held): pool is not run again although WORKERS")
    assert said[1:3] == ["  4 | pool = threading.Thread(name=str(WORKERS))", "    | " + "^" * 42]
    assert said[-1].endswith("The change would not reload by itself.")


def test_two_revisions_and_the_index(repository: Path) -> None:
    edit(repository, "n * 2", "n * 3")
    git(repository, "commit", "-qam", "second")
    edit(repository, "WORKERS = 2", "WORKERS = 3")
    assert (main(["HEAD~1..HEAD"]), main(["--staged"]), main(["HEAD~1"])) == (0, 0, 1)
    git(repository, "add", ".")
    assert main(["--staged"]) == 1


def test_a_text_that_does_not_compile(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(repository, "return n", "return = n")
    assert main([]) == 1
    assert "config.py:5:1: error RLD901 (refused): refused: invalid syntax." in capsys.readouterr().out


def test_a_file_that_goes_and_is_still_imported(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "src" / "shop" / "config.py").unlink()
    assert main([]) == 1
    assert "RLD516" in capsys.readouterr().out


def test_what_the_user_says_about_codes_counts(repository: Path) -> None:
    edit(repository, "WORKERS = 2", "WORKERS = 3")
    (repository / "pyproject.toml").write_text('[tool.reload-lsp.severity]\nRLD301 = "off"\n')
    assert main([]) == 0
    (repository / "pyproject.toml").unlink()
    edit(repository, "(WORKERS))", "(WORKERS))  # reload: ignore[RLD301]", "app")
    assert main([]) == 0


def test_for_programs_and_for_readers_of_sarif(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(repository, "WORKERS = 2", "WORKERS = 3")
    assert main(["--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["reloads"], found["modules"]) == (False, ["shop.config", "shop.app"])
    assert [step["action"] for step in found["steps"]] == ["run", "rerun", "hold"]
    assert main(["--format", "sarif"]) == 1
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("RLD301", "warning")
    region = result["locations"][0]["physicalLocation"]
    assert region["artifactLocation"]["uri"] == "src/shop/app.py" and region["region"]["startLine"] == 4


def test_for_github(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(repository, "WORKERS = 2", "WORKERS = 3")
    assert main(["--format", "github"]) == 1
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("::warning file=src/shop/app.py,line=4,col=1,title=RLD301 thread-started::pool is not")


def test_what_git_does_not_know_is_an_error(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["nowhere..HEAD"]) == 2
    assert main(["--under", str(tmp_path_factory.mktemp("plain"))]) == 2
    assert capsys.readouterr().err.count("reload-lsp check: ") == 2
