"""httpbin, a Flask application of 2,400 lines from PyPI, served by waitress, edited while it serves."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import Real, installed, packages_of, running

pytestmark = pytest.mark.slow

PACKAGES = ("httpbin==0.10.4", "waitress==3.0.2")
PROVIDER = "flask/json/provider.py"
RESPONSE = '            f"{self.dumps(obj, **dump_args)}\\n", mimetype=self.mimetype\n'


class Web:
    """Requests to the running program."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: list[int] = []

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def keep_asking(self, enough: threading.Event) -> None:
        while not enough.is_set():
            self.answers.append(self.get("/uuid")[0])


@pytest.fixture
def site(folder: Path) -> Path:
    """A copy of the environment's packages, so that an edited dependency is nobody else's."""
    made = folder / "env" / "site-packages"
    shutil.copytree(packages_of(installed("httpbin", *PACKAGES)), made)
    shutil.move(made / "httpbin", folder / "ws" / "httpbin")
    return made


@pytest.fixture
def served(folder: Path, site: Path) -> Iterator[tuple[Real, Web, Path]]:
    python = installed("httpbin", *PACKAGES) / "python"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    serve = f"import sys; sys.path.insert(0, {str(site)!r}); sys.path.insert(0, ''); import runpy; "
    serve += f"sys.argv = ['waitress', '--listen=127.0.0.1:{port}', 'httpbin:app']; "
    serve += "runpy.run_module('waitress', run_name='__main__', alter_sys=True)"
    with running(folder, folder / "ws", [python, "-c", serve], "Serving on") as program:
        yield program, Web(port), folder / "ws" / "httpbin"


def test_a_flask_application_is_edited_while_it_serves(served: tuple[Real, Web, Path], site: Path) -> None:
    program, web, package = served
    enough = threading.Event()
    asking = threading.Thread(target=web.keep_asking, args=(enough,))
    asking.start()
    program.open(site / PROVIDER)  # a library file is remembered from the moment it is opened
    try:
        a_view_changes(program, web, package)
        a_value_flows(program, web, package)
        a_failing_line_changes_nothing(program, web, package)
        a_route_comes_and_goes(program, web, package)
        a_dependency_changes(program, web, site)
    finally:
        enough.set()
        asking.join()
    assert len(web.answers) > 20 and set(web.answers) == {200}, "no request failed while files were saved"


def a_view_changes(program: Real, web: Web, package: Path) -> None:
    assert "edited" not in web.get("/uuid")[1]
    done = program.save(package / "core.py", "jsonify(uuid=str(uuid.uuid4()))", "jsonify(uuid='edited')")
    assert (done["findings"], done["outcome"], done["modules"]) == ([], "applied", ["httpbin.core"])
    assert json.loads(web.get("/uuid")[1]) == {"uuid": "edited"}


def a_value_flows(program: Real, web: Web, package: Path) -> None:
    """`ROBOT_TXT` of helpers is imported by name into core."""
    done = program.save(package / "helpers.py", "Disallow: /deny\n", "Disallow: /denied\n")
    assert done["outcome"] == "applied" and done["modules"][:2] == ["httpbin.helpers", "httpbin.core"]
    assert "Disallow: /denied" in web.get("/robots.txt")[1]


def a_failing_line_changes_nothing(program: Real, web: Web, package: Path) -> None:
    utils = package / "utils.py"
    first = "import random\n"
    done = program.save(utils, first, first + "BROKEN = 1 / 0\n")
    assert done["outcome"] == "rolled-back"
    (shown,) = program.editor.diagnosed(utils, ["RLD901"])
    assert "ZeroDivisionError" in shown["message"] and web.get("/uuid")[0] == 200
    program.save(utils, first + "BROKEN = 1 / 0\n", first)
    program.editor.diagnosed(utils, [])


def a_route_comes_and_goes(program: Real, web: Web, package: Path) -> None:
    """Flask itself takes no new route once it has served a request."""
    core, before = package / "core.py", '@app.route("/robots.txt")\n'
    route = '@app.route("/hello")\ndef view_hello():\n    return "hello"\n\n\n'
    done = program.save(core, before, route + before)
    assert (done["findings"], done["outcome"]) == ([], "applied")
    assert web.get("/hello") == (200, "hello") and web.get("/robots.txt")[0] == 200
    done = program.save(core, route, "")
    assert (done["findings"], done["outcome"]) == ([], "applied")
    assert web.get("/hello")[0] == 404 and web.get("/robots.txt")[0] == 200


def a_dependency_changes(program: Real, web: Web, site: Path) -> None:
    """A file of Flask itself, in the environment, opened and saved in the editor."""
    done = program.save(site / PROVIDER, RESPONSE, RESPONSE.replace("\\n", "\\n\\n"))
    assert done["outcome"] == "applied" and done["modules"] == ["flask.json.provider"]
    assert web.get("/uuid")[1].endswith("}\n\n")
