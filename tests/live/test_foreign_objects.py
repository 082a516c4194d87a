"""Objects of other people's in a module's namespace: looked at without asking them anything."""

from __future__ import annotations

from live_project import Project

PROXY = """
class Proxy:
    # As `flask.request`: every attribute, `__class__` too, raises outside of a request.
    @property
    def __class__(self):
        raise RuntimeError("outside of a request")

    def __getattr__(self, name):
        raise RuntimeError("outside of a request")

    def __eq__(self, other):
        raise RuntimeError("outside of a request")

    __hash__ = None


request = Proxy()
held = [request]


def view(default=request):
    return 1
"""


def test_a_proxy_that_raises_at_every_touch_does_not_matter(project: Project) -> None:
    app = project.load(PROXY)
    before = app.view
    assert project.save(PROXY.replace("return 1", "return 2")).outcome == "applied"
    assert app.view is before and app.view() == 2


def test_nor_where_it_is_made_again(project: Project) -> None:
    app = project.load(PROXY)
    report = project.save(PROXY.replace("request = Proxy()", "request = Proxy() if view else None"))
    assert report.outcome in ("applied", "partial"), report.findings
    assert app.view() == 1
