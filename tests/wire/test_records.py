"""Records: whole or not there, alive while their lock is held, swept when it is not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reload_lsp.wire import announce, records

DATA = {
    "id": "0123abcd",
    "pid": 42,
    "name": "app.py",
    "argv": ["python", "äpp 🐍.py", "\udcff"],
    "cwd": "/somewhere",
    "python": "3.12.1",
    "executable": "/usr/bin/python3",
    "version": "0.1.0",
    "protocol": 1,
    "endpoint": {"unix": "/run/x.sock"},
    "key": "00" * 32,
    "started": 1700000000.5,
    "parent": None,
}
HOLDER = """
import json, sys
from reload_lsp.wire.announce import Announcement
kept = Announcement(sys.argv[1], "deadbeef", dict(json.loads(sys.argv[2]), id="deadbeef"))
print("ready", flush=True)
sys.stdin.read()
"""


def test_a_living_record_is_read_as_it_was_written(tmp_path: Path) -> None:
    held = announce.Announcement(str(tmp_path), "0123abcd", DATA)
    [record] = records.living(str(tmp_path))
    assert record.argv == tuple(DATA["argv"])
    assert record.endpoint == records.Endpoint(unix="/run/x.sock")
    assert record.key == bytes(32)
    assert os.stat(held.path).st_mode & 0o777 == 0o600
    held.withdraw()
    assert os.listdir(tmp_path) == []


def test_plain_json_is_json() -> None:
    assert json.loads(announce.plain_json(DATA)) == DATA
    with pytest.raises(TypeError):
        announce.plain_json(object())


def test_a_loopback_endpoint_is_read(tmp_path: Path) -> None:
    held = announce.Announcement(str(tmp_path), "a", {**DATA, "endpoint": {"tcp": ["127.0.0.1", 4711]}})
    assert records.living(str(tmp_path))[0].endpoint.tcp == ("127.0.0.1", 4711)
    held.withdraw()


@pytest.mark.parametrize("bad", ["", "[]", "{}", json.dumps({**DATA, "endpoint": {"tcp": ["10.0.0.1", 1]}})])
def test_a_living_record_that_makes_no_sense_is_left_alone(tmp_path: Path, bad: str) -> None:
    held = announce.Announcement(str(tmp_path), "a", DATA)
    (tmp_path / "a.json").write_text(bad)
    assert records.living(str(tmp_path)) == []
    assert (tmp_path / "a.json").exists()
    held.withdraw()


def test_a_killed_process_leaves_a_record_that_is_swept(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, str(tmp_path), json.dumps(DATA)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"ready\n"
        (tmp_path / "deadbeef.sock").touch()
        assert [r.id for r in records.living(str(tmp_path))] == ["deadbeef"]
        assert records.dead(str(tmp_path)) == []
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert records.dead(str(tmp_path)) == ["deadbeef"]
    assert records.living(str(tmp_path)) == []
    assert os.listdir(tmp_path) == []


def test_old_drafts_are_swept_and_new_ones_left(tmp_path: Path) -> None:
    (tmp_path / "new.json.new").touch()
    (tmp_path / "old.json.new").touch()
    os.utime(tmp_path / "old.json.new", (0, 0))
    records.living(str(tmp_path))
    assert os.listdir(tmp_path) == ["new.json.new"]


def test_symlinks_are_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text(json.dumps(DATA))
    (tmp_path / "x.json").symlink_to(target)
    assert records.living(str(tmp_path)) == []
    assert target.exists()
