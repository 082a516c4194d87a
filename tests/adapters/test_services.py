"""Jobs and logs: what statements gave to schedulers and to the configuration of logging, once and for the whole process."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow

JOBS = """
    from apscheduler.schedulers.background import BackgroundScheduler
    import rates
    scheduler = BackgroundScheduler()

    @scheduler.scheduled_job("interval", seconds=1000)
    def beat():
        return "beat"

    def clean():
        return "clean"

    def sweep():
        return "sweep"

    scheduler.add_job(clean, "interval", seconds=1000, id="clean")
    scheduler.add_job(clean, "interval", seconds=rates.SLOW)
"""
SECONDS = "sorted((j.func.__name__, j.trigger.interval.seconds) for j in jobs.scheduler.get_jobs())"


@pytest.mark.parametrize("started", [True, False])
def test_jobs_take_the_place_of_those_before(program: Program, started: bool) -> None:
    program.write(rates="SLOW = 3000\n", jobs=JOBS)
    program.run("import jobs" + "; jobs.scheduler.start()" * started)
    first = [["beat", 1000], ["clean", 1000], ["clean", 3000]]
    assert program.ask(SECONDS) == first
    assert program.edit("jobs", '"interval", seconds=1000)\n', '"interval", seconds=1500)\n') == []
    assert program.edit("jobs", 'seconds=1000, id="clean"', 'seconds=2000, id="clean"') == []
    assert program.edit("rates", "3000", "3500") == []
    assert program.ask(SECONDS) == [["beat", 1500], ["clean", 2000], ["clean", 3500]]
    assert (
        program.edit("jobs", 'add_job(clean, "interval", seconds=2000', 'add_job(sweep, "interval", seconds=2000') == []
    )
    assert program.ask(SECONDS) == [["beat", 1500], ["clean", 3500], ["sweep", 2000]]


def test_a_job_that_fails_to_be_added_leaves_the_one_before(program: Program) -> None:
    program.write(rates="SLOW = 3000\n", jobs=JOBS)
    program.run("import jobs; jobs.scheduler.start()")
    assert program.edit("jobs", 'seconds=1000, id="clean"', 'minutes="x", id="clean"') == ["RLD901"]
    assert program.ask(SECONDS) == [["beat", 1000], ["clean", 1000], ["clean", 3000]]


def test_a_removed_job_is_gone(program: Program) -> None:
    program.write(rates="SLOW = 3000\n", jobs=JOBS)
    program.run("import jobs; jobs.scheduler.start()")
    text = program.path("jobs").read_text()
    assert program.save(jobs=text.replace(text[text.index("@scheduler") : text.index("def clean")], "")) == []
    assert program.ask(SECONDS) == [["clean", 1000], ["clean", 3000]]


def test_loggers_of_structlog_that_were_used_follow_its_configuration(program: Program) -> None:
    program.write(
        levels="LEVEL = 20\n",
        conf="""
            import structlog, levels
            structlog.configure(
                processors=[structlog.processors.KeyValueRenderer()],
                wrapper_class=structlog.make_filtering_bound_logger(levels.LEVEL),
                logger_factory=structlog.ReturnLoggerFactory(),
                cache_logger_on_first_use=True,
            )
        """,
        use="import structlog\nlog = structlog.get_logger()\n",
    )
    program.run("import conf, use")
    assert program.ask("use.log.info('a', n=1), use.log.debug('a')") == ["n=1 event='a'", None]
    assert program.edit("conf", "KeyValueRenderer", "JSONRenderer") == []
    assert program.ask("use.log.info('a', n=1)") == '{"n": 1, "event": "a"}'
    assert program.edit("levels", "20", "10") == []
    assert program.ask("use.log.debug('a')") == '{"event": "a"}'
    codes = program.edit("conf", "JSONRenderer()", "JSONRenderer(nothing=1/0)")
    assert codes == ["RLD901"]
    assert program.ask("use.log.debug('a')") == '{"event": "a"}'


LOGS = """
    import io, logging, levels
    out = io.StringIO()
    logging.basicConfig(stream=out, format="a %(message)s")
    log = logging.getLogger("shop")
    log.setLevel(levels.LEVEL)
    handler = logging.StreamHandler(out)
    log.addHandler(handler)
    log.propagate = False
"""


def test_levels_follow_and_handlers_are_not_doubled(program: Program) -> None:
    program.write(levels="LEVEL = 20\n", logs=LOGS)
    program.run("import logs, logging")
    codes = program.edit("levels", "20", "30")
    assert codes or program.ask("logs.log.level") == 30
    codes = program.edit("logs", "StreamHandler(out)", "StreamHandler(stream=out)")
    program.run("logs.log.error('one')")
    assert codes or program.ask("logs.out.getvalue()") == "one\n"


def test_a_basic_configuration_that_comes_too_late_is_said(program: Program) -> None:
    """A second `basicConfig` does nothing where the first has put a handler."""
    program.write(levels="LEVEL = 20\n", logs=LOGS)
    program.run("import logs, logging")
    codes = program.edit("logs", '"a %(message)s"', '"b %(message)s"')
    program.run("logging.error('one')")
    assert codes or program.ask("logs.out.getvalue()") == "b one\n"


def test_handlers_and_filters_that_calls_gave(program: Program) -> None:
    program.write(
        logs="""
            import logging, logging.config
            class Quiet(logging.Filter):
                pass
            CONF = {"version": 1, "disable_existing_loggers": False, "loggers": {"shop": {"level": "INFO"}}}
            logging.config.dictConfig(CONF)
            log = logging.getLogger("web")
            log.addHandler(logging.NullHandler())
            logging.getLogger("db").addHandler(logging.NullHandler())
            log.addFilter(Quiet())
        """
    )
    program.run("import logs, logging")
    assert program.edit("logs", "logging.NullHandler()", "logging.StreamHandler()", "Quiet())", 'Quiet("web"))') == []
    kinds = "[type(h).__name__ for n in ('web', 'db') for h in logging.getLogger(n).handlers]"
    assert program.ask(f"{kinds}, [f.name for f in logs.log.filters]") == [["StreamHandler", "StreamHandler"], ["web"]]
    assert program.edit("logs", '"INFO"', '"ERROR"') == []
    assert program.ask("logging.getLogger('shop').level, " + kinds) == [40, ["StreamHandler", "StreamHandler"]]


def test_loggers_of_structlog_that_were_bound_follow_its_configuration(program: Program) -> None:
    program.write(
        s="""
        import structlog
        out = []
        def sink(logger, name, event):
            out.append(sorted(event))
            raise structlog.DropEvent
        LEVEL = 20
        structlog.configure(processors=[sink], wrapper_class=structlog.make_filtering_bound_logger(LEVEL))
        log = structlog.get_logger()
        """
    )
    program.run("""
        import s
        bound = s.log.bind(user=1)
        def go():
            s.out.clear()
            bound.info("i"), bound.debug("d")
            return list(s.out)
    """)
    assert program.ask("go()") == [["event", "user"]]
    assert program.edit("s", "LEVEL = 20", "LEVEL = 10") == []
    assert program.ask("go()") == [["event", "user"]] * 2
    more = "def more(logger, name, event):\n    event['more'] = 1\n    return event\n\nLEVEL"
    assert program.edit("s", "LEVEL = 10", more + " = 20", "[sink]", "[more, sink]") == []
    assert program.ask("go()") == [["event", "more", "user"]]


def test_a_job_that_another_call_gave_stays_when_its_function_is_renamed(program: Program) -> None:
    program.write(
        jobs="""
        from apscheduler.schedulers.background import BackgroundScheduler
        scheduler = BackgroundScheduler()
        log = []
        def nightly():
            return "nightly"
        def told(event):
            log.append(event)
        def fill(s):
            s.add_job(nightly, "interval", seconds=50, id="inner")
        fill(scheduler)
        scheduler.add_listener(told, 1)
        """
    )
    program.run("""
        import jobs
        def tell(code):
            jobs.log.clear()
            jobs.scheduler._dispatch_event(type("Event", (), {"code": code})())
            return len(jobs.log)
    """)
    assert program.edit("jobs", "def nightly", "def night", "add_job(nightly", "add_job(night") == ["RLD316"]
    assert program.ask("[(j.id, j.func()) for j in jobs.scheduler.get_jobs()]") == [["inner", "nightly"]]
    program.edit("jobs", "def night", "def nightly", "add_job(night", "add_job(nightly")
    assert program.ask("[j.func is jobs.nightly for j in jobs.scheduler.get_jobs()]") == [True]
    assert program.edit("jobs", "told, 1", "told, 2") == []
    assert program.ask("tell(1), tell(2)") == [0, 1]


def test_a_job_that_a_name_stands_for_and_one_whose_call_is_gone(program: Program) -> None:
    program.write(
        jobs="""
            from apscheduler.schedulers.background import BackgroundScheduler
            scheduler = BackgroundScheduler()
            def clean(n=0):
                return n
            job = scheduler.add_job(clean, "interval", seconds=1000, id="a")
            scheduler.add_job(clean, "interval", seconds=3000, id="b")
            scheduler.start(paused=True)
        """
    )
    program.run("import jobs; held = jobs.scheduler")
    ids = "held is jobs.scheduler, sorted((j.id, j.trigger.interval.seconds) for j in held.get_jobs())"
    assert program.edit("jobs", "seconds=1000", "seconds=1500") == []
    assert program.ask(ids) == [True, [["a", 1500], ["b", 3000]]]
    assert program.edit("jobs", 'id="a"', 'id="c"') == []
    assert program.ask(ids) == [True, [["b", 3000], ["c", 1500]]]
    assert program.edit("jobs", 'scheduler.add_job(clean, "interval", seconds=3000, id="b")\n', "") == []
    assert program.ask(ids) == [True, [["c", 1500]]]
