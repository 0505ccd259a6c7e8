"""Private servers of one test run: PostgreSQL and Redis in temporary folders, seen by nobody else.

They listen on a Unix socket or on the loopback address, keep nothing, and end with the process that started
them: in good order, by `atexit` after a crash, by the parent-death signal after a `kill -9`.
"""

from __future__ import annotations

import atexit
import contextlib
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import quote

import pytest

from tools.processes import tethered

START_SECONDS: Final = 30.0


# ------------------------------------------------------------------------------------ what the machine has
def strict(need: str) -> bool:
    """Say whether a missing service fails a test: in CI, and under `make test` for what that installs."""
    in_ci = os.environ.get("CI", "").lower() in {"1", "true"}
    return in_ci or (os.environ.get("TEST_STRICT") == "1" and need not in ONLY_IN_CI)


def postgres_bin() -> Path | None:
    """Return the folder of PostgreSQL's programs (Debian keeps them off PATH), the newest version first."""
    found = glob.glob("/usr/lib/postgresql/*/bin/initdb")  # noqa: PTH207 - an absolute pattern
    if found:
        return max((Path(path).parent for path in found), key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def redis_program() -> str | None:
    """Return the path of redis-server, or of its heir."""
    return shutil.which("redis-server") or shutil.which("valkey-server")


def chromium_program() -> str | None:
    """Return the path of Chromium under any of its names."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next(filter(None, map(shutil.which, names)), None)


def poppler_program() -> str | None:
    """Return the path of pdftotext."""
    return shutil.which("pdftotext")


def nginx_program() -> str | None:
    """Return the path of nginx, which Debian keeps off the PATH of who is not root."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


NEEDS: Final[dict[str, tuple[Callable[[], object], str]]] = {
    "postgres": (postgres_bin, "PostgreSQL is not here: apt-get install postgresql"),
    "redis": (redis_program, "Redis is not here: apt-get install redis-server"),
    "browser": (chromium_program, "Chromium is not here: apt-get install chromium"),
    "poppler": (poppler_program, "pdftotext is not here: apt-get install poppler-utils"),
    "nginx": (nginx_program, "nginx is not here: apt-get install nginx"),
}
"""Marker of a test, how to look for what it needs, and what to install."""

ONLY_IN_CI: Final = frozenset({"nginx"})
"""What `make test` installs in CI alone (tools/setup.py, CI_PACKAGES)."""


def require(need: str) -> None:
    """Skip the test where the machine lacks `need`, saying what to install; where that is strict, fail it."""
    find, message = NEEDS[need]
    if find():
        return
    if strict(need):
        pytest.fail(f"{message} (this run may not skip it)", pytrace=False)
    pytest.skip(message)


# ----------------------------------------------------------------------------------------------- the servers
NGINX_MODULES: Final = Path("/etc/nginx/modules-enabled")
"""Where Debian's packages of nginx modules, Brotli's for one, have them loaded."""

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - only folders of our own are made in it


def temporary_folder(kind: str, *, inside: Path | None = None) -> Path:
    """Make a temporary folder that carries this process's number, so that `clear_abandoned` knows whose it was."""
    return Path(tempfile.mkdtemp(prefix=f"tietoni-{kind}-{os.getpid()}-", dir=inside))


def clear_abandoned() -> None:
    """Remove the folders of processes that were killed before they could do it themselves."""
    for place in (MEMORY, Path(tempfile.gettempdir())):
        for folder in place.glob("tietoni-*-*-*"):
            owner = folder.name.split("-")[2]
            if owner.isdigit() and not Path("/proc", owner).exists() and Path("/proc/self").exists():
                shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Return a port of the loopback address that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """One private server process with a temporary folder of its own."""

    name = ""
    ending = signal.SIGTERM
    on_parent_death = "KILL"

    def __init__(self) -> None:
        self.folder = temporary_folder(self.name)
        self.process: subprocess.Popen[bytes] | None = None
        self.user = ""

    def command(self) -> list[str]:
        """Return the server's command line."""
        raise NotImplementedError

    def is_up(self) -> bool:
        """Say whether the server answers."""
        raise NotImplementedError

    def start(self) -> None:
        """Start the server and wait until it answers; raises RuntimeError with its log where it does not."""
        atexit.register(self.stop)
        log = self.folder / "log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                tethered(self.command(), on_parent_death=self.on_parent_death, user=self.user),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # Ctrl-C is for pytest, which then ends the server in good order.
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.is_up():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"{self.name} did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.02)

    def kill(self) -> None:
        """End the server at once, as a power cut would; its folder stays."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """End the server in good order and remove its folder; a second call does nothing."""
        if self.process is not None:
            self.process.send_signal(self.ending)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(10)
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self.stop)


class Postgres(Server):
    """A PostgreSQL cluster behind a Unix socket, without fsync: fast, and worth nothing after a crash."""

    name = "postgres"
    ending = signal.SIGINT  # "Fast shutdown": no waiting for clients.
    on_parent_death = "QUIT"  # "Immediate shutdown", which also ends its children.

    def __init__(self) -> None:
        super().__init__()
        programs = postgres_bin()
        if programs is None:
            raise RuntimeError(NEEDS["postgres"][1])
        self.programs = programs
        if os.geteuid() == 0:
            # initdb refuses to run as root; Debian's package brings a user for it.
            with contextlib.suppress(KeyError):
                self.user = pwd.getpwnam("postgres").pw_name
            self.user = self.user or "nobody"
            shutil.chown(self.folder, self.user)

    def command(self) -> list[str]:
        """Return postgres with its data folder and without anything that waits for a disk."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "max_connections": "200",
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.folder / "data"), *flags]

    def start(self) -> None:
        """Make the cluster and start it."""
        make = [
            str(self.programs / "initdb"),
            "--pgdata",
            str(self.folder / "data"),
            "--username",
            "postgres",
        ]
        make += ["--auth", "trust", "--no-sync", "--encoding", "UTF8", "--locale", "C.UTF-8"]
        done = subprocess.run(
            tethered(make, user=self.user), cwd=self.folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")
        super().start()

    def is_up(self) -> bool:
        """Say whether it accepts connections."""
        ask = [str(self.programs / "pg_isready"), "--quiet", "--host", str(self.folder)]
        return subprocess.run(ask, check=False, cwd=self.folder).returncode == 0

    def url(self, database: str) -> str:
        """Return the address of `database` as DATABASE_URL wants it; Django's test runner makes it."""
        return f"postgres://postgres@/{quote(str(self.folder))}/{database}"

    def create(self, database: str) -> str:
        """Make an empty `database` and return its address."""
        tool = [
            str(self.programs / "createdb"),
            "--host",
            str(self.folder),
            "--username",
            "postgres",
            database,
        ]
        subprocess.run(tool, check=True, cwd=self.folder)
        return self.url(database)


class Redis(Server):
    """A Redis on a free port of the loopback address; it keeps nothing on disk."""

    name = "redis"

    def __init__(self) -> None:
        super().__init__()
        program = redis_program()
        if program is None:
            raise RuntimeError(NEEDS["redis"][1])
        self.program = program
        self.port = free_port()

    @property
    def url(self) -> str:
        """Return its address as REDIS_URL wants it."""
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        """Return redis-server without persistence."""
        where = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)]
        return [self.program, *where, "--save", "", "--appendonly", "no", "--daemonize", "no"]

    def say(self, command: str) -> bytes:
        """Send one inline command and return the raw answer (RESP)."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(command.encode() + b"\r\n")
            return connection.recv(65536)

    def is_up(self) -> bool:
        """Say whether it answers a ping."""
        try:
            return self.say("PING").startswith(b"+PONG")
        except OSError:
            return False

    def flush(self) -> None:
        """Forget everything: queued messages, caches, counters."""
        if not self.say("FLUSHALL").startswith(b"+OK"):
            raise RuntimeError("Redis did not flush.")


class Nginx(Server):
    """An nginx with one worker; `sites` are its `server` blocks, one of which listens on 127.0.0.1:`port`."""

    name = "nginx"

    def __init__(self, *, port: int, sites: str) -> None:
        super().__init__()
        program = nginx_program()
        if program is None:
            raise RuntimeError(NEEDS["nginx"][1])
        self.program = program
        self.port = port
        (self.folder / "nginx.conf").write_text(self._configuration(sites))
        # The files that load modules name them relative to nginx's own folder.
        (self.folder / "modules").symlink_to("/usr/lib/nginx/modules")

    def _configuration(self, sites: str) -> str:
        # Started by root it would change to a user who may not read what the tests of this run wrote.
        user = "user root;" if os.geteuid() == 0 else ""
        modules = f"include {NGINX_MODULES}/*.conf;" if NGINX_MODULES.is_dir() else ""
        places = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = " ".join(f"{place}_temp_path {self.folder}/{place};" for place in places)
        return f"""
            daemon off; pid {self.folder}/pid; worker_processes 1; {user} {modules}
            events {{ }}
            http {{
                types {{ text/html html; application/xml xml; text/plain txt; }}
                sendfile on; tcp_nopush on; keepalive_requests 1000000; access_log off; {temporary}
                {sites}
            }}
        """

    def command(self) -> list[str]:
        """Return nginx with its own configuration."""
        return [self.program, "-e", "stderr", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]

    def is_up(self) -> bool:
        """Say whether it accepts connections."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except OSError:
            return False
        return True


AnyServer = TypeVar("AnyServer", bound=Server)


@contextlib.contextmanager
def running(server: AnyServer) -> Iterator[AnyServer]:
    """Start `server` for the length of a `with` block."""
    try:
        server.start()
        yield server
    finally:
        server.stop()
