"""A severity for each code, or silence: in the settings, and in comments."""

from pathlib import Path

import pytest
from fake_agent import finding, report
from lsprotocol import types as t

from reload_lsp.findings.values import Finding, Range
from reload_lsp.server.rules import Rules, problems_in

FOUND = Finding("1", "RLD301", "held", "warning", "held.", "/a.py", Range.of(1, 0, 1, 4))


def shown(rules: Rules, *lines: str, found: Finding = FOUND) -> list[str]:
    return [f.severity for f in rules.applied([found], lambda _: lines)]


def test_the_longest_name_counts():
    rules = Rules({"RLD3": "off", "RLD301": "error"})
    assert shown(rules, "", "x") == ["error"]
    assert rules.level("RLD316") == "off" and rules.level("RLD401") is None


@pytest.mark.parametrize(
    "lines",
    [
        ("", "pool = T()  # reload: ignore[RLD301]"),
        ("# reload: ignore[RLD303, RLD301]", "pool = T()"),
        ("# reload: ignore[RLD301]", "", "pool = T()"),
    ],
)
def test_a_comment_silences_a_code(lines):
    assert shown(Rules(), *lines) == []
    assert shown(Rules(), *(line.replace("301", "302") for line in lines)) == ["warning"]


def test_what_is_told_before_a_save_is_never_made_louder():
    quiet = Finding("1", "RLD301", "held", "hint", "on save: …", "/a.py", FOUND.range, data={"verdict": True})
    assert shown(Rules({"RLD301": "error"}), "", "x", found=quiet) == ["hint"]
    assert shown(Rules({"RLD301": "off"}), "", "x", found=quiet) == []


def test_what_makes_no_sense_is_told():
    assert problems_in({"RLD301": "off", "RLD4": "hint"}) == []
    assert "RLD999 is no code" in problems_in({"RLD999": "off"})[0]
    assert "'loud'; it must be one of error, warning" in problems_in({"RLD301": "loud"})[0]


async def test_in_the_editor(start, agent, folder):
    app: Path = folder / "app.py"
    app.write_text("a = 1\nb = 2  # reload: ignore[RLD301]\nc = 3\n")
    (folder / "pyproject.toml").write_text('[tool.reload-lsp.severity]\nRLD401 = "hint"\nRLD303 = "off"\n')
    running = await agent(app)

    async def apply(params):
        said = [(0, "RLD401"), (1, "RLD301"), (2, "RLD303")]
        return report("partial", params["cause"], 1, findings=[finding(str(app), n, 0, 1, code=c) for n, c in said])

    running.apply = apply
    editor = await start()
    await editor.attached()
    editor.open(app)
    editor.save(app)
    (found,) = await editor.diagnosed(app, "RLD401")
    assert found.severity == t.DiagnosticSeverity.Hint
    assert editor.heard("reloadLsp/status")[-1].health != "error"
