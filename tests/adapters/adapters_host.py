"""The program of one test: modules in its folder, reloaded through the Python API; told what to do line by line."""

import contextlib
import json
import sys
import traceback


def main() -> None:
    import reload_lsp

    answers = sys.stdout
    sys.stdout = sys.stderr
    reload_lsp.start()
    scope: dict[str, object] = {"__name__": "__main__"}
    for line in sys.stdin:
        asked = json.loads(line)
        answer: dict[str, object] = {}
        try:
            with contextlib.redirect_stdout(sys.stderr):
                answer["value"] = _done(asked, scope, reload_lsp)
        except BaseException:
            answer["error"] = traceback.format_exc()
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _done(asked: dict[str, str], scope: dict[str, object], engine: object) -> object:
    if "run" in asked:
        exec(compile(asked["run"], "<test>", "exec"), scope)
        return None
    if "ask" in asked:
        return eval(compile(asked["ask"], "<test>", "eval"), scope)
    report = engine.reload()  # type: ignore[attr-defined]
    return report.as_json()


main()
