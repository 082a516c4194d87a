"""Loggers, jobs, widgets and registries that nobody knows: what is registered once and called for ever."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow


def test_logging_and_structlog_configuration(program: Program) -> None:
    program.write(
        logs="""
        import logging, logging.config
        logging.config.dictConfig({"version": 1, "disable_existing_loggers": False, "loggers": {"shop": {"level": "INFO"}}})
        log = logging.getLogger("shop")
    """,
        conf="""
        import structlog
        structlog.configure(processors=[structlog.processors.KeyValueRenderer()], cache_logger_on_first_use=True)
    """,
        use="""
        import structlog
        log = structlog.get_logger()
    """,
    )
    program.run("import logs, conf, use, logging; use.log.bind()")
    codes = program.edit("logs", '"INFO"', '"ERROR"')
    assert codes or program.ask("logging.getLogger('shop').level") == 40
    codes = program.edit("conf", "KeyValueRenderer", "JSONRenderer")
    assert (
        codes or program.ask("type(__import__('structlog').get_config()['processors'][0]).__name__") == "JSONRenderer"
    )


def test_apscheduler_jobs(program: Program) -> None:
    program.write(
        jobs="""
        from apscheduler.schedulers.background import BackgroundScheduler
        log = []
        scheduler = BackgroundScheduler()

        @scheduler.scheduled_job("interval", seconds=1000, id="beat")
        def beat():
            log.append("b1")
    """
    )
    program.run("import jobs; jobs.scheduler.start()")
    assert program.edit("jobs", "b1", "b2") == []
    program.run("jobs.scheduler.get_job('beat').func()")
    assert program.ask("jobs.log") == ["b2"]
    codes = program.edit("jobs", "seconds=1000", "seconds=2000")
    assert codes or program.ask("jobs.scheduler.get_job('beat').trigger.interval.seconds") == 2000
    text = program.path("jobs").read_text()
    codes = program.save(jobs=text[: text.index("@scheduler")])
    assert codes or program.ask("jobs.scheduler.get_job('beat')") is None
    program.run("jobs.scheduler.shutdown(wait=False)")


def test_textual_widgets(program: Program) -> None:
    program.write(
        app="""
        from textual.app import App
        from textual.widgets import Static
        class Label(Static):
            DEFAULT_CSS = "Label { width: 11; }"
        class Counter(App):
            BINDINGS = [("a", "inc", "Inc")]
            n = 0
            def compose(self):
                yield Label("0", id="s")
            def action_inc(self):
                self.n += 1
                self.query_one("#s", Label).update("one %d" % self.n)
    """
    )
    program.run("""
        import threading, queue, asyncio, app
        cmds, outs = queue.Queue(), queue.Queue()
        def runner():
            async def go():
                a = app.Counter()
                async with a.run_test() as pilot:
                    while True:
                        while cmds.empty():
                            await asyncio.sleep(0.01)
                        k = cmds.get()
                        await pilot.press(k)
                        await pilot.pause()
                        widget = a.query_one("#s")
                        outs.put([str(widget.render()), widget.size.width])
            asyncio.run(go())
        threading.Thread(target=runner, daemon=True).start()
        def press(k):
            cmds.put(k)
            return outs.get(timeout=10)
        press("a")
    """)
    assert program.edit("app", "one %d", "two %d") == []
    assert program.ask("press('a')") == ["two 2", 11]
    codes = program.edit("app", "width: 11", "width: 13")
    assert codes or program.ask("press('a')") == ["two 3", 13]
    codes = program.edit("app", '[("a", "inc", "Inc")]', '[("b", "inc", "Inc")]')
    assert codes or program.ask("press('b')[0]") == "two 4"


def test_an_unknown_registry(program: Program) -> None:
    program.write(
        reg="""
            table = []
            def on(event):
                def wrap(f):
                    table.append((event, f))
                    return f
                return wrap
        """,
        use="""
            from reg import on
            @on("start")
            def begin():
                return 1

            @on("stop")
            def end():
                return 2
        """,
    )
    program.run("import reg, use")
    codes = program.edit("use", '"start"', '"begin"')
    assert codes or program.ask("[e for e, f in reg.table]") == ["begin", "stop"]
    codes = program.edit("use", '@on("stop")\ndef end():\n    return 2', "")
    assert codes or program.ask("[e for e, f in reg.table]") == ["begin"]
