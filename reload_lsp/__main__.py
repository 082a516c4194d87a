"""`python -m reload_lsp` is `reload-lsp`."""

import sys

from .cli import main

sys.exit(main())
