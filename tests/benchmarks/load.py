"""Asks a server for one page again and again over a few kept connections, and counts.

One thread with epoll(7): a client of several threads would use more of the machine than the servers it measures.
"""

from __future__ import annotations

import os
import selectors
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

CONNECTIONS: Final = 8
_TICKS: Final = os.sysconf("SC_CLK_TCK")


@dataclass
class _Connection:
    socket: socket.socket
    received: bytes = b""

    def read(self) -> bool:
        """Take what has come; return whether the answer is whole."""
        more = self.socket.recv(65536)
        assert more, "the server closed a kept connection"
        self.received += more
        head, end, content = self.received.partition(b"\r\n\r\n")
        return bool(end) and len(content) >= _length(head)


def _length(head: bytes) -> int:
    """Return the bytes of content that the head of an answer announces."""
    return int(head.lower().partition(b"content-length:")[2].split(maxsplit=1)[0])


@dataclass
class Target:
    """One page of a server on the loopback address, asked for as a browser does that takes `encoding`."""

    port: int
    path: str
    encoding: str
    request: bytes = field(init=False)
    body: bytes = field(init=False)

    def __post_init__(self) -> None:
        lines = (
            f"GET {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Accept-Encoding: {self.encoding}",
        )
        self.request = "\r\n".join([*lines, "", ""]).encode()
        connection = self._open()
        with connection.socket:
            self._ask(connection)
            while not connection.read():
                pass
        head, _, self.body = connection.received.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head

    def answers_per_second(self, seconds: float) -> float:
        """Return the answers per second over CONNECTIONS kept connections; each is read to its last byte."""
        with selectors.DefaultSelector() as selector:
            connections = [self._open() for _ in range(CONNECTIONS)]
            for one in connections:
                selector.register(one.socket, selectors.EVENT_READ, one)
                self._ask(one)
            answers = 0
            begun = time.perf_counter()
            end = begun + seconds
            while (now := time.perf_counter()) < end:
                for key, _ in selector.select(end - now):
                    one = key.data
                    if one.read():
                        assert one.received.startswith(b"HTTP/1.1 200 "), one.received[:100]
                        answers += 1
                        self._ask(one)
            spent = time.perf_counter() - begun
            for one in connections:
                one.socket.close()
        return answers / spent

    def _open(self) -> _Connection:
        return _Connection(socket.create_connection(("127.0.0.1", self.port), timeout=30))

    def _ask(self, one: _Connection) -> None:
        one.socket.sendall(self.request)
        one.received = b""


def cpu_seconds(pids: Iterable[int]) -> float:
    """Return the processor time that these processes and their children have used (proc(5), stat: 14 and 15)."""
    family = {str(pid) for pid in pids}
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # It has ended meanwhile.
            continue
        if stat.parent.name in family or fields[1] in family:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS
