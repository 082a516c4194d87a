"""Pictures of modules: rows, boxes around circles, the last reload marked, one file that needs nothing else."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import combinations

from reload_lsp.commands.graph import main
from reload_lsp.picture.drawing import draw
from reload_lsp.picture.mermaid import mermaid
from reload_lsp.picture.page import page, svg


def graph(**reads: str) -> dict[str, frozenset[str]]:
    return {name: frozenset(others.split()) for name, others in reads.items()}


SHOP = graph(models="", services="models", api="services models", a="b", b="a models")


def many(count: int) -> dict[str, frozenset[str]]:
    return {f"pkg.m{n}": frozenset({f"pkg.m{n // 2}", f"pkg.m{n // 3}"} - {f"pkg.m{n}"}) for n in range(count)}


def test_a_module_stands_below_those_it_reads() -> None:
    drawing = draw(SHOP)
    at = {name: box for box in drawing.boxes for name in box.names}
    assert at["models"].y < at["services"].y < at["api"].y
    assert at["a"] is at["b"] and at["a"].names == ("a", "b")
    assert [box.number for box in drawing.boxes] == [1, 2, 3, 4]


def test_an_edge_that_a_longer_way_says_too_is_left_out() -> None:
    drawing = draw(SHOP)
    named = {(drawing.boxes[a].names[0], drawing.boxes[b].names[0]) for a, b in drawing.edges}
    assert named == {("models", "services"), ("services", "api"), ("models", "a")}


def test_three_hundred_modules_do_not_cover_each_other() -> None:
    drawing = draw(many(300))
    assert sum(len(box.names) for box in drawing.boxes) == 300
    for a, b in combinations(drawing.boxes, 2):
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height <= b.y or b.y + b.height <= a.y
        assert apart, (a, b)
    assert drawing.width < 1300


def test_the_page_is_one_file_with_the_last_reload_marked() -> None:
    text = page("What reads <models>", SHOP, hot=["services"])
    assert "&lt;models&gt;" in text and "http" not in text.replace("http://www.w3.org/2000/svg", "")
    root = ET.fromstring(svg(draw(SHOP), ["services"]))
    kinds = [group.get("class") for group in root.iter() if group.tag.endswith("}g")]
    assert kinds.count("box hot") == 1 and kinds.count("box circle") == 1


def test_the_same_as_mermaid() -> None:
    assert mermaid(graph(models="", services="models"), ["services"]).splitlines() == [
        "flowchart TD",
        '  m1["models"]',
        '  m2["services"]',
        "  m1 --> m2",
        "  class m2 hot",
        "  classDef hot stroke-width:3px",
    ]
    assert "subgraph c1[circle]" in mermaid(SHOP)


def test_the_command_draws_a_folder_and_what_one_module_reaches(tmp_path, capsys) -> None:
    package = tmp_path / "shop"
    package.mkdir()
    texts = {"__init__": "", "models": "X = 1\n", "api": "from .models import X\n", "apart": ""}
    for name, text in texts.items():
        (package / f"{name}.py").write_text(text)
    output = tmp_path / "out.html"
    assert main(["--under", str(tmp_path), "-o", str(output)]) == 0
    assert "shop.apart" in output.read_text()
    assert main(["shop.models", "--under", str(tmp_path), "--format", "mermaid"]) == 0
    assert "shop.apart" not in (said := capsys.readouterr().out) and "m1 --> m2" in said
    assert main(["shop.model", "--under", str(tmp_path)]) == 2
    assert "did you mean shop.models?" in capsys.readouterr().err
