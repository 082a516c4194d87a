"""Where a batch is, and how long it may keep the program's other threads from running there.

While it reads and compares, other threads get their turn every half millisecond. From the first swapped code to the last
statement that runs, they get it as rarely as the program has it, so that they see a half of an edit as rarely as can be;
where no statement waits to run, the swapped codes are the whole of it.
Where there are no other threads than the agent's, nobody is waited for.
"""

from __future__ import annotations

import sys
from _thread import get_ident
from time import sleep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    Step = Literal["diff", "swap", "plan", "apply", "audit", "report"]

TURN = 0.0005  # seconds that another thread waits for the interpreter
_GIVEN = 0.00001  # seconds of sleep: threads that wait already begin to wait anew
_SHARED = frozenset(("diff", "audit"))
_HELD = frozenset(("swap",))
ours: set[int] = set()  # the agent's thread, by its number: it waits in peace


def _give_way() -> None:
    """Have the other threads run, where there are any: a sleep takes longer than many a step."""
    if sys._current_frames().keys() - ours - {get_ident()}:
        sleep(_GIVEN)


class Steps:
    """The steps of one batch, entered one after the other; `told` hears of each."""

    __slots__ = ("_programs", "_told")

    def __init__(self, told: Callable[[str], None] | None = None) -> None:
        self._told = told
        self._programs: float | None = None

    def enter(self, step: Step) -> None:
        """What was done before this is over."""
        if self._told is not None:
            self._told(step)
        if step in _HELD:
            self._hold()
            return
        self.turn()
        if step in _SHARED:
            self._share()

    def ease(self) -> None:
        """Nothing waits to be run: whoever follows names may be interrupted again, until something does."""
        self._share()

    def turn(self) -> None:
        """A good moment for other threads: on a busy machine they are late to ask for theirs."""
        if self._programs is not None:
            _give_way()

    def brace(self) -> None:
        """Something is to be run after all."""
        self._hold()

    def __enter__(self) -> Steps:
        """Work beside a batch, in which nothing of the program's changes."""
        self._share()
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Leave the program as it was."""
        if self._programs is not None and sys.getswitchinterval() == TURN:  # else the program has set another
            sys.setswitchinterval(self._programs)
        self._programs = None

    def _share(self) -> None:
        if self._programs is None and sys.getswitchinterval() > TURN:
            self._programs = sys.getswitchinterval()
            sys.setswitchinterval(TURN)
            _give_way()

    def _hold(self) -> None:
        if self._programs is not None:
            self.end()
            _give_way()
