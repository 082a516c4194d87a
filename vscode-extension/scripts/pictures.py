"""Take the pictures that README and walkthrough show from those that the tests made.

python scripts/pictures.py
"""

from __future__ import annotations

import shutil
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]


def main() -> None:
    for picture in (HERE / "images").glob("*.png"):
        made = HERE / "out" / "screenshots" / picture.name
        if made.exists():
            shutil.copyfile(made, picture)


if __name__ == "__main__":
    main()
