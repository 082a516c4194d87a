"""Attaching from beginning to end: look, ask the program in, wait for it a while, find its record."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..wire.folder import ready_folder
from ..wire.records import Record, living
from .door import Door
from .refusal import Refused
from .target import find, state

PATIENCE = 30.0  # seconds that the program's main thread has to come to Python code
LOOK = 0.02
TELL = 1.0
KERNEL = {
    "accept": "it waits for a connection",
    "tty": "it waits for input",
    "pipe": "it waits for input",
    "read": "it waits for input",
    "poll": "it waits for an event",
    "select": "it waits for an event",
    "sleep": "it sleeps",
    "futex": "it waits for another thread",
    "wait": "it waits for a child process",
}

Waiting = Callable[[float, str], None]


def attach(pid: int, patience: float = PATIENCE, waiting: Waiting = lambda seconds, where: None) -> Record:
    """The record of the agent in process `pid`, put there if need be; Refused with what to do, FolderError.

    `waiting` is told every second how many seconds it has taken so far, and what the program's main thread is at.
    """
    folder = ready_folder()
    present = attached(folder, pid)
    if present is not None:
        return present
    target = find(pid)
    door = Door(folder, pid)
    door.sweep()
    try:
        door.open(target)
        _wait(pid, door, patience, waiting)
    except BaseException:
        door.close()
        raise
    door.done()
    found = attached(folder, pid)
    if found is None:
        raise Refused(f"the agent of process {pid} ended at once", "look at RELOAD_LSP_LOG, and report it")
    return found


def attached(folder: str, pid: int) -> Record | None:
    """The record of a process that has the agent already."""
    return next((record for record in living(folder) if record.pid == pid), None)


def _wait(pid: int, door: Door, patience: float, waiting: Waiting) -> None:
    began = told = time.monotonic()
    while (answer := door.answer()) is None:
        now = time.monotonic()
        if not state(pid) or state(pid) == "Z":
            raise Refused(f"process {pid} ended before the agent was there", "start the program again")
        if now - began > patience:
            raise Refused(
                f"the main thread of process {pid} did not come to Python code within {patience:.0f} s ({main_thread_is(pid)}), "
                "and the request was taken back",
                "have it do something (a request, a line of input) and attach again, or wait longer with --timeout",
            )
        if now - told >= TELL:
            told = now
            waiting(now - began, main_thread_is(pid))
        time.sleep(LOOK)
    if answer != "started":
        raise Refused(f"the agent could not start in process {pid}: {answer}", "correct that, and attach again")


def main_thread_is(pid: int) -> str:
    """What the main thread does, as the kernel sees it."""
    now = state(pid)
    if now == "R":
        return "it computes in C code, or is not given the interpreter"
    if now == "T":
        return "it is stopped"
    try:
        with open(f"/proc/{pid}/task/{pid}/wchan", encoding="ascii", errors="replace") as file:
            place = file.read()
    except OSError:
        place = ""
    known = next((text for word, text in KERNEL.items() if word in place), None)
    return known or (f"it is in the kernel, at {place}" if place not in ("", "0") else "it sits in a system call")
