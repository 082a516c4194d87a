# ruff: noqa: E501
"""bepasty, a pastebin on Flask from PyPI: class-based views, blueprints, an application factory, served by waitress."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

from driver import installed, packages_of
from edits import Edit, trials
from served import Served

PACKAGES = ("bepasty==1.2.2", "Flask==3.1.3", "Werkzeug==3.1.9", "Pygments==2.21.0", "waitress==3.0.2")
ITEM = {
    "filename": "hello.py", "type": "text/x-python", "locked": False, "size": 10, "complete": True, "hash": "0",
    "timestamp-upload": 1700000000, "timestamp-download": 0, "timestamp-max-life": -1,
}  # fmt: skip
CONFIG = """\
SECRET_KEY = "a long and secret text for the tests"
STORAGE_FILESYSTEM_DIRECTORY = "items"
DEFAULT_PERMISSIONS = "admin,list,create,modify,read,delete"
SESSION_COOKIE_SECURE = False
"""
SERVE = """\
import os
import waitress
from bepasty.wsgi import application

BORN = os.urandom(8).hex()
application.add_url_rule("/+born", "born", lambda: BORN)
"""
INFO = "            'MAX_ALLOWED_FILE_SIZE': current_app"
VIEWS, APP, REST = "bepasty/views/__init__.py", "bepasty/app.py", "bepasty/apis/rest.py"
LIST_RULE = "blueprint.add_url_rule('/+list', view_func=FileListView.as_view('filelist'))\n"
EDITS = (
    Edit(
        "the body of a view method",
        [(REST, "jsonify({'MAX_BODY_SIZE'", "jsonify({'edited': 1, 'MAX_BODY_SIZE'")], ["GET /apis/rest"],
    ),
    Edit(
        "a helper used by two modules", [("bepasty/views/index.py", "    return contenttypes\n", "    return contenttypes[:3]\n")],
        ["GET /", "GET /abcdefgh"],
    ),
    Edit("a template", [("bepasty/templates/error.html", "{{ body }}", "<b>{{ body }}</b>")], ["GET /nowhere"]),
    Edit("the template that others extend", [("bepasty/templates/_layout.html", "<body>", "<body class='new'>")], ["GET /"]),
    Edit(
        "a URL rule added to a blueprint, with its view",
        [(VIEWS, LIST_RULE, LIST_RULE + "\n\ndef hello():\n    return 'hello'\n\n\nblueprint.add_url_rule('/+hello', view_func=hello)\n")],
        ["GET /+hello", "GET /+list"],
    ),
    Edit("a URL rule with another path", [(VIEWS, "'/+list'", "'/+files'")], ["GET /+list", "GET /+files", "GET /"]),
    Edit(
        "a URL rule removed", [(VIEWS, LIST_RULE, "# no list\n")], ["GET /+list", "GET /apis/rest"],
    ),
    Edit(
        "a handler for another HTTP method in a class-based view",
        [(REST, "class InfoView(RestBase):\n", "class InfoView(RestBase):\n    def delete(self):\n        return 'deleted'\n\n")],
        ["DELETE /apis/rest", "GET /apis/rest"],
    ),
    Edit("a decorator that wraps views", [(REST, "'error': {'code'", "'fault': {'code'")], ["POST /apis/rest"]),
    Edit("the base class of views", [(REST, "raise MethodNotAllowed()\n\n    @rest_errorhandler\n    def post", "raise Forbidden()\n\n    @rest_errorhandler\n    def post")], ["GET /apis/rest/items/abcdefgh/lock"]),
    Edit("a constant that other modules import", [("bepasty/constants.py", "internal_meta = [TYPE_HINT]", "internal_meta = [TYPE_HINT, HASH]")], ["GET /apis/rest/items"]),
    Edit(
        "a constant from which a URL converter's pattern is made", [("bepasty/utils/name.py", "ID_LENGTH = 8", "ID_LENGTH = 9")],
        ["GET /abcdefgh", "GET /abcdefghi"],
    ),
    Edit("a pattern, class attribute", [("bepasty/utils/upload.py", "[^a-zA-Z0-9 *+:;.,_-]+", "[^a-zA-Z]+")], ["POST /abcdefgh/+modify filename=a1b2", "GET /apis/rest/items/abcdefgh", "POST /abcdefgh/+modify filename=hello.py"]),
    Edit("a helper renamed, with its callers", [
        ("bepasty/views/filelist.py", "def file_infos(names=None):", "def infos_of_files(names=None):"),
        ("bepasty/views/filelist.py", "sorted(file_infos(), key=lambda f: f[TIMESTAMP_UPLOAD]", "sorted(infos_of_files(), key=lambda f: f[ID]"),
        ("bepasty/views/display.py", "import file_infos", "import infos_of_files"),
        ("bepasty/views/display.py", "sorted(file_infos(names)", "sorted(infos_of_files(names)"),
        (REST, "import file_infos", "import infos_of_files"),
        (REST, "in file_infos():", "in list(infos_of_files()) and ():"),
    ], ["GET /apis/rest/items"]),
    Edit("an import and its use", [("bepasty/utils/permissions.py", "from flask import request, session, current_app\n", "import string\nfrom flask import request, session, current_app\n"), ("bepasty/utils/permissions.py", "(permission, permission_icons[permission])", "(string.capwords(permission), permission_icons[permission])")], ["GET /"]),
    Edit("an error handler inside of the factory", [(APP, "The requested URL was not found on the server.", "There is nothing here.")], ["GET /nowhere"]),
    Edit("an error handler added inside of the factory", [(APP, "    @app.errorhandler(404)\n", "    @app.errorhandler(405)\n    def not_so(e):\n        return 'not so', 405\n\n    @app.errorhandler(404)\n")], ["PUT /", "GET /nowhere"]),
    Edit("a hook before requests, inside of the factory", [(APP, "flaskg.permissions = get_permissions()", "flaskg.permissions = get_permissions() - {LIST}")], ["GET /+list"]),
    Edit("a template filter, inside of the factory", [(APP, '"%Y-%m-%d %H:%M:%S"', '"%d.%m.%Y"')], ["GET /+list"]),
    Edit("a template global set inside of the factory", [(APP, "    app.jinja_env.globals['ADMIN'] = ADMIN\n", "    app.jinja_env.globals['ADMIN'] = 'nobody'\n")], ["GET /abcdefgh"]),
    Edit("a value of the configuration class", [("bepasty/config.py", "SITENAME = 'bepasty.example.org'", "SITENAME = 'edited.example.org'")], ["GET /"]),
    Edit("a value of the configuration file", [("site.cfg", "admin,list,create", "admin,create")], ["GET /+list"], "said RLD702"),
    Edit("an attribute set by __init__ and used by a method of an object that lives", [
        ("bepasty/storage/filesystem/__init__.py", "            self.directory = storage_dir\n", "            self.directory = storage_dir\n            self.marks = ('.meta',)\n"),
        ("bepasty/storage/filesystem/__init__.py", "if fn.endswith('.meta')]", "if fn.endswith(self.marks) and fn > 'b']"),
    ], ["GET /apis/rest/items"], "said RLD106"),
    Edit("a syntax error", [("bepasty/views/index.py", "def index():", "def index(:")], ["GET /"], "refused RLD901"),
    Edit("a line that raises", [("bepasty/constants.py", "FOREVER = -1", "FOREVER = missing")], ["GET /"], "refused RLD901"),
)  # fmt: skip


class Bepasty:
    """The pastebin with one item."""

    name = "bepasty"
    edits = EDITS
    first = "bepasty/app.py"
    kept = "GET /+born"

    def prepare(self, workspace: Path) -> None:
        shutil.copytree(packages_of(installed("bepasty", *PACKAGES)) / "bepasty", workspace / "bepasty")
        (workspace / "site.cfg").write_text(CONFIG)
        (workspace / "items").mkdir()
        (workspace / "items" / "abcdefgh.data").write_bytes(b"print(1)\n\n")
        (workspace / "items" / "abcdefgh.meta").write_bytes(pickle.dumps(ITEM, protocol=2))

    def start(self, workspace: Path, env: dict[str, str], live: bool) -> Served:
        python = installed("bepasty", *PACKAGES) / "python"
        given = {**env, "BEPASTY_CONFIG": str(workspace / "site.cfg")}
        serve = SERVE + "waitress.serve(application, host='127.0.0.1', port=PORT)"
        return Served(
            [python, "-c", serve],
            workspace,
            given,
            live,
            r"timestamp-download\W+\d+|download: .*|20\d\d-\d\d-\d\d \d\d:\d\d:\d\d(?=\s*\n\s*\n)",
        )


test_sample, test_edits = trials(
    Bepasty(), sample=("a URL rule with another path", "an error handler added inside of the factory")
)
