"""The documentation says what is there: every code has its section, every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reload_lsp.findings.catalogue import CATALOGUE

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub and the documentation's site give to a page's headings."""
    found = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in found}


def test_every_code_has_its_section_and_no_section_is_without_a_code() -> None:
    page = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    sections = re.findall(r"^## (RLD\d+)\n\n`([a-z0-9-]+)`, ([a-z-]+), ([a-z]+)\.", page, re.MULTILINE)
    assert sections == [(e.code, e.name, e.verdict, e.severity) for e in CATALOGUE.values()]
    assert len(re.findall(r"^## ", page, re.MULTILINE)) == len(sections)


def test_every_section_has_an_example_a_reason_and_a_way_out() -> None:
    page = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    for section in re.split(r"^## ", page, flags=re.MULTILINE)[1:]:
        assert "```" in section and "*Why:*" in section and "*Way out:*" in section, section[:6]


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    lost = []
    for target in LINK.findall(prose(page)):
        if target.startswith(("http:", "https:", "mailto:")):
            continue
        name, _, anchor = target.partition("#")
        other = (page.parent / name).resolve() if name else page
        if not other.exists() or (anchor and anchor not in anchors(other)):
            lost.append(target)
    assert not lost
