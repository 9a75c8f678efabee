"""A process that ends with the process that started it, however that one ended."""

import os
import signal
import threading
import time

WATCH = 0.2
"""Seconds between two looks at the owner."""


def end_with(owner: int, patience: float) -> None:
    """From now on, end this process once its owner has gone: in order if that is possible.

    Args:
        owner: Process id of the parent that is to be outlived by nothing of this process.
        patience: Seconds that an orderly end, asked for by SIGTERM, may take.
    """
    threading.Thread(target=_watch, args=(owner, patience), daemon=True).start()


def _watch(owner: int, patience: float) -> None:
    while os.getppid() == owner:
        time.sleep(WATCH)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(patience)
    os._exit(1)
