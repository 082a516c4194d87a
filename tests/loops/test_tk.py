"""A program with Tk windows on a real X server (Xvfb): commands, bindings and texts follow, in the thread of the windows."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from looping import Looping, looping
from pythons import EDITORS

XVFB = EDITORS / "bin" / "Xvfb"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not XVFB.exists(), reason=f"no Xvfb in {EDITORS}: run tests/editors/setup.sh"),
]

APP = """\
import sys
import tkinter as tk
import shop


def answer(*_):
    print("=", repr(eval(sys.stdin.readline(), vars(shop))), flush=True)


if __name__ == "__main__":
    shop.root.createfilehandler(0, tk.READABLE, answer)
    print("ready", flush=True)
    shop.root.mainloop()
"""
TEXTS = 'TITLE = "shop"\nHINT = "buy something"\n'
SHOP = """\
import threading
import tkinter as tk
import texts

sold = []
where = "import"
root = tk.Tk()


class Counter(tk.Frame):
    def __init__(self, parent):
        super().__init__(parent)
        self.sell = tk.Button(self, text="sell", command=self.on_sell)

    def on_sell(self):
        sold.append("sold 1")


def on_buy():
    sold.append("bought 1")


def on_gift():
    sold.append("gift")


def on_key(event=None):
    sold.append("key 1")


def press(button):
    sold.clear()
    button.invoke()
    return sold


def strike(name):
    sold.clear()
    root.event_generate(f"<<{name}>>")
    return sold


root.title(texts.TITLE)
title = tk.Label(root, text=texts.HINT)
title.pack()
buy = tk.Button(root, text="buy", command=on_buy)
buy.pack()
give = tk.Button(root, command=lambda: sold.append("gave 1"))
give.pack()
send = tk.Button(root)
send.config(command=on_buy)
root.bind("<<Key>>", on_key)
root.bind("<<Late>>", on_key)
counter = Counter(root)
counter.pack()
root.update()
"""


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    """The name of a display."""
    reading, writing = os.pipe()
    command = [XVFB, "-displayfd", str(writing), "-screen", "0", "320x240x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as numbers:
            yield f":{int(numbers.readline())}"
        server.terminate()


@pytest.fixture(scope="module")
def shop(screen: str, folder: Path) -> Iterator[Looping]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", screen)
        with looping(folder, Path(sys.executable), {"app": APP, "shop": SHOP, "texts": TEXTS}) as made:
            yield made


def test_commands_follow_where_they_are(shop: Looping) -> None:
    assert shop.ask("press(buy)") == ["bought 1"]
    assert shop.save("shop", '"bought 1"', '"bought 2"') == []
    assert shop.save("shop", '"sold 1"', '"sold 2"') == []
    assert shop.save("shop", '"key 1"', '"key 2"') == []
    assert shop.ask("press(buy)[:], press(counter.sell)[:], strike('Key')[:]") == (["bought 2"], ["sold 2"], ["key 2"])


def test_statements_run_in_the_thread_of_the_windows(shop: Looping) -> None:
    assert shop.save("shop", '"import"', "threading.current_thread().name") == []
    assert shop.ask("where") == "MainThread"


def test_a_text_from_a_constant_follows(shop: Looping) -> None:
    assert shop.save("texts", '"shop"', '"the shop"') == []
    assert shop.ask("root.title()") == "the shop"
    assert shop.save("texts", '"buy something"', '"buy more"') == []
    labels = "[w.cget('text') for w in root.winfo_children() if type(w) is tk.Label and w.winfo_manager()]"
    assert shop.ask(f"title.cget('text'), {labels}") == ("buy more", ["buy more"])


def test_an_added_handler_is_added_once(shop: Looping) -> None:
    added = 'root.bind("<<Key>>", lambda _: sold.append("added"), add="+")\nroot.update()\n'
    assert shop.save("shop", "root.update()\n", added) == []
    assert shop.ask("strike('Key')") == ["key 2", "added"]
    assert shop.save("texts", '"the shop"', '"a shop"') == []
    assert shop.ask("strike('Key')") == ["key 2", "added"]


def test_an_edited_widget_is_the_one_on_the_screen(shop: Looping) -> None:
    assert shop.save("shop", 'text="buy", command=on_buy', 'text="take", command=on_gift') == []
    assert shop.ask("press(buy)[:], buy.cget('text'), bool(buy.winfo_manager())") == (["gift"], "take", True)
    assert shop.save("shop", '"gave 1"', '"gave 2"') == []
    assert shop.ask("press(give)") == ["gave 2"]
    assert shop.save("shop", "send.config(command=on_buy)", "send.config(command=on_gift)") == []
    assert shop.ask("press(send)") == ["gift"]


def test_an_edited_binding_takes_the_place_of_the_one_before(shop: Looping) -> None:
    assert shop.save("shop", 'root.bind("<<Late>>", on_key)', 'root.bind("<<Later>>", on_key)') == []
    assert shop.ask("strike('Later')[:], strike('Late')[:]") == (["key 2"], [])


def test_a_removed_binding_is_said(shop: Looping) -> None:
    assert shop.save("shop", 'root.bind("<<Later>>", on_key)\n', "") == ["RLD316"]
    assert shop.ask("bool(buy.winfo_manager())") is True  # there is one window still


def test_what_an_edited_or_removed_call_did_is_undone_or_said(shop: Looping) -> None:
    assert shop.save("shop", "buy.pack()", 'buy.pack(side="left", padx=3)') == []
    assert shop.save("shop", 'buy.pack(side="left", padx=3)', "buy.pack(padx=4)") == []
    assert shop.ask("[buy.pack_info()[k] for k in ('side', 'padx')]") == ["top", 4]
    assert shop.save("shop", "title.pack()\n", 'title.pack()\ntitle.config(fg="red", bg="blue")\n') == []
    assert shop.save("shop", 'title.config(fg="red", bg="blue")', 'title.config(bg="blue")') == []
    assert shop.ask("title.cget('fg') == buy.cget('fg'), title.cget('bg')") == (True, "blue")
    assert shop.save("shop", 'title.config(bg="blue")\n', "") == []
    assert shop.save("shop", "title.pack()\n", "") == []
    assert shop.ask("title.cget('bg') == buy.cget('bg'), title.winfo_manager()") == (True, "")
    assert shop.save("shop", "root.update()\n", "title.lift()\nroot.update()\n") == []
    assert shop.save("shop", "title.lift()\n", "") == ["RLD307"]


def test_what_a_window_was_made_of_is_said(shop: Looping) -> None:
    assert shop.save("shop", 'text="sell"', 'text="sell!"') == ["RLD609"]
    assert shop.save("shop", 'text="sell!"', 'text="sell"') == []


IN_A_THREAD = """\
import threading
import tkinter as tk
import shop


def window():
    root = tk.Tk()
    root.after(0, print, "ready")
    root.mainloop()


thread = threading.Thread(target=window)
thread.start()
thread.join()
"""


def test_windows_in_another_thread_do_not_hold_a_save_up(screen: str, own_folder: Path) -> None:
    """The main thread, which waits for them, never comes to it; Tk itself takes calls from other threads."""
    texts = {"app": IN_A_THREAD, "shop": "def price():\n    return 1\n"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DISPLAY", screen)
        with looping(own_folder, Path(sys.executable), texts) as program:
            assert program.save("shop", "return 1", "return 2") == []
