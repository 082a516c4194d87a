# ruff: noqa: E501
"""plombery, a scheduler with a web API on FastAPI, SQLAlchemy and APScheduler from PyPI, served by uvicorn."""

from __future__ import annotations

import shutil
from pathlib import Path

from driver import installed, packages_of
from edits import Edit, trials
from served import Served

PACKAGES = (
    "plombery==0.5.2", "fastapi==0.165.0", "starlette==1.10.0", "pydantic==2.14.3", "SQLAlchemy==2.1.9",
    "APScheduler==3.11.0", "uvicorn==0.54.0",
)  # fmt: skip
APP = """\
import os

import flows
from plombery import get_app
from starlette.responses import PlainTextResponse
from starlette.routing import Route

BORN = os.urandom(8).hex()


async def born(request):
    return PlainTextResponse(BORN)


app = get_app()
app.router.routes.insert(0, Route("/born", born))
"""
FLOWS = """\
from apscheduler.triggers.interval import IntervalTrigger
from plombery import Trigger, register_pipeline, task
from pydantic import BaseModel


class Size(BaseModel):
    count: int = 3


@task
async def fetch(params: Size):
    return list(range(params.count))


register_pipeline(
    id="stock_prices",
    tasks=[fetch],
    params=Size,
    triggers=[Trigger(id="daily", name="Daily", schedule=IntervalTrigger(days=1))],
)
"""
PIPELINES, RUNS, API = "plombery/api/routers/pipelines.py", "plombery/api/routers/runs.py", "plombery/api/__init__.py"
LIST, ONE, SCHEMA, DOCS = (
    "GET /api/pipelines/",
    "GET /api/pipelines/stock_prices",
    "GET /api/pipelines/stock_prices/input-schema",
    "GET /openapi.json",
)
WHOAMI = "GET /api/auth/whoami"
EDITS = (
    Edit("the body of a handler", [(PIPELINES, "    return pipeline.params.model_json_schema() if", "    return {'edited': 1} if")], [SCHEMA]),
    Edit("a handler's new query parameter", [(RUNS, "    trigger_id: Optional[str] = None,\n) -> Sequence", "    trigger_id: Optional[str] = None,\n    limit: int = 5,\n) -> Sequence")], ["GET /api/runs/?limit=x", DOCS]),
    Edit("a route with another path", [(PIPELINES, '"/{pipeline_id}/input-schema"', '"/{pipeline_id}/schema"')], [SCHEMA, "GET /api/pipelines/stock_prices/schema", DOCS]),
    Edit("a route added", [(PIPELINES, "class PipelineRunInput(BaseModel):\n", "@router.get('/count/all')\ndef count():\n    return len(orchestrator.pipelines)\n\n\nclass PipelineRunInput(BaseModel):\n")], ["GET /api/pipelines/count/all", DOCS]),
    Edit("a route removed", [(RUNS, '@router.get("/{run_id}/data/{task}")\n', "# not served\n")], ["GET /api/runs/1/data/x", DOCS]),
    Edit("a handler's response model, by its return annotation", [("plombery/database/schemas.py", "    duration: float\n", "    duration: float\n    note: str = 'none'\n")], [DOCS]),
    Edit("a field of a request body with a default", [(PIPELINES, '    reason: str = "api"\n', '    reason: str = "web"\n    urgent: bool = False\n')], [DOCS, 'POST /api/pipelines/stock_prices/run {"urgent": "perhaps"}']),
    Edit("another status of an HTTPException", [(RUNS, 'raise HTTPException(404, f"The pipeline run {run_id}', 'raise HTTPException(410, f"The pipeline run {run_id}')], ["GET /api/runs/99"]),
    Edit("the body of a dependency", [("plombery/api/authentication.py", "    if not settings.auth:\n        return None\n\n    user", "    if request.query_params.get('secret') is None:\n        raise HTTPException(418, 'who?')\n    if not settings.auth:\n        return None\n\n    user")], [LIST, LIST + "?secret=1"]),
    Edit("a dependency's new parameter", [("plombery/api/authentication.py", "async def _needs_auth(request: Request):\n", "async def _needs_auth(request: Request, key: int = 0):\n")], [LIST + "?key=x", DOCS]),
    Edit("a route inside of a function that builds a router", [("plombery/api/authentication.py", '                "user": None,\n', '                "user": "nobody",\n')], [WHOAMI]),
    Edit("the prefix of a router", [(RUNS, 'prefix="/runs"', 'prefix="/history"')], ["GET /api/runs/99", "GET /api/history/99", DOCS]),
    Edit("the prefix of the API, a constant", [(API, 'API_PREFIX = "/api"', 'API_PREFIX = "/v1"')], ["GET /v1/pipelines/", LIST], "said RLD316"),
    Edit("the title of the application", [(API, 'title="Plombery"', 'title="Edited"')], [DOCS, LIST], "exact with RLD316"),
    Edit("a middleware function added", [(API, "setup_cors(app)\n", "setup_cors(app)\n\n\n@app.middleware('http')\nasync def tag(request, call_next):\n    response = await call_next(request)\n    response.headers['X-Tag'] = '1'\n    return response\n")], [LIST]),
    Edit("an exception handler added", [(API, "setup_cors(app)\n", "setup_cors(app)\n\n\n@app.exception_handler(404)\nasync def missing(request, error):\n    from fastapi.responses import JSONResponse\n\n    return JSONResponse({'missing': 1}, 404)\n")], ["GET /api/runs/99"]),
    Edit("an argument of middleware, inside of a function that ran at import", [("plombery/api/middlewares.py", "allow_credentials=True", "allow_credentials=False")], ["OPTIONS /api/pipelines/"], "said RLD316"),
    Edit("a method of a class whose object the application holds (static files)", [("plombery/api/middlewares.py", 'super().get_response("index.html", scope)', 'super().get_response("nothing.html", scope)')], ["GET /some/page"]),
    Edit("a helper imported by name", [("plombery/pipeline/_utils.py", 'return re.sub(r"_+", " ", name).strip()', 'return re.sub(r"_+", "-", name).strip()')], [LIST], "noted RLD109"),
    Edit("a validator of a model of which objects were made at import", [("plombery/pipeline/pipeline.py", 'prettify_name(data["id"]).title()', 'prettify_name(data["id"]).upper()')], [ONE], "said RLD316"),
    Edit("a field with a default in a model of which objects were made at import", [("plombery/pipeline/pipeline.py", "    description: Optional[str] = None\n", "    description: Optional[str] = None\n    owner: str = 'nobody'\n")], [ONE]),
    Edit("a field of the parameters of a pipeline", [("flows.py", "count: int = 3", "count: int = 3\n    step: int = 1")], [SCHEMA]),
    Edit("an argument of the call that registers a pipeline", [("flows.py", 'name="Daily"', 'name="Nightly"')], [ONE], "said RLD307"),
    Edit("an enum's new member", [("plombery/schemas.py", '    CANCELLED = "cancelled"\n', '    CANCELLED = "cancelled"\n    SKIPPED = "skipped"\n')], [DOCS]),
    Edit("a column of a mapped class", [("plombery/database/models.py", "    reason = Column(String, default=None)", "    reason = Column(String, default=None)\n    host = Column(String, default=None)")], ["GET /api/runs/"], "exact with RLD703; taken back: said RLD703"),
    Edit("a helper of a handler, and a constant for it", [("plombery/constants.py", 'MANUAL_TRIGGER_ID', 'NO_LOGS = "{}"\nMANUAL_TRIGGER_ID'), ("plombery/orchestrator/data_storage.py", "import PIPELINE_RUN_LOGS_FILE", "import NO_LOGS, PIPELINE_RUN_LOGS_FILE"), ("plombery/orchestrator/data_storage.py", "    if not logs_file.exists():\n        return\n", "    if not logs_file.exists():\n        return NO_LOGS\n")], ["GET /api/runs/1/logs"]),
    Edit("a default of the settings", [("plombery/config/model.py", 'allowed_origins: Union[List[AnyHttpUrl], Literal["*"]] = "*"', 'allowed_origins: Union[List[AnyHttpUrl], Literal["*"]] = []')], [LIST], "said RLD316"),
    Edit("a syntax error", [(RUNS, "def get_run_logs(run_id: int):", "def get_run_logs(run_id: int:")], [LIST], "refused RLD901"),
)  # fmt: skip


class Plombery:
    """The scheduler with one pipeline."""

    name = "plombery"
    edits = EDITS
    first = "app.py"
    kept = "GET /born"

    def prepare(self, workspace: Path) -> None:
        packages = packages_of(installed("plombery", *PACKAGES))
        shutil.copytree(packages / "plombery", workspace / "plombery")
        (workspace / "app.py").write_text(APP)
        (workspace / "flows.py").write_text(FLOWS)

    def start(self, workspace: Path, env: dict[str, str], live: bool) -> Served:
        python = installed("plombery", *PACKAGES) / "python"
        return Served(
            [python, "-m", "uvicorn", "app:app", "--port", "PORT"], workspace, env, live, r'"next_fire_time":"[^"]*"'
        )


test_sample, test_edits = trials(Plombery(), sample=("a route with another path", "a dependency's new parameter"))
