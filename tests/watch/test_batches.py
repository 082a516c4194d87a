"""Events to batches: quiet time, renames, the second write of a formatter."""

from hypothesis import given
from hypothesis import strategies as st

from reload_lsp.watch.batches import Change, Gatherer
from reload_lsp.watch.contents import KnownContents, sha256


def always(_: str) -> bool:
    return True


def test_a_batch_is_due_after_quiet_time_and_every_event_moves_it():
    gatherer = Gatherer(quiet=0.05)
    assert gatherer.due is None
    gatherer.add("/a.py", "modified", 1.00)
    gatherer.add("/b.py", "modified", 1.04)
    assert gatherer.due == 1.09
    assert [change.path for change in gatherer.take(always)] == ["/a.py", "/b.py"]
    assert gatherer.due is None


def test_a_program_that_never_stops_writing_does_not_hold_the_batch_back():
    gatherer = Gatherer(quiet=0.05, longest=1.0)
    for tick in range(100):
        gatherer.add("/log.py", "modified", tick * 0.02)
    assert gatherer.due == 1.0


def test_a_file_that_was_emptied_waits_for_what_is_written_into_it():
    gatherer = Gatherer(quiet=0.05, emptied=0.5)
    gatherer.add("/a.py", "modified", 1.0)
    assert gatherer.is_half_written(always, 1.1)
    assert not gatherer.is_half_written(lambda _: False, 1.1)
    assert not gatherer.is_half_written(always, 1.5)


def test_a_tool_at_work_is_waited_for_but_not_for_ever():
    gatherer = Gatherer(quiet=0.05, at_work=10.0)
    assert not gatherer.may_wait(0.0)
    gatherer.add("/a.py", "modified", 1.0)
    assert gatherer.may_wait(10.9)
    assert not gatherer.may_wait(11.0)


def test_five_hundred_files_of_a_checkout_are_one_batch():
    gatherer = Gatherer()
    for number in range(500):
        gatherer.add(f"/m{number}.py", "modified", number * 0.0005)
    assert len(gatherer.take(always)) == 500


def test_an_atomic_rename_is_a_modification():
    gatherer = Gatherer()
    gatherer.add("/a.py", "deleted", 0.0)
    gatherer.add("/a.py", "created", 0.0)
    assert gatherer.take(always) == [Change("/a.py", "modified")]


def test_vims_rename_and_rewrite_is_a_modification_even_when_deleted_comes_last():
    gatherer = Gatherer()
    gatherer.add("/a.py", "created", 0.0)
    gatherer.add("/a.py", "deleted", 0.0)
    assert gatherer.take(always) == [Change("/a.py", "modified")]


def test_what_is_not_on_disk_was_deleted_whatever_the_events_said():
    gatherer = Gatherer()
    gatherer.add("/a.py", "modified", 0.0)
    assert gatherer.take(lambda _: False) == [Change("/a.py", "deleted")]


def test_known_bytes_are_no_news():
    known = KnownContents()
    assert known.note("/a.py", sha256(b"a = 1"))
    assert not known.note("/a.py", sha256(b"a = 1"))
    assert known.note("/a.py", sha256(b"a = 2"))
    known.forget("/a.py")
    assert known.note("/a.py", sha256(b"a = 2"))


kinds = st.sampled_from(["modified", "created", "deleted"])


@given(st.lists(st.tuples(st.sampled_from("abc"), kinds)), st.sets(st.sampled_from("abc")))
def test_every_file_named_comes_out_once_and_agrees_with_the_disk(events, there):
    gatherer = Gatherer()
    for path, kind in events:
        gatherer.add(path, kind, 0.0)
    batch = gatherer.take(there.__contains__)
    assert {change.path for change in batch} == {path for path, _ in events}
    assert all((change.kind == "deleted") == (change.path not in there) for change in batch)
