"""Running asynchronous work to its end from code that is not, also where an event loop runs already."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def run_apart(work: Coroutine[object, object, T]) -> T:
    """The work's result, from an event loop of its own in a thread of its own; a notebook's kernel has one already."""
    with ThreadPoolExecutor(1, thread_name_prefix="loadgen") as thread:
        return thread.submit(asyncio.run, work).result()
