"""`make lock`: pin requirements/*.in with hashes, for every supported Python, naming no index.

Arguments go to uv: `--upgrade` for newer versions, `--upgrade-package NAME` for one. What is locked stays.
"""

from __future__ import annotations

import subprocess
import sys

from tools.setup import REQUIREMENTS, ROOT, VENV

NAMES = ("bootstrap", "run", "dev")  # dev.in is constrained by run.lock, so it comes last.
OPTIONS = (
    "--quiet",
    "--generate-hashes",
    "--universal",
    "--python-version=3.11",
    "--no-header",
    "--no-emit-index-url",
    "--no-emit-find-links",
)


def main() -> int:
    """Write the three lock files; return uv's exit code where it fails."""
    for name in NAMES:
        source, target = REQUIREMENTS / f"{name}.in", REQUIREMENTS / f"{name}.lock"
        files = [str(source.relative_to(ROOT)), "--output-file", str(target.relative_to(ROOT))]
        command = [str(VENV / "bin" / "uv"), "pip", "compile", *OPTIONS, *sys.argv[1:], *files]
        if code := subprocess.run(command, cwd=ROOT, check=False).returncode:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
