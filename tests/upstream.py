"""A small OpenAI-compatible server with a prefix cache: a token is a word, and a reply is always the same two words."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

MODEL = "upstream-model"


class Upstream(ThreadingHTTPServer):
    """The server.

    Attributes:
        asked: The bodies of all requests.
        statuses: Statuses of the next replies; 200 once they are used up.
        usage: Whether replies state what was used.
        block: Words of a block of its cache.
        queries, hits: Words looked up in the cache, and found.
    """

    daemon_threads = True

    def __init__(self, block: int = 4) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.asked: list[dict[str, Any]] = []
        self.statuses: list[int] = []
        self.usage = True
        self.block, self.queries, self.hits = block, 0, 0
        self.words: list[str] = []
        self.known: dict[str, list[Sequence[str]]] = defaultdict(list)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def cached(self, prompt: Sequence[str], salt: str) -> int:
        """Words of the prompt that an earlier one of this salt began with, in whole blocks, the last word never."""
        longest = max((_common(prompt, earlier) for earlier in self.known[salt]), default=0)
        self.known[salt].append(prompt)
        found = min(longest, len(prompt) - 1) // self.block * self.block
        self.queries, self.hits = self.queries + len(prompt), self.hits + found
        return found

    def metrics(self) -> str:
        """Its counts in Prometheus's text form, by vLLM's names."""
        return (
            f'vllm:cache_config_info{{block_size="{self.block}"}} 1.0\n'
            f'vllm:prefix_cache_queries_total{{engine="0"}} {self.queries}.0\n'
            f'vllm:prefix_cache_hits_total{{engine="0"}} {self.hits}.0\n'
        )


class _Door(BaseHTTPRequestHandler):
    server: Upstream

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        words = " ".join(message["content"] for message in body["messages"]).split()
        if self.path == "/tokenize":
            known = self.server.words
            known += dict.fromkeys(word for word in words if word not in known)
            self._reply(200, {"tokens": [known.index(word) for word in words]})
            return
        self.server.asked.append(body)
        used = {"prompt_tokens": len(words), "completion_tokens": 2, "total_tokens": len(words) + 2}
        used |= {"prompt_tokens_details": {"cached_tokens": self.server.cached(words, body.get("cache_salt", ""))}}
        if body.get("stream"):
            self._stream(used)
            return
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "orion eight"}}
        reply = {"id": "x", "object": "chat.completion", "created": 0, "model": MODEL, "choices": [choice]}
        if self.server.usage:
            reply["usage"] = used
        self._reply(self.server.statuses.pop(0) if self.server.statuses else 200, reply)

    def do_GET(self) -> None:
        self._reply(200, {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "x"}]})

    def _stream(self, used: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        part = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": MODEL}
        said = {"choices": [{"index": 0, "delta": {"content": "orion eight"}}]}
        for content in (said, {"choices": [], "usage": used}):
            self.wfile.write(f"data: {json.dumps(part | content)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def _reply(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared


@contextmanager
def upstream(block: int = 4) -> Iterator[Upstream]:
    """Run the server in a thread."""
    server = Upstream(block)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
