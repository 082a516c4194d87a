"""Small programs of third parties, each of which says `rate N` or ends well once it has followed a save of rates.py."""

from __future__ import annotations

from dataclasses import dataclass

RATES = "def rate():\n    return 2\n"
TICK = """
def tick():
    import rates
    while True:
        time.sleep(0.05)
        print("rate", rates.rate(), flush=True)
"""
WSGI = (
    """\
import threading, time
import rates
"""
    + TICK
    + """
def app(environ, start_response):
    start_response("200 OK", [])
    return [b""]

threading.Thread(target=tick, daemon=True).start()
"""
)
ASGI = (
    WSGI.partition("def app")[0]
    + """
async def app(scope, receive, send):
    pass

threading.Thread(target=tick, daemon=True).start()
"""
)
CELERY = """\
import pathlib, time
from celery import Celery, signals
import rates

HERE = pathlib.Path(__file__).parent
for name in ("queue", "control"):
    (HERE / name).mkdir(exist_ok=True)
app = Celery("app", broker="filesystem://")
app.conf.broker_transport_options = {
    "data_folder_in": str(HERE / "queue"), "data_folder_out": str(HERE / "queue"), "control_folder": str(HERE / "control"),
}

@app.task
def price():
    time.sleep(0.05)
    print(f"rate {rates.rate()}")
    price.delay()

@signals.worker_ready.connect
def begin(**_):
    price.delay()
"""
KERNEL = """\
from jupyter_client.manager import start_new_kernel

def show(message):
    if message["msg_type"] == "stream":
        print(message["content"]["text"], end="", flush=True)
    elif message["msg_type"] == "error":
        print(message["content"]["evalue"], flush=True)

manager, client = start_new_kernel(kernel_name="python3")
client.execute_interactive("import time; from rates import rate", output_hook=show)
print("ready", flush=True)
while True:
    client.execute_interactive("time.sleep(0.05); print('rate', rate(), flush=True)", output_hook=show)
"""
DASK = """\
import os, sys, time
sys.path.insert(0, sys.argv[1])
os.environ["PYTHONPATH"] = sys.argv[1] + os.pathsep + os.getcwd()
from distributed import Client, LocalCluster

def ask():
    import rates
    return rates.rate()

if __name__ == "__main__":
    from reload_lsp.clusters.dask_workers import ReloadPlugin

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster, Client(cluster) as client:
        client.register_plugin(ReloadPlugin())
        print("ready", client.run(ask), flush=True)
        while True:
            time.sleep(0.1)
            if len(rates := set(client.run(ask).values())) == 1:
                print("rate", *rates, flush=True)
"""
RAY = """\
import os, sys, time
sys.path.insert(0, sys.argv[1])
os.environ["PYTHONPATH"] = sys.argv[1] + os.pathsep + os.getcwd()
import ray

@ray.remote(num_cpus=0)
class Till:
    def rate(self):
        import rates
        return rates.rate()

if __name__ == "__main__":
    hook = {"worker_process_setup_hook": "reload_lsp.clusters.start_worker"}
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, runtime_env=hook)
    tills = [Till.remote() for _ in range(2)]
    print("ready", ray.get([till.rate.remote() for till in tills]), flush=True)
    while True:
        time.sleep(0.1)
        if len(rates := set(ray.get([till.rate.remote() for till in tills]))) == 1:
            print("rate", *rates, flush=True)
"""
GEVENT = (
    """\
from gevent import monkey; monkey.patch_all()
import gevent, time
import rates
"""
    + TICK
    + """
print("ready", flush=True)
gevent.spawn(tick).join()
"""
)
TRIO = """\
import trio
import rates

async def main():
    print("ready", flush=True)
    while True:
        await trio.sleep(0.05)
        print("rate", rates.rate(), flush=True)

trio.run(main)
"""
XDIST = """\
import os, time
import pytest
import rates

@pytest.mark.parametrize("number", range(2))
def test_rate(number):
    while rates.rate() != 3 or not os.path.exists("answered"):
        time.sleep(0.05)
"""
PLAIN = (
    """\
import threading, time
import rates
"""
    + TICK
    + """
print("ready", flush=True)
tick()
"""
)


@dataclass(frozen=True)
class Third:
    """`command` begins with a file of the environment's bin folder; the last of `packages` is the one that is meant."""

    packages: tuple[str, ...]
    command: tuple[str, ...]
    text: str
    count: int = 1
    ready: str = "ready"
    file: str = "app.py"
    after: str = "rate 3"


THIRDS = {
    "gunicorn": Third(("gunicorn",), ("gunicorn", "-w", "2", "-b", "127.0.0.1:0", "app:app"), WSGI, 2, "rate 2"),
    "gunicorn --preload": Third(
        ("gunicorn",), ("gunicorn", "--preload", "-w", "2", "-b", "127.0.0.1:0", "app:app"), WSGI, 3, "Booting worker"
    ),
    "uvicorn": Third(("uvicorn",), ("uvicorn", "app:app", "--workers", "2", "--port", "0"), ASGI, 2, "rate 2"),
    "celery": Third(
        ("celery",),
        ("celery", "-A", "app", "worker", "-l", "INFO", "-c", "2", "-P", "prefork", "--without-gossip", "--without-mingle"),
        CELERY, 3, "rate 2",
    ),
    "pytest-xdist": Third(
        ("pytest", "pytest-xdist"), ("python", "-m", "pytest", "-n", "2", "-q", "-p", "no:cacheprovider"), XDIST, 3,
        "bringing up nodes", "test_app.py", "2 passed",
    ),
    "ipykernel": Third(("jupyter_client", "ipykernel"), ("python", "app.py"), KERNEL, 2),
    "dask": Third(("distributed",), ("python", "app.py", "{root}"), DASK, 3),
    "ray": Third(("ray",), ("python", "app.py", "{root}"), RAY, 3),
    "gevent": Third(("gevent",), ("python", "app.py"), GEVENT),
    "trio": Third(("trio",), ("python", "app.py"), TRIO),
    "debugpy": Third(("debugpy",), ("python", "-Xfrozen_modules=off", "-m", "debugpy", "--listen", "0", "app.py"), PLAIN),
    "coverage": Third(("coverage",), ("coverage", "run", "app.py"), PLAIN),
    "yappi": Third(("yappi",), ("python", "-m", "yappi", "app.py"), PLAIN),
    "pyinstrument": Third(("pyinstrument",), ("pyinstrument", "app.py"), PLAIN),
    "viztracer": Third(("viztracer",), ("viztracer", "app.py"), PLAIN),
    "line_profiler": Third(("line_profiler",), ("kernprof", "-l", "app.py"), PLAIN),
}  # fmt: skip
