"""Bodies too heavy for us: refused by what they announce, in words, and never kept.

A browser reads an answer only once it has sent everything: what it still sends is read and
thrown away for a while, instead of breaking the connection under it.
"""

import contextlib
import json
import socket
import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import MultiSocketServer
from waitress.task import ErrorTask
from waitress.utilities import RequestEntityTooLarge

from coopshare.web.errors import HTTP_SENTENCES

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE + 1
"""Bytes of a body from which it is refused; 10 MB, the limit of the application, still pass."""
THROWN_AWAY = 200 * MEGABYTE
LINGERS = 60.0
"""Seconds during which what comes after the answer is thrown away."""


class Refusal(ErrorTask):  # type: ignore[misc]
    """The answer to what waitress cannot take: ours for a heavy body."""

    def execute(self) -> None:
        """Write the answer, then end the connection."""
        if not isinstance(self.request.error, RequestEntityTooLarge):
            super().execute()
            return
        self.channel.is_heavy = True
        sentence = HTTP_SENTENCES[413]
        kind, body = "text/plain; charset=utf-8", f"{sentence}\n"
        if getattr(self.request, "path", "").startswith("/api/"):
            kind = "application/problem+json"
            problem = {"type": "/problems/unreadable", "title": sentence, "status": 413}
            body = json.dumps(problem | {"detail": sentence, "code": "unreadable"})
        self.status = "413 Request Entity Too Large"
        self.response_headers += [("Content-Type", kind), ("Cache-Control", "no-store")]
        self.set_close_on_finish()
        written = body.encode()
        self.content_length = len(written)
        self.write(written)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that is not broken under who still sends a heavy body."""

    error_task_class = Refusal
    is_heavy = False
    _ends_at: float | None = None
    _thrown = 0

    def handle_close(self) -> None:
        """Close; after a heavy body only once the other side has ended, or it takes too long."""
        if not self.is_heavy or self._ends_at is not None:
            super().handle_close()
            return
        self._ends_at = time.monotonic() + LINGERS
        self.will_close = self.close_when_flushed = False
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)

    def readable(self) -> bool:
        """Tell whether something may be read: anything, while it is thrown away."""
        return self._ends_at is not None or bool(super().readable())

    def handle_read(self) -> None:
        """Read a request, or throw away what still comes."""
        if self._ends_at is None:
            super().handle_read()
            return
        try:
            data = self.recv(256 * 1024)
        except OSError:
            data = b""
        self._thrown += len(data)
        if not data or self._thrown > THROWN_AWAY or time.monotonic() > self._ends_at:
            self.handle_close()


def refuse_heavy(server: Any) -> None:
    """Have a waitress server, on one or several addresses, refuse heavy bodies in our words."""
    many = server.map.values() if isinstance(server, MultiSocketServer) else [server]
    for one in many:
        if hasattr(one, "channel_class"):
            one.channel_class = Channel
