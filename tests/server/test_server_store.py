"""The diagnostics store: what a report replaces, and when the same thing is said once."""

from dataclasses import replace

from reload_lsp.findings.values import Count, Finding, Range, Report
from reload_lsp.server.store import SERVER, Store


def finding(path="/a", code="RLD401", verdict="held", line=0, n=None) -> Finding:
    count = Count(n) if n is not None else None
    return Finding(f"{code}{line}", code, verdict, "warning", f"{n}", path, Range.of(line, 0, line, 1), (), count)


def take(store, *findings, outcome="partial", files=("/a",), same=(), producer="p1", answered=()):
    report = Report(outcome, "save", 1, findings=findings)
    return store.report(producer, report, frozenset(files), frozenset(same), lambda f: f, frozenset(answered))


def shown(store, path="/a") -> list[str]:
    return [merged.finding.code for merged in store.at(path)]


def test_new_text_of_the_file_replaces_what_was_said_about_it():
    store = Store()
    assert take(store, finding(verdict="stale")) == {"/a"}
    assert take(store, outcome="applied") == {"/a"}
    assert shown(store) == []


def test_what_another_files_edit_brought_about_goes_when_that_file_is_mended():
    store = Store()
    take(store, finding("/dependent", verdict="stale"), files=["/a"])
    take(store, outcome="applied", files=["/other"])
    assert shown(store, "/dependent") == ["RLD401"]
    assert take(store, outcome="applied", files=["/a"]) == {"/dependent"}


def test_a_held_statement_stays_held_until_a_report_says_what_became_of_it():
    store = Store()
    take(store, finding("/dependent", line=4), files=["/a"])
    take(store, outcome="applied", files=["/a"])
    take(store, outcome="applied", files=["/dependent"], answered=[("/dependent", 9)])
    assert shown(store, "/dependent") == ["RLD401"]
    take(store, finding("/dependent", line=4, code="RLD303"), files=["/a"])
    assert shown(store, "/dependent") == ["RLD303"]
    take(store, outcome="applied", files=["/a"], answered=[("/dependent", 4)])
    assert shown(store, "/dependent") == []


def test_a_failed_attempt_leaves_what_the_program_still_runs():
    store = Store()
    take(store, finding(code="RLD401"))
    take(store, finding(code="RLD901", verdict="rolled-back"), outcome="rolled-back")
    assert shown(store) == ["RLD401", "RLD901"]
    assert store.failed_files() == {"/a"}
    take(store, outcome="applied", answered=[("/a", 0)])
    assert shown(store) == []


def test_saving_the_same_bytes_again_clears_only_failures():
    store = Store()
    take(store, finding(code="RLD401"))
    take(store, finding(code="RLD901", verdict="rolled-back"), outcome="rolled-back")
    take(store, outcome="no-effect", same=["/a"])
    assert shown(store) == ["RLD401"]


def test_processes_do_not_clear_each_others_findings():
    store = Store()
    take(store, finding(), producer="p1")
    take(store, finding(n=7), producer="p2")
    (merged,) = store.at("/a")
    assert merged.processes == ("p1", "p2") and merged.finding.count == Count(7)
    take(store, outcome="applied", producer="p2", answered=[("/a", 0)])
    assert store.at("/a")[0].processes == ("p1",)
    assert store.drop_producer("p1") == {"/a"} and store.at("/a") == []


def test_what_the_server_finds_belongs_to_no_process():
    store = Store()
    store.replace(SERVER, "/a", [finding(code="RLD901", verdict="refused")])
    assert store.at("/a")[0].processes == ()
    assert store.replace(SERVER, "/a", []) == {"/a"}


def test_findings_are_shown_from_the_top_down():
    store = Store()
    take(store, finding(line=5), replace(finding(line=2), id="x"))
    assert [merged.finding.range.start.line for merged in store.at("/a")] == [2, 5]


def test_what_a_process_had_nothing_to_do_for_leaves_what_it_runs():
    store = Store()
    take(store, finding(verdict="applied-risk"), outcome="applied")
    take(store, outcome="no-effect")
    assert shown(store) == ["RLD401"]
    take(store, outcome="applied")
    assert shown(store) == []
