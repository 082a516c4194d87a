"""Clients that come, ask, send halves of messages, nonsense, and go in the middle of it, in any order: what the agent says
that runs is what runs, at every moment."""

from __future__ import annotations

import contextlib
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from load import APP, Running

from reload_lsp.wire import frames
from reload_lsp.wire.client import Client
from reload_lsp.wire.errors import WireError

NUMBERS = st.integers(0, 9)
NONSENSE = st.sampled_from(
    [
        b"\xff\xff\xff\xff",
        b"\0\0\0\2[]",
        b"\0\0\0\2{}",
        b"\0\0\0\3\xff\xfe\xfd",
        b"\0\0\0\1[",
        b"GET / HTTP/1.1\r\n\r\n",
    ]
)


def good(number: int) -> str:
    return f"LIMIT = {number}\n\n\ndef value():\n    return {number}, LIMIT\n"


class Conversations(RuleBasedStateMachine):
    """One program for all examples: each begins with what is on disk."""

    program: Running
    path: Path
    clients = Bundle("clients")

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[Client] = []
        self.asked = 0

    @initialize()
    def begin(self) -> None:
        self.control = self.connected()
        self.write(good(0))
        assert self.apply(self.control)["outcome"] in ("applied", "no-effect")
        self.runs = {0}  # the numbers of which one runs
        self.disk: int | None = 0  # the one on disk; None for a text that cannot be made to run

    def connected(self) -> Client:
        self.opened.append(Client(self.program.record()))
        self.opened[-1].hello("test")
        return self.opened[-1]

    def write(self, text: str) -> None:
        self.path.write_text(text)

    def request(self) -> dict[str, object]:
        digest = sha256(self.path.read_bytes()).hexdigest()
        files = [{"path": str(self.path), "kind": "modified", "sha256": digest}]
        return {"batch": 1, "cause": "save", "files": files}

    def apply(self, client: Client) -> dict[str, object]:
        return client.request("apply", self.request())

    def frame(self, method: str) -> bytes:
        self.asked += 1
        params = self.request() if method == "apply" else {}
        return frames.encode({"id": 1_000_000 + self.asked, "method": method, "params": params})

    @rule(target=clients)
    def connect(self) -> Client:
        return self.connected()

    @rule(number=NUMBERS)
    def edit(self, number: int) -> None:
        self.write(good(number))
        self.disk = number

    @rule(text=st.sampled_from(["def value(:\n", "LIMIT = 1 / 0\n", "LIMIT = 5\nraise SystemExit\n", ""]))
    def edit_badly(self, text: str) -> None:
        if text:
            self.write(text)
            self.disk = None

    @rule(client=clients)
    def save(self, client: Client) -> None:
        outcome = self.apply(client)["outcome"]
        if self.disk is None:
            assert outcome in ("refused", "rolled-back")
        else:
            assert outcome in ("applied", "no-effect")
            self.runs = {self.disk}

    @rule(client=clients)
    def undo(self, client: Client) -> None:
        client.request("undo")
        self.runs = set(range(10))

    @rule(client=consumes(clients))
    def leave(self, client: Client) -> None:
        client.close()

    @rule(client=consumes(clients), method=st.sampled_from(["apply", "undo", "loaded", "status"]))
    def ask_and_die(self, client: Client, method: str) -> None:
        """As a server that is killed when it has asked: whether it was heard is not known."""
        client._socket.sendall(self.frame(method))
        client.close()
        if method == "undo":
            self.runs = set(range(10))
        elif method == "apply" and self.disk is not None:
            self.runs = self.runs | {self.disk}

    @rule(client=consumes(clients), method=st.sampled_from(["apply", "loaded"]), part=st.floats(0.0, 0.99))
    def die_within_a_message(self, client: Client, method: str, part: float) -> None:
        data = self.frame(method)
        client._socket.sendall(data[: int(part * len(data))])
        client.close()

    @rule(client=consumes(clients), said=NONSENSE)
    def talk_nonsense(self, client: Client, said: bytes) -> None:
        client._socket.sendall(said)
        if said[:4] != b"GET ":  # which is a length, and too long
            with contextlib.suppress(WireError):
                client.request("status", timeout=5)
        client.close()

    @rule(client=clients, count=st.integers(1, 40))
    def ask_without_reading(self, client: Client, count: int) -> None:
        client._socket.sendall(b"".join(self.frame("loaded") for _ in range(count)))

    @invariant()
    def what_is_said_to_run_runs(self) -> None:
        if not hasattr(self, "runs"):
            return
        assert self.control.request("status")["state"] == "idle"
        [file] = [f for f in self.control.request("loaded")["files"] if f["path"] == str(self.path)]
        number, limit = eval(self.program.ask("work.value()"))
        assert number == limit  # never half of a batch
        assert number in self.runs
        self.runs = {number}
        assert file["sha256"] == sha256(good(number).encode()).hexdigest()

    def teardown(self) -> None:
        for client in self.opened:
            client.close()


def converse(program: Running, path: Path, examples: int, steps: int) -> None:
    class Here(Conversations):
        pass

    Here.program, Here.path = program, path
    # One program for all examples, so that one found there may not be found again: it is shown as it was.
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert program.finish() == (0, "")


@pytest.fixture
def served(start, workspace: Path) -> tuple[Running, Path]:
    path = workspace / "work.py"
    path.write_text(good(0))
    (workspace / "app.py").write_text(APP)
    return start(), path


@pytest.mark.slow
def test_any_conversation(served: tuple[Running, Path]) -> None:
    converse(*served, examples=15, steps=30)


@pytest.mark.longrun
def test_many_long_conversations(served: tuple[Running, Path]) -> None:
    converse(*served, examples=100, steps=100)
