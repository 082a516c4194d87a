"""A program with Qt windows (offscreen): slots and connections follow, and statements run in the thread of the windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import installed
from looping import WINDOWS, Looping, looping

pytestmark = pytest.mark.slow

BINDINGS = {"PySide6": WINDOWS, "PyQt6": ("PyQt6==6.11.0",)}
APP = """\
import sys
from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

app = QApplication(sys.argv)
import shop


def answer():
    print("=", repr(eval(sys.stdin.readline(), vars(shop))), flush=True)


if __name__ == "__main__":
    asked = QSocketNotifier(0, QSocketNotifier.Type.Read)
    asked.activated.connect(answer)
    print("ready", flush=True)
    sys.exit(app.exec())
"""
TEXTS = 'TITLE = "shop"\nHINT = "buy something"\n'
SHOP = """\
import functools
import threading
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
import texts

sold = []
where = "import"


class Counter(QWidget):
    def __init__(self):
        super().__init__()
        self.sell = QPushButton("sell")
        self.sell.clicked.connect(self.on_sell)

    def on_sell(self):
        sold.append("sold 1")

    def note(self):
        sold.append("noted")


def on_buy():
    sold.append("bought 1")


def on_gift():
    sold.append("gift")


def click(button):
    sold.clear()
    button.click()
    return sold


window = QWidget()
layout = QVBoxLayout(window)
title = QLabel(texts.HINT)
layout.addWidget(title)
window.setWindowTitle(texts.TITLE)
buy, give, pack, send, drop = buttons = [QPushButton(name) for name in ("buy", "give", "pack", "send", "drop")]
buy.clicked.connect(on_buy)
give.clicked.connect(on_buy)
pack.clicked.connect(lambda: sold.append("packed 1"))
send.clicked.connect(functools.partial(sold.append, "sent 1"))
drop.clicked.connect(on_buy)
counter = Counter()
noted = QPushButton("noted")
noted.clicked.connect(counter.note)
noted.clicked.connect(counter.note)
window.show()
"""


@pytest.fixture(scope="module", params=["PySide6", pytest.param("PyQt6", marks=pytest.mark.longrun)])
def shop(request: pytest.FixtureRequest, folder: Path) -> Iterator[Looping]:
    python = installed("windows" if request.param == "PySide6" else "pyqt6", *BINDINGS[request.param]) / "python"
    texts = {"app": APP, "shop": SHOP, "texts": TEXTS}
    texts = {name: text.replace("PySide6", request.param) for name, text in texts.items()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QT_QPA_PLATFORM", "offscreen")
        with looping(folder, python, texts) as made:
            yield made


def test_slots_follow_where_they_are_connected(shop: Looping) -> None:
    assert shop.ask("click(buy)") == ["bought 1"]
    assert shop.save("shop", '"bought 1"', '"bought 2"') == []
    assert shop.save("shop", '"sold 1"', '"sold 2"') == []
    assert shop.ask("click(buy), click(counter.sell)[:]") == (["sold 2"], ["sold 2"])


def test_statements_run_in_the_thread_of_the_windows(shop: Looping) -> None:
    assert shop.save("shop", '"import"', "threading.current_thread().name") == []
    assert shop.ask("where") == "MainThread"


def test_a_timer_of_an_edited_statement_fires(shop: Looping) -> None:
    """In any other thread it would belong to a loop that nobody runs."""
    added = (
        'timer = QTimer()\ntimer.timeout.connect(lambda: print("fired", flush=True))\ntimer.start(1)\nwindow.show()\n'
    )
    assert shop.save("shop", "window.show()\n", added) == []
    shop.program.said.wait_for("fired")
    shop.ask("timer.stop()")


def test_a_text_from_a_constant_follows(shop: Looping) -> None:
    assert shop.save("texts", '"shop"', '"the shop"') == []
    assert shop.ask("window.windowTitle()") == "the shop"
    assert shop.save("texts", '"buy something"', '"buy more"') == ["RLD316", "RLD204"]  # a constructor's argument: said


def test_an_added_connection_is_made_once(shop: Looping) -> None:
    added = 'counter.sell.clicked.connect(lambda: sold.append("added"))\ncounter2 = 1\nwindow.show()\n'
    assert shop.save("shop", "window.show()\n", added) == []
    assert shop.ask("click(counter.sell)") == ["sold 2", "added"]
    assert shop.save("shop", "counter2 = 1", "counter2 = 2") == []
    assert shop.ask("click(counter.sell)") == ["sold 2", "added"]


def test_an_edited_connection_takes_the_place_of_the_one_before(shop: Looping) -> None:
    assert shop.save("shop", "give.clicked.connect(on_buy)", "give.clicked.connect(on_gift)") == []
    assert shop.ask("click(give)") == ["gift"]
    assert shop.save("shop", '"packed 1"', '"packed 2"') == []
    assert shop.ask("click(pack)") == ["packed 2"]
    assert shop.save("shop", '"sent 1"', '"sent 2"') == ["RLD307"]


def test_of_two_connections_to_one_method_the_other_stays(shop: Looping) -> None:
    twice = "noted.clicked.connect(counter.note)\n" * 2
    once = "noted.clicked.connect(counter.note)\nnoted.clicked.connect(on_gift)\n"
    assert shop.ask("click(noted)") == ["noted", "noted"]
    assert shop.save("shop", twice, once) == []
    assert shop.ask("sorted(click(noted))") == ["gift", "noted"]


def test_a_removed_connection_is_gone_where_it_can_be_told(shop: Looping) -> None:
    assert shop.save("shop", "drop.clicked.connect(on_buy)\n", "") == []
    assert shop.ask("click(drop)") == []


def test_a_slot_that_is_renamed_is_connected_as_often_as_before(shop: Looping) -> None:
    more = "def on_wrap():\n    sold.append('wrapped')\n\n\nwrap = QPushButton('wrap')\n"
    twice = "wrap.clicked.connect(on_wrap)\n" * 2
    assert shop.save("shop", "window.show()\n", f"{more}{twice}window.show()\n") == []
    assert shop.ask("click(wrap)") == ["wrapped", "wrapped"]
    renamed = "wrap.clicked.connect(on_pack)\n" * 2
    edited = more.replace("on_wrap", "on_pack") + renamed
    assert shop.save("shop", more + twice, edited) == []
    assert shop.ask("click(wrap)") == ["wrapped", "wrapped"]


def test_a_call_that_is_gone_opens_no_second_window(shop: Looping) -> None:
    shown = "[w.isVisible() for w in QApplication.topLevelWidgets()].count(True)"
    windows = shop.ask(shown)
    assert shop.save("shop", "window.setWindowTitle(texts.TITLE)\n", "") == ["RLD316"]
    assert shop.ask(shown) == windows


def test_what_a_window_was_made_of_is_said(shop: Looping) -> None:
    assert shop.save("shop", 'QPushButton("sell")', 'QPushButton("sell!")') == ["RLD609"]
    assert shop.save("shop", 'QPushButton("sell!")', 'QPushButton("sell")') == []
