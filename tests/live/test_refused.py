"""Registries that keep what they have: an edited registration that runs again without effect is said."""

from __future__ import annotations

import pytest
from live_project import Project, said

ITEM = "class Item:\n    def __init__(self, name, price):\n        self.name, self.price = name, price\n"
STRICT = """\
class Shop:
    def __init__(self):
        self.items = {}
    def add(self, item):
        if item.name in self.items:
            return
        self.items[item.name] = item

shop = Shop()

def sell(name, price):
    shop.add(Item(name, price))
"""
LENIENT = STRICT.replace("        if item.name in self.items:\n            return\n", "")
CHANGING = STRICT.replace(
    "            return\n", "            self.items[item.name].price = item.price\n            return\n"
)
USE = "from shop import sell, shop\nOTHERS = [1, 2]\nsell('bread', 3)\nsell('milk', 1)\n"


@pytest.mark.parametrize(
    ("shop", "codes"), [(STRICT, ["RLD307"]), (LENIENT, []), (CHANGING, [])], ids=["keeps", "takes", "sets"]
)
def test_said_where_the_entry_stays(project: Project, shop: str, codes: list[str]) -> None:
    _, use = project.load(shop=ITEM + shop, use=USE)
    assert said(project.save(use=USE.replace("3", "4"))) == codes
    assert use.shop.items["bread"].price == (3 if codes else 4)


def test_not_said_when_the_edit_is_taken_back(project: Project) -> None:
    project.load(shop=ITEM + STRICT, use=USE)
    assert said(project.save(use=USE.replace("3", "4"))) == ["RLD307"]
    assert said(project.save(use=USE.replace("3", "5"))) == ["RLD307"]
    assert said(project.save(use=USE)) == []
    assert said(project.save(use=USE.replace("3", "4"))) == ["RLD307"]


def test_a_new_name_is_another_entry(project: Project) -> None:
    _, use = project.load(shop=ITEM + STRICT, use=USE)
    project.save(use=USE.replace("'bread', 3", "'cake', 9"))
    assert use.shop.items["cake"].price == 9
