"""The program of the demo: a shop in three modules, whose baskets and counter live as long as it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Final

MODELS: Final = '''\
"""What the shop sells."""

TAX = 20
PRICES = {"tea": 3.00, "cake": 5.00}


class Basket:
    """A customer's basket."""

    def __init__(self, customer):
        self.customer = customer
        self.items = []

    def net(self):
        return sum(PRICES[item] for item in self.items)
'''

SERVICES: Final = '''\
"""What the shop does."""

from models import TAX, Basket

FACTOR = 1 + TAX / 100
baskets = {}


def basket_of(customer):
    if customer not in baskets:
        baskets[customer] = Basket(customer)
    return baskets[customer]


def gross(basket):
    return basket.net() * FACTOR
'''

API: Final = '''\
"""What the shop answers."""

import services

NOTE = f"tax: x {services.FACTOR:.2f}"
requests = 0


def answer(line):
    global requests
    requests += 1
    customer, *items = line.split()
    basket = services.basket_of(customer)
    basket.items.extend(items)
    return f"#{requests} {customer}: {', '.join(basket.items)} = {services.gross(basket):.2f} EUR ({NOTE})"
'''

MAIN: Final = '''\
"""One request a line, one answer a line."""

import sys

from api import answer


def serve():
    for line in sys.stdin:
        print(answer(line), flush=True)


print("the shop is open", flush=True)
serve()
'''

OPEN: Final = "the shop is open"
FILES: Final = {"models.py": MODELS, "services.py": SERVICES, "api.py": API, "main.py": MAIN}


def write(folder: Path) -> None:
    """Put the shop's files into `folder`."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
