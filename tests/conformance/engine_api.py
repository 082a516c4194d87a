"""Bench adapter: the engine through the Python API, as a notebook or a game loop uses it."""

import reload_lsp

SEEN = ("error", "warning")


class Engine:
    def start(self, target_dir, module_roots):
        reload_lsp.start()

    def apply(self, changed):
        report = reload_lsp.reload()
        return [
            f"{f.code} {f.message} ({f.path}:{f.range.start.line + 1})" for f in report.findings if f.severity in SEEN
        ]
