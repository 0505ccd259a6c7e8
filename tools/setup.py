"""Everything a fresh machine needs before the portal can run, be tested or be checked.

    python3 tools/setup.py --for run|test|check

Standard library only, because it runs before anything is installed. Each step leaves a stamp under
`build/stamps`: a hash of what it was made from. A step whose stamp still fits is left out, so that a second
call does nothing. Exit codes: 0 ready, 1 a step failed, 2 something is missing that this user can't install:
the message names it.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import fcntl
import glob
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
STAMPS = BUILD / "stamps"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
OLDEST = (3, 11)
PYTHON_NAMES = ("python3", "python3.13", "python3.12", "python3.11", "python3.14")


class SetupError(Exception):
    """A step failed; the text is the message for the person, `code` the exit code."""

    def __init__(self, message: str, *, code: int = 1) -> None:
        super().__init__(message)
        self.code = code


# ---------------------------------------------------------------------------------------------------- stamps
def digest_of(paths: Iterable[Path], *extra: str) -> str:
    """Return one hash of the names and contents of `paths` (a missing file is empty) and of `extra`."""
    total = hashlib.sha256()
    for text in extra:
        total.update(text.encode() + b"\0")
    for path in sorted(paths):
        content = path.read_bytes() if path.is_file() else b""
        total.update(str(path).encode() + b"\0" + hashlib.sha256(content).digest())
    return total.hexdigest()


def stamped(step: str) -> str:
    """Return what `step` was last made from, or nothing."""
    stamp = STAMPS / step
    return stamp.read_text() if stamp.is_file() else ""


def stamp(step: str, value: str) -> None:
    """Remember that `step` was made from `value`."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / step).write_text(value)


def say(text: str) -> None:
    """Tell the person which step is under way; a step that has nothing to do says nothing."""
    print(f"setup: {text}", file=sys.stderr, flush=True)


def call(command: list[str], *, step: str, environment: dict[str, str] | None = None) -> None:
    """Run `command` in the repository; raises SetupError that names `step` where it fails."""
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    if done.returncode:
        raise SetupError(f"{step} failed: {' '.join(command)} (exit code {done.returncode}).")


# ------------------------------------------------------------------------------------------- Debian packages
def has_program(*names: str) -> Callable[[], bool]:
    """Return a probe: is one of these programs on PATH?"""
    return lambda: any(shutil.which(name) for name in names)


def has_library(name: str) -> Callable[[], bool]:
    """Return a probe: does the shared library `name` load?"""

    def probe() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return probe


def has_file(*patterns: str) -> Callable[[], bool]:
    """Return a probe: is there a file of one of these patterns?"""
    return lambda: any(glob.glob(pattern) for pattern in patterns)  # noqa: PTH207 - absolute patterns


# What counts is what is there, not which package brought it: the probes hold on other distributions as well.
RUN_PACKAGES = {
    "gettext": has_program("msgfmt"),
    "libpango-1.0-0": has_library("libpango-1.0.so.0"),
    "libpangoft2-1.0-0": has_library("libpangoft2-1.0.so.0"),
    "libharfbuzz-subset0": has_library("libharfbuzz-subset.so.0"),
    "fontconfig": has_program("fc-list"),
    "fonts-noto-core": has_file("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf"),
    "fonts-noto-cjk": has_file("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
}
TEST_PACKAGES = {
    "chromium": has_program("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    "poppler-utils": has_program("pdftotext"),
    "postgresql": lambda: bool(shutil.which("initdb") or glob.glob("/usr/lib/postgresql/*/bin/initdb")),  # noqa: PTH207
    "redis-server": has_program("redis-server", "valkey-server"),
}
# Debian starts a web server for everybody as soon as it is installed: in CI alone, never on a person's machine.
CI_PACKAGES = {"nginx": has_file("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/*bin/nginx")}


def missing_packages(purpose: str) -> list[str]:
    """Return the Debian packages that `purpose` (run, test, check) needs and this machine lacks."""
    wanted = dict(RUN_PACKAGES)
    if purpose == "test":
        wanted.update(TEST_PACKAGES)
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            wanted.update(CI_PACKAGES)
    missing = [package for package, is_there in wanted.items() if not is_there()]
    if not VENV_PYTHON.exists() and importlib.util.find_spec("ensurepip") is None:
        # Debian splits venv from Python; a Python beside Debian's own has its package under its own number.
        of_debian = Path("/usr/bin/python3").resolve().name == Path(sys.executable).resolve().name
        missing.append("python3-venv" if of_debian else f"python3.{sys.version_info.minor}-venv")
    return missing


def as_root() -> list[str] | None:
    """Return what to put before a command so that root runs it; None where that can't be."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def install_packages(purpose: str) -> None:
    """Install what is missing through apt-get, as root or by `sudo -n`; else raise SetupError naming it."""
    missing = missing_packages(purpose)
    if not missing:
        return
    names = " ".join(missing)
    apt, prefix = shutil.which("apt-get"), as_root()
    if apt is None or prefix is None:
        why = "there is no apt-get here" if apt is None else "you are not root, and sudo asks for a password"
        raise SetupError(
            f"These Debian packages are missing, and {why}:\n  {names}\n"
            f"Install them, then call this again:\n  sudo apt-get install --no-install-recommends {names}",
            code=2,
        )
    say(f"installing {names}")
    apt_get = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", apt, "-qq", "-o", "DPkg::Lock::Timeout=120"]
    call([*apt_get, "update"], step="apt-get update")
    call([*apt_get, "install", "--yes", "--no-install-recommends", *missing], step="apt-get install")
    if still := missing_packages(purpose):
        raise SetupError(f"Installed, but still not usable here: {' '.join(still)}.", code=2)


# ----------------------------------------------------------------------------------- Python and its packages
def is_suitable(python: str) -> bool:
    """Say whether this interpreter starts and is new enough; a version manager's stand-in may do neither."""
    probe = f"import sys; sys.exit(sys.version_info < {OLDEST})"
    try:
        done = subprocess.run([python, "-c", probe], capture_output=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def continue_on_suitable_python() -> None:
    """Go on under a Python that is new enough; raises SetupError where the machine has none."""
    if sys.version_info >= OLDEST:  # This file is the one that an older Python meets.
        return
    for name in PYTHON_NAMES:
        found = shutil.which(name)
        if found and is_suitable(found):
            os.execv(found, [found, *sys.argv])  # noqa: S606
    raise SetupError(
        "Python 3.11 or newer is needed, and none was found. On Debian 12 or newer:\n"
        "  sudo apt-get install python3 python3-venv",
        code=2,
    )


def venv_version() -> str:
    """Return the version of the Python in .venv, or nothing where there is none that works."""
    config = VENV / "pyvenv.cfg"
    if not VENV_PYTHON.exists() or not config.is_file():
        return ""
    pip = VENV / "bin" / "pip"
    if not pip.is_file() or str(VENV).encode() not in pip.read_bytes()[:512]:
        return ""  # The folder was moved or copied: its programs still name the old place.
    found = re.search(r"^version(?:_info)?\s*=\s*(\d+)\.(\d+)(\S*)", config.read_text(), re.MULTILINE)
    if not found or (int(found[1]), int(found[2])) < OLDEST:
        return ""
    return f"{found[1]}.{found[2]}{found[3]}"


def make_venv() -> None:
    """Make .venv with uv in it, pinned by hash, where it is missing or its Python is gone."""
    lock = REQUIREMENTS / "bootstrap.lock"
    if not venv_version():
        say(f"making .venv with Python {sys.version.split()[0]}")
        if VENV.exists():
            shutil.rmtree(VENV)
        for old in ("uv", "packages"):
            (STAMPS / old).unlink(missing_ok=True)
        call([sys.executable, "-m", "venv", str(VENV)], step="python -m venv")
    made_from = digest_of([lock], venv_version())
    if stamped("uv") == made_from and (VENV / "bin" / "uv").exists():
        return
    say("installing uv")
    pip = [str(VENV_PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    call([*pip, "install", "--require-hashes", "--requirement", str(lock)], step="installing uv")
    stamp("uv", made_from)


def sync_packages(purpose: str) -> None:
    """Bring .venv to the lock: run.lock for `run`, dev.lock for the rest.

    A .venv that has the packages for tests keeps them under `make run`: dev.lock holds all of run.lock.
    """
    digests = {name: digest_of([REQUIREMENTS / f"{name}.lock"], venv_version()) for name in ("run", "dev")}
    made_from = json.loads(stamped("packages") or "{}")
    wanted = "dev" if purpose != "run" or made_from.get("lock") == "dev" else "run"
    target = {"lock": wanted, "digest": digests[wanted]}
    if made_from == target:
        return
    say(f"installing the packages of requirements/{wanted}.lock")
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    uv = [str(VENV / "bin" / "uv"), "--quiet", "pip", "sync", "--python", str(VENV_PYTHON)]
    lock = str(REQUIREMENTS / f"{wanted}.lock")
    call([*uv, "--require-hashes", lock], step="installing packages", environment=environment)
    stamp("packages", json.dumps(target))


# ---------------------------------------------------------------------------- what is built from the sources
def compile_messages() -> None:
    """Compile the message files that changed; Django reads the `.mo` beside each `.po`."""
    made_from: dict[str, str] = json.loads(stamped("messages") or "{}")
    current: dict[str, str] = {}
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        name = str(source.relative_to(ROOT))
        current[name] = digest_of([source])
        target = source.with_suffix(".mo")
        if made_from.get(name) == current[name] and target.exists():
            continue
        say(f"compiling {name}")
        # A server that starts at this moment reads the old file or the new one, never half of one.
        fresh = BUILD / "django.mo"
        call(["msgfmt", "--output-file", str(fresh), str(source)], step=f"compiling {name}")
        fresh.replace(target)
    if current != made_from:
        stamp("messages", json.dumps(current, indent=0))


def build_fonts() -> None:
    """Build the letters' font subsets from Debian's fonts (tools/fonts.py); none of them is committed."""
    inputs = [
        ROOT / "tools" / "fonts.py",
        ROOT / "portal" / "languages.py",
        *(ROOT / "portal" / "papers").glob("font*.py"),
    ]
    made_from = digest_of(inputs)
    if stamped("fonts") == made_from and any((BUILD / "fonts").glob("*")):
        return
    say("building fonts")
    call([str(VENV_PYTHON), "-m", "tools.fonts"], step="building fonts")
    stamp("fonts", made_from)


def draw_share_picture() -> None:
    """Draw the picture of shared links out of the mark (tools/share_picture.py); it is not committed."""
    made_from = digest_of([ROOT / "tools" / "share_picture.py", ROOT / "static" / "favicon.svg"])
    if stamped("share-picture") == made_from and (BUILD / "share" / "share.png").exists():
        return
    say("drawing the share picture")
    call([str(VENV_PYTHON), "-m", "tools.share_picture"], step="drawing the share picture")
    stamp("share-picture", made_from)


def collect_static() -> None:
    """Collect, hash and compress the static files, which production mode serves by their hashed names."""
    folders = [
        ROOT / "static",
        BUILD / "share",
        *ROOT.glob("portal/**/static"),
        *ROOT.glob("requests_app/**/static"),
    ]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    made_from = digest_of([*files, REQUIREMENTS / "run.lock", ROOT / "portal" / "settings.py"])
    if stamped("static") == made_from and (BUILD / "static" / "staticfiles.json").exists():
        return
    say("collecting static files")
    call(
        [str(VENV_PYTHON), "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
        step="collecting static files",
    )
    stamp("static", made_from)


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Let two calls at once, say `make run` and `make check`, take turns."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up(purpose: str) -> None:
    """Do every step that `purpose` needs and that is not done yet; raises SetupError."""
    with alone():
        install_packages(purpose)
        make_venv()
        sync_packages(purpose)
    build()


def build() -> None:
    """Build what is out of date: message files, fonts, pictures, static files; raises SetupError."""
    with alone():
        compile_messages()
        build_fonts()
        draw_share_picture()
        collect_static()


def main() -> int:
    """Set the machine up as the arguments say; return the exit code."""
    parser = argparse.ArgumentParser(description="Set up what is missing; do nothing where nothing changed.")
    parser.add_argument("--for", dest="purpose", choices=("run", "test", "check"), default="run")
    purpose = parser.parse_args().purpose
    started = time.monotonic()
    try:
        continue_on_suitable_python()
        set_up(purpose)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return error.code
    if (spent := time.monotonic() - started) >= 1:
        say(f"ready in {spent:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
