"""Jinja2: what templates were compiled with follows, in those that an environment keeps and in those that somebody holds."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow

PAGES = """
    import jinja2
    TEXTS = {"page": "{{ 'a' | loud }}{% if 2 is lucky %}!{% endif %}{{ name }}"}
    env = jinja2.Environment(loader=jinja2.DictLoader(TEXTS), auto_reload=False)
    SIGN = "1"
    def loud(value):
        return value + SIGN
    env.filters["loud"] = loud
    env.tests["lucky"] = lambda value: value == 2
    env.globals["name"] = "bo"
    held = env.get_template("page")
    made = env.from_string("{{ 'b' | loud }}")
"""
DRAWN = "[t.render() for t in (pages.env.get_template('page'), pages.held, pages.made)]"


def test_filters_tests_globals_and_texts(program: Program) -> None:
    program.write(pages=PAGES)
    program.run("import pages")
    assert program.ask(DRAWN) == ["a1!bo", "a1!bo", "b1"]
    for old, new, drawn in (
        ("value + SIGN", "value + SIGN + '.'", ["a1.!bo", "a1.!bo", "b1."]),
        ('SIGN = "1"', 'SIGN = "2"', ["a2.!bo", "a2.!bo", "b2."]),
        ('"] = loud', '"] = str.upper', ["A!bo", "A!bo", "B"]),
        ("value == 2", "value == 3", ["Abo", "Abo", "B"]),
        ('"bo"', '"al"', ["Aal", "Aal", "B"]),
        ("{{ name }}", "{{ name }}?", ["Aal?", "Aal?", "B"]),
    ):
        assert program.edit("pages", old, new) == [], new
        assert program.ask(DRAWN) == drawn, new


def test_an_extension_and_an_option(program: Program) -> None:
    program.write(
        pages="""
            import jinja2
            from jinja2.ext import Extension
            class Shout(Extension):
                def preprocess(self, source, name, filename=None):
                    return source.upper()
            env = jinja2.Environment(loader=jinja2.DictLoader({"page": "a{# c #}\\n{# d #}\\nb"}), auto_reload=False)
            env.trim_blocks = False
        """
    )
    program.run("import pages; env = pages.env")
    drawn = "pages.env.get_template('page').render()"
    assert program.ask(drawn) == "a\n\nb"
    assert program.edit("pages", "trim_blocks = False", "trim_blocks = True") == []
    assert program.ask(drawn) == "ab"
    text = program.path("pages").read_text()
    assert program.save(pages=text + "env.add_extension(Shout)\n") == []
    assert program.ask(drawn) == "AB"
    assert program.edit("pages", "source.upper()", "source.upper() + '!'") == []
    assert program.ask(drawn) == "AB!"


def test_a_template_that_is_held_follows_its_file(program: Program) -> None:
    program.write(
        page_html="one {{ n }}",
        pages="""
            import jinja2
            env = jinja2.Environment(loader=jinja2.FileSystemLoader("templates"), auto_reload=False)
            page = env.get_template("page.html")
        """,
    )
    program.run("import pages; held = pages.page")
    assert program.ask("held.render(n=1)") == "one 1"
    assert program.save(page_html="two {{ n }}") == []
    assert program.ask("held.render(n=1), pages.env.get_template('page.html').render(n=1)") == ["two 1", "two 1"]


def test_an_environment_made_with_other_arguments_is_the_one_that_is_held(program: Program) -> None:
    program.write(
        pages="""
            import jinja2
            env = jinja2.Environment(loader=jinja2.DictLoader({"base": "<{% block b %}{% endblock %}>", "page": "{% extends 'base' %}"}))
            env.filters["loud"] = lambda text: text.upper()
            page = env.get_template("page")
        """
    )
    program.run("import pages; env, page = pages.env, pages.page; page.render()")
    assert program.edit("pages", '"<{% block', '"[{% block') == []
    assert program.ask("page.render(), pages.page.render()") == ["[>", "[>"]
    assert (
        program.edit("pages", "{% endblock %}>", "{{ 'a'|loud }}{% endblock %}]", "}))", "}), autoescape=True)") == []
    )
    assert program.ask("page.render(), pages.page is page, pages.env is env, env.autoescape") == [
        "[A]",
        True,
        True,
        True,
    ]
