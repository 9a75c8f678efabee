"""The grader's end of the line: hands a check's inputs to whoever asks, and keeps what comes back, unread.

It listens on a Unix socket, which works without a network. Everything that arrives is bounded: lines, their length,
and connections. Who answers does not matter, since an answer counts only if it is right.
"""

import json
import socketserver
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

LINE = 65_536  # bytes
CONNECTIONS = 64


class Probes(socketserver.ThreadingUnixStreamServer):
    """Requests by check, and the lines received for each.

    Args:
        path: Where to create the socket.
        requests: What to tell whoever asks for a check, and how many lines to take as the answer.
        seconds: How long a silent line is kept.
    """

    def __init__(self, path: Path, requests: Mapping[str, tuple[object, int]], seconds: float) -> None:
        self.requests = requests
        self.received: dict[str, list[bytes]] = {}
        self.seconds = seconds
        self._connections = 0
        super().__init__(str(path), _Conversation)
        path.chmod(0o666)  # the student's process may run as another user

    def verify_request(self, request: object, client_address: object) -> bool:  # noqa: ARG002 - the base class's names
        """Turn callers away once there have been too many."""
        self._connections += 1
        return self._connections <= CONNECTIONS

    def handle_error(self, request: object, client_address: object) -> None:
        """A line that broke has nothing more to say; what came before it is kept."""


class _Conversation(socketserver.StreamRequestHandler):
    server: Probes

    def handle(self) -> None:
        self.connection.settimeout(self.server.seconds)
        check = self.rfile.readline(200).decode(errors="replace").strip()
        if check not in self.server.requests:
            return
        request, count = self.server.requests[check]
        # The first to ask for a check answers it; setdefault is atomic, so two cannot both be first.
        lines: list[bytes] = []
        if self.server.received.setdefault(check, lines) is not lines:
            return
        self.wfile.write(json.dumps(request).encode() + b"\n")
        while len(lines) < count and (line := self.rfile.readline(LINE)):
            lines.append(line)


@contextmanager
def listening(
    path: Path, requests: Mapping[str, tuple[object, int]], seconds: float
) -> Iterator[dict[str, list[bytes]]]:
    """Serve the probes while the block runs.

    Yields:
        The lines received, by check: complete when the block has ended, provided that all callers have ended too.
    """
    with Probes(path, requests, seconds) as probes:  # on leaving it waits for open conversations
        thread = threading.Thread(target=probes.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield probes.received
        finally:
            probes.shutdown()
            thread.join()
