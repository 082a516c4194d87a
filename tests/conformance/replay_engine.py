"""Replay-bench adapter: real commits through the Python API. The bench's folder comes first on sys.path when this is loaded."""

import os
import sys

sys.path.append(os.environ.get("RELOAD_LSP_SOURCE", os.path.dirname(os.path.dirname(os.path.dirname(__file__)))))


class Api:
    """In-process engine for `replay.py run --engines <this file>:Api`."""

    name, PRE_IMPORT = "reload_lsp", True

    def setup(self, ctx):  # start
        import reload_lsp

        self.api = reload_lsp
        reload_lsp.start()

    def after_import(self, ctx):
        pass

    def settle(self, ctx):
        pass

    def apply(self, ctx, files):
        report = self.api.reload()
        said = {"errors": [], "warnings": [], "info": []}
        for finding in report.findings:
            kind = {"error": "errors", "warning": "warnings"}.get(finding.severity, "info")
            said[kind].append(
                f"{finding.code} {finding.message} [{os.path.basename(finding.path)}:{finding.range.start.line + 1}]"
            )
        said["info"].extend(f"{s.module} {s.name} {s.ending} {s.why}" for s in report.statements)
        said["info"].append(f"{report.outcome} {report.duration_ms} ms")
        return said
