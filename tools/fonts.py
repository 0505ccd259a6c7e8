"""Builds the letters' fonts into build/fonts; run by `make setup`, and quick when nothing changed.

Usage: `python tools/fonts.py [--force]`.  Exit status 1, with one sentence, when a Debian package is missing.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

# A script's own folder is on the path, not the repository's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from portal.papers import font_build, fonts
from portal.papers.errors import FontsMissing


def main() -> int:
    """Build, say in one line what was done, and give the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--force", action="store_true", help="build even if nothing changed")
    arguments = parser.parse_args()
    begun = time.perf_counter()
    try:
        built = font_build.build(force=arguments.force)
    except FontsMissing as reason:
        print(reason, file=sys.stderr)
        return 1
    if built:
        print(f"Built the letters' fonts in {time.perf_counter() - begun:.1f} s: {fonts.FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
