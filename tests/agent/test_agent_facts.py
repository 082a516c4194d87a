"""Facts asked for over the wire while a text is being edited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from programs import STARTED, WAIT, Program

from reload_lsp.wire.errors import WireError

Start = Callable[..., Program]


def test_names_are_answered_and_unknown_ones_left_out(program: Start, tmp_path: Path) -> None:
    (tmp_path / "lib.py").write_text("class K:\n    pass\nheld = [K(), K()]\nplain = {'a': 1}\n")
    one = program("import lib\n" + STARTED + WAIT)
    one.line()
    with one.client() as client:
        answer = client.request(
            "facts",
            {
                "classes": [["lib", "K"], ["lib", "Nobody"], ["nowhere", "K"]],
                "values": [["lib", "held"], ["lib", "plain"]],
                "functions": [["lib", "nothing"]],
            },
        )
    assert answer["classes"] == [["lib", "K", 2, True]]
    assert answer["values"] == [["lib", "held", False], ["lib", "plain", True]]
    assert answer["functions"] == []


@pytest.mark.parametrize("wrong", [{"classes": "K"}, {"values": [["a"]]}, {"functions": [[1, 2]]}, {"budgetMs": "x"}])
def test_what_is_no_question_is_refused(program: Start, wrong: dict[str, object]) -> None:
    one = program(STARTED + WAIT)
    one.line()
    with one.client() as client, pytest.raises(WireError):
        client.request("facts", wrong)
