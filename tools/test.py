"""`make test`: the whole suite on SQLite, then the integration tests that write or race again on PostgreSQL.

    .venv/bin/python -m tools.test [PYTEST-ARGUMENTS …]

With arguments only one run, with those. The services are private and end with the run (tests/services.py); a missing
one fails, because `make test` has installed them. Ends with pytest's own closing line and pytest's exit code: 0 all
passed, 1 tests failed, 2 interrupted, 3 internal error, 4 wrong usage, 5 no tests found.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tools.setup import ROOT, VENV_PYTHON

# All tests of a file go to one worker: they share a portal and a browser, which take seconds to start.  One worker more
# than there are cores: those that drive a browser mostly wait.
PARALLEL = ("--numprocesses", str((os.cpu_count() or 1) + 1), "--dist", "loadfile", "--no-loadscope-reorder")


def pytest(*arguments: str, database: str) -> int:
    """Run pytest on one of the two databases; return its exit code."""
    environment = {**os.environ, "TEST_DATABASE": database, "TEST_STRICT": "1"}
    command = [str(VENV_PYTHON), "-m", "pytest", *arguments]
    # Ctrl-C reaches pytest as well, being of the same group; it then closes down its services by itself.
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def main() -> int:
    """Run the tests; stop after the first run that fails, so that its closing line is the last."""
    if chosen := sys.argv[1:]:
        return pytest(*chosen, database=os.environ.get("TEST_DATABASE") or "sqlite")
    return pytest(*PARALLEL, database="sqlite") or pytest(
        *PARALLEL, "-m", "not any_database", "tests/integration", database="postgres"
    )


if __name__ == "__main__":
    sys.exit(main())
