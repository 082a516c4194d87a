"""What there is once in a process: its engine, its batches and its safe points."""

from __future__ import annotations

import os
from _thread import RLock  # as Python has it, whatever the program makes of `threading`

from ..live import steps
from . import imports
from .batches import Batches
from .safepoint import SafePoints

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..live.adapter import Adapter
    from ..live.engine import Engine
    from .profile import Profile

batches = Batches()
safe_points = SafePoints()
profile: Profile | None = None  # where `run --profile-reload` asks for one
_engine: Engine | None = None
_making = RLock()


def engine(late: bool = False) -> Engine:
    """The engine, installed when first asked for; `late` where the program has run for a while by then."""
    global _engine
    with _making:
        if _engine is None:
            from ..live.engine import Engine

            made = Engine()
            made.adapters = _adapters
            made.install(late)
            _profiled(made)
            _engine = made
    return _engine


def read_ahead() -> float | None:
    """Do a bit of what the first batch would; in how many seconds to go on, None where nothing is left, for good."""
    return imports.once_typing_is_there(_read_ahead)


def _read_ahead() -> float | None:
    from ..adapters import window_loops
    from . import api

    del api, window_loops
    return engine().read_ahead()


def _profiled(made: Engine) -> None:
    global profile
    wanted = os.environ.get("RELOAD_LSP_PROFILE")
    if wanted:
        from .profile import Profile

        profile = Profile(wanted)
        made.on_step = profile.step


def _adapters() -> Sequence[Adapter]:
    from ..adapters.registry import adapters  # with the first batch

    return adapters()


def after_fork() -> None:
    """In the child: nothing is under way here, whatever the parent's other threads were at."""
    global _making
    _making = RLock()
    batches.running_here_ended()
    steps.ours.clear()
    safe_points.forget()
    if _engine is not None:
        _engine.after_fork()
        _engine.recorder.reading.clear()
        _profiled(_engine)
