"""`python -m reload_lsp` is `reload-lsp`; what stands in the current folder, perhaps a stranger's, is not imported."""

import os
import sys

if sys.path and sys.path[0] in ("", os.getcwd()):
    del sys.path[0]

from .cli import main

sys.exit(main())
