"""Flask: configuration, hooks, signals and extensions, as people edit them all day; each edit is taken back."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow

APP = """
    from flask import Flask, signals
    from extension import counter
    app = Flask(__name__)
    app.config["TITLE"] = "one"
    app.config.from_mapping(A=1)
    counter.init_app(app)
    log = []
    @app.teardown_request
    def first(error):
        log.append("first")
    @app.teardown_appcontext
    def second(error):
        log.append("second")
    app.register_error_handler(404, lambda error: ("lost", 404))
    def heard(sender, **more):
        log.append("heard")
    signals.request_started.connect(heard, app)
    @app.get("/")
    def index():
        return {"title": app.config.get("TITLE")}
"""
EXTENSION = """
    class Counter:
        def init_app(self, app):
            app.config.setdefault("STEP", 1)
            app.extensions["counter"] = self
            app.add_url_rule("/count", "count", self.view)
        def view(self):
            return "counted"
    counter = Counter()
"""
RUN = """
    import app as m
    client = m.app.test_client()
    def get(path):
        r = client.get(path)
        return [r.status_code, r.get_data(as_text=True).strip()]
    def heard():
        m.log.clear()
        get("/")
        return list(m.log)
    get("/")
"""


@pytest.fixture
def shop(program: Program) -> Program:
    program.write(app=APP, extension=EXTENSION)
    program.run(RUN)
    return program


def test_an_application_that_is_made_again_has_its_extensions(shop: Program) -> None:
    text = shop.path("app").read_text()
    rules = "sorted(r.rule for r in m.app.url_map.iter_rules() if r.endpoint != 'static')"
    for edited in (text.replace('app.config["TITLE"] = "one"\n', ""), text):
        assert shop.save(app=edited) == []
        assert shop.ask("get('/count'), list(m.app.extensions)") == [[200, "counted"], ["counter"]]
        assert shop.ask(rules) == ["/", "/count"]
        assert shop.ask("get('/')[1]") == ('{"title":"one"}' if edited is text else '{"title":null}')


def test_a_value_that_a_call_no_longer_gives_to_the_configuration(shop: Program) -> None:
    asked = "m.app.config.get('A'), m.app.config.get('B'), m.app.config['MAX_CONTENT_LENGTH']"
    assert shop.edit("app", "A=1", "A=1, B=2, MAX_CONTENT_LENGTH=9") == []
    assert shop.ask(asked) == [1, 2, 9]
    assert shop.edit("app", "A=1, B=2, MAX_CONTENT_LENGTH=9", "A=1") == []
    assert shop.ask(asked) == [1, None, None]


def test_a_hook_of_the_application_in_the_order_of_its_lines(shop: Program) -> None:
    text = shop.path("app").read_text()
    assert shop.ask("heard()") == ["heard", "first", "second"]
    assert shop.edit("app", "teardown_request", "teardown_appcontext") == []
    assert shop.ask("heard()") == ["heard", "second", "first"]
    assert shop.save(app=text) == []
    assert shop.ask("heard()") == ["heard", "first", "second"]


def test_a_handler_without_a_name_for_another_error(shop: Program) -> None:
    assert shop.edit("app", '("lost", 404)', '("gone", 404)') == []
    assert shop.ask("get('/nothing')") == [404, "gone"]
    assert shop.edit("app", "(404, lambda", "(405, lambda") == []
    assert shop.ask("get('/nothing')[1].startswith('<!doctype')") is True


def test_a_signal_that_a_call_connects(shop: Program) -> None:
    text = shop.path("app").read_text()
    edits = (
        ("request_started", "request_finished", ["heard", "first", "second"]),
        ("signals.request_started.connect(heard, app)", "", ["first", "second"]),
        ("connect(heard, app)", 'connect(heard, sender="nobody")', ["first", "second"]),
    )
    for old, new, wanted in edits:
        assert (old, shop.save(app=text.replace(old, new))) == (old, [])
        assert (old, shop.ask("heard()")) == (old, wanted)
        assert (old, shop.save(app=text)) == (old, [])
        assert (old, shop.ask("heard()")) == (old, ["heard", "first", "second"])
