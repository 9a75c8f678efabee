"""Pages behind a network: a small object store on this machine, as slow as it is told to be.

A real store answers each request after tens of milliseconds, and in the meantime the worker's core has nothing to
do. The store stands in for that on the loopback address, with the delay stated, so that work which *waits* can be
told from work which *computes*.
"""

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from labkit.chunking.pages import HandbookPages
from labkit.chunking.parsing import RawPage, parse
from labkit.corpus import Handbook
from labkit.documents import Access, Document
from labkit.errors import UnreadableSource
from labkit.scaling import require_number

_ABOUT = "X-Labkit-Page"
_ATTEMPTS = 3
_PATIENCE = 30.0  # seconds


@dataclass(frozen=True)
class StoredPages:
    """The pages of a ``PageStore``, fetched one by one by whoever needs them.

    Attributes:
        port: Where the store listens on 127.0.0.1.
        count: How many pages it holds.
        contents: What they are, whichever port they come from.
    """

    port: int
    count: int
    contents: str

    def __len__(self) -> int:
        return self.count

    def fingerprint(self) -> str:
        """What the store holds."""
        return self.contents

    def name(self, number: int) -> str:
        """The address of the page, without the port, which changes from run to run."""
        return f"store:/pages/{number}"

    def raw(self, number: int) -> RawPage:
        """Fetch one page; a connection that breaks is made anew.

        Raises:
            UnreadableSource: The store has no such page, or cannot be reached.
        """
        for _ in range(_ATTEMPTS):
            connection = _connection(self.port)
            try:
                connection.request("GET", f"/pages/{number}")
                response = connection.getresponse()
                body = response.read()
            except (OSError, http.client.HTTPException):
                connection.close()  # the next request connects again
                continue
            if response.status != http.HTTPStatus.OK:
                raise UnreadableSource(f"the store answered {response.status}", remedy="check that it holds the page")
            return _raw(json.loads(response.headers[_ABOUT]), body)
        raise UnreadableSource("the store does not answer", remedy=f"start it; {_ATTEMPTS} attempts were made")

    def document(self, number: int) -> Document:
        """The page, fetched, parsed and cleaned."""
        return parse(self.raw(number))


@contextmanager
def PageStore(book: Handbook, delay: float) -> Iterator[StoredPages]:  # noqa: N802 - it reads as the thing it opens
    """A store of a handbook's pages on the loopback address, for the length of a ``with`` block.

    Args:
        book: What it holds.
        delay: Seconds it waits before it answers a request, at least 0; requests wait side by side.
    """
    require_number("delay", delay, least=0)
    server = _Server(HandbookPages(book), delay)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield StoredPages(server.server_address[1], len(book), HandbookPages(book).fingerprint())
    finally:
        server.shutdown()
        server.hang_up()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, pages: HandbookPages, delay: float) -> None:
        self.pages, self.delay = pages, delay
        self._callers: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Answer)

    def process_request(self, request: "socket.socket | tuple[bytes, socket.socket]", client_address: object) -> None:
        """Remember who is connected."""
        if isinstance(request, socket.socket):
            self._callers.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: "socket.socket | tuple[bytes, socket.socket]") -> None:
        """Forget who hung up."""
        if isinstance(request, socket.socket):
            self._callers.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Break the connections that callers keep open for their next request."""
        for caller in tuple(self._callers):
            with suppress(OSError):
                caller.shutdown(socket.SHUT_RDWR)


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open
    disable_nagle_algorithm = True  # or a small answer would wait 40 ms more than was stated
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        time.sleep(self.server.delay)
        kind, _, number = self.path.removeprefix("/").partition("/")
        if kind != "pages" or not number.isdecimal() or int(number) >= len(self.server.pages):
            self.send_response(http.HTTPStatus.NOT_FOUND)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        page = self.server.pages.raw(int(number))
        self.send_response(http.HTTPStatus.OK)
        self.send_header("Content-Length", str(len(page.data)))
        self.send_header(_ABOUT, _about(page))
        self.end_headers()
        self.wfile.write(page.data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Keep requests out of the notebook."""


def _about(page: RawPage) -> str:
    access, updated = page.access, page.updated and page.updated.isoformat()
    return json.dumps([page.id, page.suffix, page.source, access.tenant, sorted(access.groups), updated])


def _raw(about: tuple[str, str, str, str | None, list[str], str | None], body: bytes) -> RawPage:
    id_, suffix, source, tenant, groups, updated = about
    access = Access(tenant, frozenset(groups))
    return RawPage(id_, body, suffix, source, access, date.fromisoformat(updated) if updated else None)


@cache
def _connection(port: int) -> http.client.HTTPConnection:
    """This process's connection to a store; workers do one page at a time."""
    return http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
