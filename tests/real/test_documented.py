"""docs/frameworks.md says of every edit what its test expects."""

from __future__ import annotations

from pathlib import Path

import pytest
import test_bepasty
import test_networkx
import test_oscar
import test_plombery
import test_posting

PAGE = (Path(__file__).parents[2] / "docs" / "frameworks.md").read_text(encoding="utf-8")
EDITS = [e for m in (test_bepasty, test_networkx, test_oscar, test_plombery, test_posting) for e in m.EDITS]


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.what)
def test_every_edit_stands_in_the_page_with_its_result(edit: test_bepasty.Edit) -> None:
    assert f"| {edit.what} | {edit.result} |" in PAGE
