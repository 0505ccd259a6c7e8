"""`make run`: the portal with demo data on the loopback address, SQLite, and no other server.

Makes its own secrets under var/, brings the databases up to date, then keeps two processes running until
Ctrl-C: the web server, and the sweeper that renders and sends letters. PORT chooses another port than 8000.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from types import FrameType

from tools.environment import VAR, asked_port, portal_environment
from tools.processes import PYTHON, manage, server, tethered, workers
from tools.setup import ROOT
from tools.supervisor import GaveUpError, Supervisor, end_group

START_SECONDS = 60.0
LOOK_SECONDS = 0.25


class CannotRunError(Exception):
    """The portal can't be started; the text says why and what helps."""


def tell(text: str) -> None:
    """Print one line of our own among those of the processes."""
    print(f"run: {text}", file=sys.stderr, flush=True)


def require_free(port: int) -> None:
    """Raise CannotRunError where something already listens on the port, or the port is not ours to take."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            other = port + 1 if port < 65535 else 8000
            raise CannotRunError(
                f"Port {port} of 127.0.0.1 can't be used ({error.strerror}).\n"
                f"Stop what uses it, or take another one:  make run PORT={other}"
            ) from error


def prepare(environment: dict[str, str]) -> str:
    """Bring the databases up to date; return what `demo` says about the logins."""
    command = [PYTHON, "-m", "tools.prepare"]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, text=True, stdout=subprocess.PIPE)
    if done.returncode:
        raise CannotRunError("The databases could not be brought up to date; see above for why.")
    return done.stdout.strip()


def make_leaflets(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start to make the leaflets that are missing, behind everything else; who asks for one sooner gets it sooner."""
    command = tethered(["nice", *manage("make_leaflets")])
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, start_new_session=True
    )


def is_up(port: int) -> bool:
    """Say whether the portal answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def serve(*, environment: dict[str, str], port: int, welcome: str) -> None:
    """Keep the processes running until SIGINT, SIGTERM or SIGHUP; print `welcome` once the portal answers."""
    asked_to_stop = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        asked_to_stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    commands = {"server": server(port=port), **workers(environment, var=VAR)}
    supervisor = Supervisor(commands=commands, environment=environment, tell=tell)
    waiting_since: float | None = time.monotonic()
    leaflets: subprocess.Popen[bytes] | None = None
    try:
        while not asked_to_stop.is_set():
            supervisor.look()
            if waiting_since is not None and is_up(port):
                waiting_since = None
                print(welcome, flush=True)
                leaflets = make_leaflets(environment)
            elif waiting_since is not None and time.monotonic() - waiting_since > START_SECONDS:
                raise CannotRunError(f"The portal did not answer within {START_SECONDS:.0f} seconds.")
            asked_to_stop.wait(LOOK_SECONDS)
    except GaveUpError as error:
        raise CannotRunError(str(error)) from error
    finally:
        supervisor.stop()
        if leaflets is not None:
            end_group(leaflets)


def main() -> int:
    """Run the portal; return 0 after Ctrl-C, 2 where it can't be started."""
    os.umask(0o077)  # Databases and letters are the owner's alone.
    try:
        port = asked_port(os.environ)
        require_free(port)
        environment = portal_environment(var=VAR, port=port, inherited=os.environ)
        tell("bringing the databases up to date")
        logins = prepare(environment)
        welcome = (
            f"\nTietoni is at  {environment['BASE_URL']}/\n\n{logins}\n\n"
            "Staff log in at /staff/. Ctrl-C ends the portal.\n"
        )
        serve(environment=environment, port=port, welcome=welcome)
    except (CannotRunError, ValueError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    tell("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
