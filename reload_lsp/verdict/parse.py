"""The statements of a long text, read in a process of its own: `python -m reload_lsp.verdict.parse`.

Parsing holds the interpreter for as long as it takes, a quarter of a second for 20,000 lines: whoever has a client waiting
asks here. The text is read from standard input as UTF-8; the answer is a pickle, of a list of statements or of an error.
"""

from __future__ import annotations

import pickle
import sys
import warnings

from ..source.statement import Statement
from ..source.table import table


def answer(text: str) -> list[Statement] | SyntaxError | ValueError:
    """The statements, or why there are none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return table(text)
    except SyntaxError as error:
        return SyntaxError(error.msg, (error.filename, error.lineno, error.offset, None))
    except (ValueError, RecursionError, MemoryError) as error:
        return ValueError(str(error))


def main() -> None:
    text = sys.stdin.buffer.read().decode("utf-8", "surrogatepass")
    pickle.dump(answer(text), sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
