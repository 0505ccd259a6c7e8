"""A whole portal in processes of its own, for tests that need a real server, a browser, or a process to kill.

    with Portal(tmp_path / "var") as portal:
        portal.url("/fi/")
        portal.kill_server()
        portal.start_server()

Each has its own folder: databases, secrets, logs. The first one of a run is prepared step by step
(migrations, FAQ, register, demo staff); the others begin with a copy of it.
"""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from tests import run_environment, services
from tools.environment import portal_environment
from tools.processes import PYTHON, manage, server, tethered, workers
from tools.setup import ROOT

START_SECONDS: Final = 60.0
INHERITED: Final = ("PATH", "HOME", "LANG", "TMPDIR", "CI")
"""What a portal takes over of the test run's environment; the rest belongs to the run's own Django."""


def wait_until(is_so: Callable[[], bool], *, what: str, seconds: float = 30.0) -> None:
    """Return as soon as `is_so`; raises AssertionError naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {seconds:.0f} s in vain: {what}.")
        time.sleep(0.05)


class Portal:
    """A portal on a free port of the loopback address: server and sweeper; with `redis_url` worker and beat.

    `var` is its folder, which must not exist yet. `extra` goes into its environment, DATABASE_URL and
    KEYS_DATABASE_URL included; with those it is prepared from the beginning instead of copied.
    """

    def __init__(self, var: Path, *, redis_url: str = "", extra: Mapping[str, str] | None = None) -> None:
        self.var = var
        self.port = services.free_port()
        # Two workers serve: what one of them publishes, the other shows at once.
        self._own = {"SWEEP_SECONDS": "0.2", "PREPARED_SECONDS": "0", **(extra or {})}
        if redis_url:
            self._own["REDIS_URL"] = redis_url
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment: dict[str, str] = {}

    # ---------------------------------------------------------------------------------------- start and stop
    def start(self) -> Portal:
        """Prepare the portal, start all its processes, and wait until it answers."""
        if self._own.keys() & {"DATABASE_URL", "KEYS_DATABASE_URL"}:
            self.environment = self._environment()
            _prepare(self.environment)
        else:
            shutil.copytree(_template(), self.var)
            self.environment = self._environment()
        (self.var / "log").mkdir(exist_ok=True)
        for name in self._commands():
            self._start(name)
        self.wait_until_up()
        return self

    def stop(self) -> None:
        """End all processes in good order; what does not end is killed. Logs and data stay in `var`."""
        for process in self._processes.values():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        for name in list(self._processes):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._processes[name].wait(10)
            self.kill(name)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    # -------------------------------------------------------------------------------------- single processes
    def start_server(self) -> None:
        """Start the web server again and wait until it answers."""
        self._start("server")
        self.wait_until_up()

    def start_sweeper(self) -> None:
        """Start again what renders and sends: the sweeper, or Celery's worker."""
        self._start(self._renderer())

    def kill_server(self) -> None:
        """`kill -9` the web server and its workers, in the middle of whatever they do."""
        self.kill("server")

    def kill_sweeper(self) -> None:
        """`kill -9` what renders and sends: the sweeper, or Celery's worker."""
        self.kill(self._renderer())

    def kill(self, name: str) -> None:
        """`kill -9` one process (server, sweeper, worker, beat) with all its children."""
        process = self._processes.pop(name, None)
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def pid(self, name: str) -> int:
        """Return the number of a running process; a server's workers are its children."""
        return self._processes[name].pid

    def is_running(self, name: str) -> bool:
        """Say whether the process of this name was started and has not ended."""
        process = self._processes.get(name)
        return process is not None and process.poll() is None

    # ---------------------------------------------------------------------------------- what tests ask of it
    def url(self, path: str = "/") -> str:
        """Return the address of `path`."""
        return f"http://127.0.0.1:{self.port}{path}"

    def run_command(
        self, *arguments: str, text: str | None = None, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run `manage.py` with `arguments` on this portal's data; `text` goes to its standard input.

        With `check` a failing command raises AssertionError that shows what it wrote.
        """
        done = subprocess.run(
            manage(*arguments), cwd=ROOT, env=self.environment, input=text, capture_output=True, text=True
        )
        if check and done.returncode:
            raise AssertionError(
                f"manage.py {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}"
            )
        return done

    def get(self, path: str, *, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
        """Return status and body of a plain GET; raises OSError where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace")
        finally:
            connection.close()

    def is_up(self) -> bool:
        """Say whether `/healthz` answers 200; raises AssertionError with the log where it answers anything else."""
        try:
            status, _ = self.get("/healthz")
        except (OSError, http.client.HTTPException):
            return False
        assert status == http.HTTPStatus.OK, f"/healthz answers {status}.\n{self.logs()}"
        return True

    def wait_until_up(self) -> None:
        """Wait for the web server; raises AssertionError with its log where it does not come up."""
        deadline = time.monotonic() + START_SECONDS
        while not self.is_up():
            if not self.is_running("server") or time.monotonic() > deadline:
                raise AssertionError(f"The portal does not answer.\n{self.logs()}")
            time.sleep(0.05)

    def logs(self) -> str:
        """Return all that its processes have written to standard output and error."""
        files = sorted((self.var / "log").glob("*.log"))
        return "\n".join(f"==> {file.name}\n{file.read_text(errors='replace')}" for file in files)

    # ------------------------------------------------------------------------------------------------ inside
    def _environment(self) -> dict[str, str]:
        return portal_environment(var=self.var, port=self.port, inherited={**_inherited(), **self._own})

    def _commands(self) -> dict[str, list[str]]:
        return {"server": server(port=self.port), **workers(self.environment, var=self.var)}

    def _renderer(self) -> str:
        return "worker" if self.environment.get("REDIS_URL") else "sweeper"

    def _start(self, name: str) -> None:
        if self.is_running(name):
            raise AssertionError(f"The {name} is running already.")
        self.kill(name)
        with (self.var / "log" / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                tethered(self._commands()[name], on_parent_death="KILL"),
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


def _inherited() -> dict[str, str]:
    return {name: os.environ[name] for name in INHERITED if name in os.environ}


def _prepare(environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        [PYTHON, "-m", "tools.prepare"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode:
        raise AssertionError(f"The portal could not be prepared:\n{done.stdout}{done.stderr}")


def _template() -> Path:
    """Return the folder of a prepared portal, made once per run by whichever worker needs it first."""
    folder = run_environment.run_folder() / "template"
    with (run_environment.run_folder() / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            draft = folder.with_name("template.draft")
            shutil.rmtree(draft, ignore_errors=True)
            _prepare(portal_environment(var=draft, port=1, inherited=_inherited()))
            draft.rename(folder)
    return folder
