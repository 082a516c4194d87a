"""Flask: routes after the first request, views, hooks, blueprints, factories."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow

FLASK = """
    from flask import Flask, Blueprint
    app = Flask(__name__)
    hits = []

    @app.route("/")
    def index():
        hits.append(1)
        return "v1 %d" % len(hits)
"""
FLASK_CLIENT = """
    import app
    client = app.app.test_client()
    client.get("/")
"""


def test_flask_route_added_after_the_first_request(program: Program) -> None:
    program.write(app=FLASK)
    program.run(FLASK_CLIENT)
    text = program.path("app").read_text()
    assert program.save(app=text + '\n@app.route("/new")\ndef new():\n    return "n"\n') == []
    assert program.ask("client.get('/new').text, client.get('/').text") == ["n", "v1 2"]
    assert program.save(app=text) == []
    assert program.ask("client.get('/new').status_code, sorted(r.rule for r in app.app.url_map.iter_rules())") == [
        404,
        ["/", "/static/<path:filename>"],
    ]


def test_flask_methods_and_converters(program: Program) -> None:
    program.write(app=FLASK)
    program.run(FLASK_CLIENT)
    assert (
        program.edit(
            "app",
            '@app.route("/")',
            '@app.route("/<int:n>", methods=["POST"])',
            "def index():",
            "def index(n):",
            '"v1 %d" % len(hits)',
            'f"v2 {n}"',
        )
        == []
    )
    assert program.ask("client.post('/4').text, client.get('/').status_code") == ["v2 4", 404]


def test_flask_blueprint_views(program: Program) -> None:
    program.write(
        shop="""
            from flask import Blueprint
            bp = Blueprint("shop", __name__)

            @bp.route("/list")
            def items():
                return "l1"
        """,
        app="""
            from flask import Flask
            from shop import bp
            app = Flask(__name__)
            app.register_blueprint(bp, url_prefix="/shop")

            @app.route("/")
            def index():
                return "i"
        """,
    )
    program.run(FLASK_CLIENT)
    assert program.edit("shop", "l1", "l2") == []
    assert program.ask("client.get('/shop/list').text") == "l2"
    text = program.path("shop").read_text()
    codes = program.save(shop=text + '\n@bp.route("/new")\ndef new():\n    return "n"\n')
    assert codes or program.ask("client.get('/shop/new').text") == "n"
    codes = program.edit("shop", '"/list"', '"/all"')
    assert codes or program.ask("client.get('/shop/all').text, client.get('/shop/list').status_code") == ["l2", 404]


def test_flask_hooks_and_error_handlers(program: Program) -> None:
    program.write(app=FLASK)
    program.run(FLASK_CLIENT)
    text = program.path("app").read_text()
    codes = program.save(app=text + "\n@app.before_request\ndef audit():\n    hits.append(2)\n")
    assert codes or program.ask("client.get('/').text") == "v1 3"
    codes = program.save(app=text + '\n@app.errorhandler(404)\ndef lost(error):\n    return "lost", 404\n')
    assert codes or program.ask("client.get('/zz').text, client.get('/').text") == ["lost", "v1 4"]
    codes = program.save(app=text)
    assert codes or program.ask("client.get('/zz').text != 'lost'")


def test_flask_config_value(program: Program) -> None:
    program.write(
        app="""
        from flask import Flask
        app = Flask(__name__)
        app.config["SIZE"] = 10

        @app.route("/")
        def index():
            return str(app.config["SIZE"])
    """
    )
    program.run(FLASK_CLIENT)
    codes = program.edit("app", "= 10", "= 20")
    assert codes or program.ask("client.get('/').text") == "20"


def test_flask_application_factory(program: Program) -> None:
    program.write(
        app="""
        from flask import Flask
        def create_app():
            app = Flask(__name__)

            @app.route("/")
            def index():
                return "i1"
            return app
        app = create_app()
    """
    )
    program.run(FLASK_CLIENT)
    assert program.edit("app", "i1", "i2") == []
    assert program.ask("client.get('/').text") == "i2"
    codes = program.edit(
        "app",
        '        return "i2"\n',
        '        return "i2"\n\n    @app.route("/new")\n    def new():\n        return "n"\n',
    )
    assert codes or program.ask("client.get('/new').text") == "n"


def test_flask_jinja_template(program: Program) -> None:
    program.write(
        app="""
            from flask import Flask, render_template
            app = Flask(__name__)

            @app.route("/")
            def index():
                return render_template("i.html", n=1)

            @app.template_filter("twice")
            def twice(v):
                return v * 2
        """,
        i_html="one {{ n|twice }}",
    )
    program.run(FLASK_CLIENT)
    assert program.ask("client.get('/').text") == "one 2"
    program.path("i_html").write_text("two {{ n|twice }}")
    codes = program.reload()
    assert codes or program.ask("client.get('/').text") == "two 2"
    codes = program.edit("app", "return v * 2", "return v * 3")
    assert codes or program.ask("client.get('/').text") == "two 3"


def test_flask_class_based_views_converters_and_configuration(program: Program) -> None:
    program.write(
        conf="""
            class Config:
                NAME = "one"
        """,
        app="""
            from flask import Flask
            from flask.views import MethodView
            from werkzeug.routing import BaseConverter
            class Word(BaseConverter):
                regex = "[a-c]+"
            class Info(MethodView):
                def get(self, word):
                    return app.config["NAME"] + word
            app = Flask(__name__)
            app.config.from_object("conf.Config")
            app.url_map.converters["word"] = Word
            app.add_url_rule("/<word:word>", view_func=Info.as_view("info"))
        """,
    )
    program.run('import app, conf; client = app.app.test_client(); client.get("/abc")')
    assert program.edit("app", "def get", 'def put(self, word):\n        return "put"\n    def get') == []
    assert program.ask("client.put('/abc').text, client.get('/abc').text") == ["put", "oneabc"]
    assert program.edit("app", "[a-c]+", "[a-d]+") == []
    assert program.ask("client.get('/abcd').text, client.get('/abx').status_code") == ["oneabcd", 404]
    assert program.edit("conf", '"one"', '"two"') == []
    assert program.ask("client.get('/abc').text") == "twoabc"


def test_rules_views_hooks_and_arguments_of_an_application(program: Program) -> None:
    program.write(
        app="""
            from flask import Blueprint, Flask, abort
            from werkzeug.middleware.proxy_fix import ProxyFix
            from werkzeug.routing import BaseConverter
            class Config:
                NAME = "one"
            class Slug(BaseConverter):
                regex = "[a-z]+"
            app = Flask(__name__, static_url_path="/static")
            app.config.from_object(Config)
            app.url_map.converters["slug"] = Slug
            app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1)
            bp = Blueprint("api", __name__)
            @bp.route("/x")
            def x():
                return "x"
            app.register_blueprint(bp, url_prefix="/v1")
            def health():
                return app.config["NAME"]
            app.add_url_rule("/h", view_func=health)
            @app.route("/s/<slug:word>")
            def page(word):
                return word
        """,
    )
    program.run("import app; held = app.app; client = held.test_client(); client.get('/h')")
    assert program.edit("app", '"/h"', '"/healthz"', '"one"', '"two"') == []
    assert program.ask("client.get('/h').status_code, client.get('/healthz').text") == [404, "two"]
    assert program.edit("app", "[a-z]+", "[0-9]+") == []
    assert program.ask("client.get('/s/12').text, client.get('/s/ab').status_code") == ["12", 404]
    assert (
        program.edit("app", '@bp.route("/x")', '@bp.before_request\ndef deny():\n    abort(401)\n@bp.route("/x")') == []
    )
    assert program.ask("client.get('/v1/x').status_code, client.get('/healthz').status_code") == [401, 200]
    assert program.edit("app", 'url_prefix="/v1"', 'url_prefix="/v2"') == []
    assert program.ask("client.get('/v1/x').status_code, client.get('/v2/x').status_code") == [404, 401]
    assert program.edit("app", "x_for=1", "x_for=2") == []
    assert program.ask("held.wsgi_app.x_for, type(held.wsgi_app.app).__name__") == [2, "method"]
    assert program.edit("app", '"/static"', '"/assets"') == []
    assert program.ask("app.app is held, held.static_url_path") == [True, "/assets"]
    assert program.ask("client.get('/healthz').text, client.get('/s/12').text, held.wsgi_app.x_for") == ["two", "12", 2]


def test_class_based_views_made_with_other_decorators_and_arguments(program: Program) -> None:
    program.write(
        app="""
            from functools import wraps
            from flask import Flask
            from flask.views import View
            def loud(view):
                @wraps(view)
                def inner(*args, **given):
                    return view(*args, **given).upper()
                return inner
            class Text(View):
                decorators = []
                def __init__(self, text):
                    self.text = text
                def dispatch_request(self):
                    return self.text
            app = Flask(__name__)
            app.add_url_rule("/v", view_func=Text.as_view("text", text="one"))
        """,
    )
    program.run("import app; client = app.app.test_client(); client.get('/v')")
    assert program.edit("app", "decorators = []", "decorators = [loud]") == []
    assert program.ask("client.get('/v').text") == "ONE"
    assert program.edit("app", 'text="one"', 'text="two"') == []
    assert program.ask("client.get('/v').text") == "TWO"


FACTORY = """
    from flask import Flask, Blueprint
    made = []
    bp = Blueprint("shop", __name__)
    bp.add_url_rule("/list", "items", lambda: "l1")
    def create_app():
        made.append(1)
        app = Flask(__name__)
        app.register_blueprint(bp)

        @app.route("/")
        def index():
            return "i1"
        return app
    app = create_app()
"""


def test_what_an_edited_factory_makes_is_handed_to_the_application_that_is_served(program: Program) -> None:
    program.write(app=FACTORY)
    program.run("import app; served = app.app; served.add_url_rule('/own', 'own', lambda: 'own')")
    program.run(FLASK_CLIENT)
    view = '        return "i1"\n'
    more = (
        view
        + '    @app.errorhandler(404)\n    def lost(e):\n        return "lost", 404\n    @app.route("/new")\n    def new():\n        return "n"\n'
    )
    assert program.edit("app", view, more) == []
    assert program.ask("client.get('/new').text, client.get('/zz').text, client.get('/own').text, app.app is served") == [
        "n", "lost", "own", True,
    ]  # fmt: skip
    assert program.edit("app", more, view) == []
    assert program.ask("client.get('/new').status_code, client.get('/').text, client.get('/own').text") == [
        404,
        "i1",
        "own",
    ]
    assert program.edit("app", 'bp.add_url_rule("/list"', 'bp.add_url_rule("/all"') == []
    assert program.ask("client.get('/list').status_code, client.get('/all').text") == [404, "l1"]


def test_a_factory_that_cannot_run_twice_is_held(program: Program) -> None:
    program.write(app=FACTORY.replace("made.append(1)", "made.append(1)\n        assert len(made) == 1"))
    program.run(FLASK_CLIENT)
    added = '        return "i1"\n    @app.route("/new")\n    def new():\n        return "n"\n'
    assert program.edit("app", '        return "i1"\n', added) == ["RLD316"]
    assert program.ask("client.get('/').text, client.get('/new').status_code") == ["i1", 404]


def test_flask_blueprints_inside_of_others_their_commands_and_calls(program: Program) -> None:
    program.write(
        app="""
            from flask import Blueprint, Flask
            app = Flask(__name__)
            outer, inner = Blueprint("outer", __name__, url_prefix="/out"), None
            inner = Blueprint("inner", __name__, url_prefix="/in", cli_group="things")
            @inner.get("/x")
            def x():
                return "x"
            @inner.cli.command("show")
            def show():
                print("shown")
            outer.register_blueprint(inner)
            app.register_blueprint(outer)
            def missing(error):
                return "missing", 404
            def loud(response):
                response.data = response.data.upper()
                return response
            app.register_error_handler(404, missing)
            app.after_request(loud)
            @app.get("/")
            def home():
                return "home"
        """
    )
    program.run("""
        import app
        client, runner = app.app.test_client(), app.app.test_cli_runner()
        def get(*paths):
            return [client.get(path).text[:9] for path in paths]
        def commands():
            return [runner.invoke(args=[group, "show"]).output.split()[0] for group in ("things", "stuff")]
        get("/")
    """)
    assert program.ask("get('/', '/out/in/x', '/nope'), commands()") == [["HOME", "X", "MISSING"], ["shown", "Usage:"]]
    assert program.edit("app", '"/in", cli_group="things"', '"/within", cli_group="stuff"') == []
    assert program.ask("get('/', '/out/in/x', '/out/within/x'), commands()") == [
        ["HOME", "MISSING", "X"],
        ["Usage:", "shown"],
    ]
    assert program.edit("app", "handler(404, missing)", "handler(405, missing)", "app.after_request(loud)\n", "") == []
    assert program.ask("get('/', '/nope'), client.post('/').text") == [["home", "<!doctype"], "missing"]
    assert program.save(app=program.path("app").read_text() + "app.url_map.strict_slashes = False\n") == ["RLD704"]


def test_flask_a_view_that_two_applications_have(program: Program) -> None:
    program.write(
        app="""
            from flask import Flask
            from flask.views import MethodView
            class Item(MethodView):
                def get(self):
                    return "got"
            view = Item.as_view("item")
            apps = [Flask("a"), Flask("b")]
            for app in apps:
                app.add_url_rule("/", view_func=view)
        """
    )
    program.run("import app; clients = [a.test_client() for a in app.apps]; [c.get('/') for c in clients]")
    put = 'class Item(MethodView):\n    def put(self):\n        return "put"\n'
    assert program.edit("app", "class Item(MethodView):\n", put) == []
    assert program.ask("[c.put('/').text for c in clients]") == ["put", "put"]


SERVED = """
    import threading
    from werkzeug.serving import make_server
    from shop import create_app
    app = create_app()
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
"""
SHOP = """
    from flask import Flask
    def create_app():
        app = Flask(__name__)

        @app.route("/")
        def index():
            return "i1"
        return app
"""


def test_a_server_that_was_given_the_application_is_not_opened_a_second_time(program: Program) -> None:
    program.write(shop=SHOP, app=SERVED)
    program.run("from app import server, app as served; import urllib.request as ask; port = server.port")
    program.run("get = lambda path: ask.urlopen(f'http://127.0.0.1:{port}{path}', timeout=10).read().decode()")
    assert program.ask("get('/')") == "i1"
    more = '        return "i2"\n    @app.route("/new")\n    def new():\n        return "n"\n'
    assert program.edit("shop", '        return "i1"\n', more) == []
    assert program.ask("[get('/'), get('/new')]") == ["i2", "n"]
    assert program.ask("__import__('app').server is server and __import__('app').app is served")


def test_what_is_wrapped_around_an_application_is_handed_over(program: Program) -> None:
    program.write(
        a="""
        from flask import Flask
        from werkzeug.middleware.proxy_fix import ProxyFix
        def create_app(name):
            app = Flask("x")
            @app.get("/")
            def index():
                return "hi " + name
            return app
        app = ProxyFix(create_app("one"), x_for=1)
        """
    )
    program.run("""
        import a, threading, urllib.request
        from wsgiref.simple_server import make_server
        server = make_server("127.0.0.1", 0, a.app)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        def get():
            return urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/").read().decode()
    """)
    assert program.ask("get()") == "hi one"
    assert program.edit("a", '"one"', '"two"') == []
    assert program.ask("get()") == "hi two"
    assert program.edit("a", '"hi "', '"hello "', "x_for=1", "x_for=2") == []
    assert program.ask("get(), server.get_app().x_for, server.get_app() is a.app") == ["hello two", 2, True]
    assert program.edit("a", '@app.get("/")', 'assert name != "three"\n    @app.get("/")') == []
    assert program.edit("a", '"two"', '"three"') == ["RLD901"]
    assert program.ask("get()") == "hello two"


def test_a_blueprint_that_is_registered_several_times(program: Program) -> None:
    text = """
        from flask import Flask, Blueprint
        seen = []
        child = Blueprint("child", __name__)
        @child.route("/k")
        def k():
            return "k"
        bp = Blueprint("bp", __name__, url_prefix="/bp")
        @bp.before_app_request
        def before():
            seen.append(1)
        bp.register_blueprint(child, url_prefix="/c1", name="c1")
        bp.register_blueprint(child, url_prefix="/c2", name="c2")
        app = Flask(__name__)
        app.register_blueprint(bp, url_prefix="/a", name="one")
        app.register_blueprint(bp)
    """
    program.write(app=text)
    program.run("""
        import app
        client = app.app.test_client()
        def rules():
            client.get("/")
            return sorted(r.rule for r in app.app.url_map.iter_rules() if "static" not in r.rule)
        rules()
    """)
    assert program.edit("app", '"/a"', '"/b"') == []
    assert program.ask("rules()") == ["/b/c1/k", "/b/c2/k", "/bp/c1/k", "/bp/c2/k"]
    assert program.edit("app", '"/c2"', '"/c3"') == []
    assert program.ask("rules()") == ["/b/c1/k", "/b/c3/k", "/bp/c1/k", "/bp/c3/k"]
    assert program.edit("app", '"/bp"', '"/bq"', '"one"', '"uno"') == []
    assert program.ask("rules(), sorted(app.app.blueprints)") == [
        ["/b/c1/k", "/b/c3/k", "/bq/c1/k", "/bq/c3/k"],
        ["bp", "bp.c1", "bp.c2", "uno", "uno.c1", "uno.c2"],
    ]
    assert program.ask("app.seen.clear() or rules() and app.seen") == [1]
    assert (
        program.edit("app", "seen.append(1)", "seen.append(2)\n@bp.before_app_request\ndef more():\n    seen.append(3)")
        == []
    )
    assert program.ask("app.seen.clear() or rules() and app.seen") == [2, 3]
    program.write(app=text)
    assert program.reload() == []
    assert program.ask("rules()") == ["/a/c1/k", "/a/c2/k", "/bp/c1/k", "/bp/c2/k"]
    assert program.ask("app.seen.clear() or rules() and app.seen") == [1]


def test_a_url_converter_whose_init_gives_another_pattern(program: Program) -> None:
    program.write(
        app="""
        from flask import Flask
        from werkzeug.routing import BaseConverter
        class Letters(BaseConverter):
            def __init__(self, url_map, *given):
                super().__init__(url_map)
                self.regex = "a|b"
        app = Flask(__name__)
        app.url_map.converters["letters"] = Letters
        @app.route("/<letters:x>")
        def show(x):
            return x
    """
    )
    program.run(FLASK_CLIENT)
    statuses = "[client.get(p).status_code for p in ('/a', '/b', '/c')]"
    assert program.edit("app", '"a|b"', '"a|c"') == []
    assert program.ask(statuses) == [200, 404, 200]
    assert program.edit("app", '"a|c"', '"a|b"') == []
    assert program.ask(statuses) == [200, 200, 404]
