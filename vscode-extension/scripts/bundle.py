"""Fill bundled/libs with the server and what it needs, for the .vsix: pure Python, the same for every platform.

    python scripts/bundle.py

What is there and fits requirements.txt is kept; the server's own files are copied anew each time.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
LIBS = HERE / "bundled" / "libs"
REQUIREMENTS = HERE / "requirements.txt"
SERVER = HERE.parent / "reload_lsp"
OLDEST = "3.10"
COMPILED = (".so", ".pyd", ".dylib", ".dll")


def main() -> int:
    stamp = LIBS / "requirements.txt"
    if not stamp.exists() or stamp.read_bytes() != REQUIREMENTS.read_bytes():
        shutil.rmtree(LIBS, ignore_errors=True)
        install()
        shutil.copyfile(REQUIREMENTS, stamp)
    shutil.rmtree(LIBS / SERVER.name, ignore_errors=True)
    shutil.copytree(SERVER, LIBS / SERVER.name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    compiled = [path.relative_to(LIBS) for path in LIBS.rglob("*") if path.suffix in COMPILED]
    if compiled:
        print("bundle: these run on one platform only:", *compiled, file=sys.stderr)
    return 1 if compiled else 0


def install() -> None:
    """Put the requirements into bundled/libs, as the oldest Python takes them."""
    anywhere = ["--implementation", "py", "--abi", "none", "--platform", "any", "--platform", "manylinux2014_x86_64"]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command += ["--target", str(LIBS), "--no-deps", "--only-binary", ":all:", "--python-version", OLDEST, *anywhere]
    subprocess.run([*command, "--requirement", str(REQUIREMENTS)], check=True)
    shutil.rmtree(LIBS / "bin", ignore_errors=True)
    for cache in LIBS.rglob("__pycache__"):
        shutil.rmtree(cache)


if __name__ == "__main__":
    sys.exit(main())
