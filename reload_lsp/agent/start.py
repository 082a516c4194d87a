"""Start-up: the agent of this process, once, followed through forks and removed at the end."""

from __future__ import annotations

import atexit
import os

from . import faults, process, restart
from .agent import Agent
from .fork import ForkHooks
from .switch import is_off
from .thread import PATCHERS, may_be_patched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_agent: Agent | None = None
_followed = False


def start(warm: bool = False, late: bool = False) -> None:
    """Start this process's agent unless it runs or is switched off; FolderError where it cannot be found.

    `late`: the program runs already, what it has loaded may be of any age.
    """
    global _agent
    if is_off() or (_agent is not None and _agent.reachable()):
        return
    if _agent is not None:
        _agent.abandon()
    process.engine(late)
    agent = Agent()
    if may_be_patched():
        _prepare()
    agent.start()
    if warm:
        agent.warm()
    _agent = agent
    _follow()


def start_quietly() -> None:
    """What the bootstrap calls: whatever goes wrong, the user's program goes on without us."""
    try:
        start()
    except Exception:
        faults.note("while starting")


def _follow() -> None:
    global _followed
    if _followed:
        return
    _followed = True
    atexit.register(_at_exit)
    process.engine().recorder.awaited.update(dict.fromkeys(PATCHERS, _before_patching))
    if hasattr(os, "register_at_fork"):
        ForkHooks(_before_fork, _after_fork_in_parent, _after_fork_in_child)


def _at_exit() -> None:
    global _agent
    agent, _agent = _agent, None
    try:
        if agent is not None:
            _quietly(agent.end, "at the program's end")
            _quietly(restart.at_exit, "at a restart")
    except Exception:
        faults.note("at the program's end")


def is_followed() -> bool:
    """Whether an editor reloads this process: one that only looks at it does not count."""
    return _agent is not None and _agent.followed()


def restart_program() -> None:
    """Have the program end and start again; nothing happens where `run` did not start it."""
    agent = _agent
    if agent is not None and restart.mode() is not None:
        restart.begin(agent.leave)


def _before_patching() -> None:
    """The program imports what makes threads greenlets: what ours is importing is done before that."""
    if _agent is not None:
        _prepare()
        _quietly(_agent.pause, "before threads are replaced")
        _quietly(_agent.start, "before threads are replaced")


def _prepare() -> None:
    from . import green

    _quietly(green.prepare, "before threads are replaced")


def _before_fork() -> None:
    if _agent is not None:
        _quietly(_agent.pause_for_fork, "before a fork")


def _after_fork_in_parent() -> None:
    if _agent is not None:
        _quietly(_agent.start, "after a fork")


def _after_fork_in_child() -> None:
    global _agent
    parent, _agent = _agent, None
    if parent is not None:
        _quietly(lambda: _begin_in_child(parent), "in a forked child")


def _begin_in_child(parent: Agent) -> None:
    global _agent
    restart.forget()
    parent.abandon()
    process.after_fork()
    agent = Agent(parent=parent.identity.id)
    agent.start()
    _agent = agent


def _quietly(work: Callable[[], object], where: str) -> None:
    try:
        work()
    except Exception:
        faults.note(where)
