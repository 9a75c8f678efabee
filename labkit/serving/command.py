"""The command ``python -m labkit serve``: start the fleet, alone or around another command; look at it; stop it."""

import argparse
import signal
import subprocess
import time
from collections.abc import Callable, Sequence

from labkit.errors import BadArgument
from labkit.serving.fleet import Fleet, default_settings, fleet, running_fleet, stop_fleet
from labkit.serving.routing import Routing

EPILOG = """\
python -m labkit serve                      start the fleet and keep it until Ctrl-C
python -m labkit serve --replicas 2 -- pytest tests    keep it while a command runs; exit with that command's status
python -m labkit serve --status             say what runs
python -m labkit serve --stop               stop it
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command's options to ``argparse``."""
    parser.formatter_class, parser.epilog = argparse.RawDescriptionHelpFormatter, EPILOG
    parser.add_argument("--replicas", type=int, default=1, metavar="N", help="replicas to start (default: 1)")
    parser.add_argument("--most", type=int, metavar="N", help="scale by itself up to N replicas")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--queue", type=int, default=64, metavar="N", help="requests that may wait (default: 64)")
    parser.add_argument("--routing", choices=[choice.value for choice in Routing], default=Routing.LEAST_LOADED.value)
    parser.add_argument("--gpus", type=int, default=0, metavar="N", help="GPUs of each replica (default: 0, the CPU)")
    parser.add_argument("--status", action="store_true", help="say what runs")
    parser.add_argument("--stop", action="store_true", help="stop the running fleet")
    parser.add_argument("around", nargs="*", metavar="-- COMMAND", help="a command to run while the fleet is up")


def serve_command(parsed: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Do what the options ask for.

    Args:
        parsed: Options of ``add_arguments``.
        say: Shows a line to the user.

    Returns:
        The exit status: that of the command around which the fleet was kept, else 0; 1 for ``--status`` and ``--stop``
        when nothing runs.
    """
    if parsed.status or parsed.stop:
        return _stop(say) if parsed.stop else _status(say)
    if parsed.most is not None and parsed.most < parsed.replicas:
        raise BadArgument(f"--most is {parsed.most}", remedy=f"give at least --replicas, which is {parsed.replicas}")
    wanted = default_settings(
        replicas=parsed.replicas,
        most=parsed.most,
        port=parsed.port,
        queue=parsed.queue,
        routing=Routing(parsed.routing),
        gpus=parsed.gpus,
    )
    previous = signal.signal(signal.SIGTERM, _interrupt)
    try:
        with fleet(wanted) as running:
            say(_line(running))
            return _run(parsed.around) if parsed.around else _wait()
    finally:
        signal.signal(signal.SIGTERM, previous)


def _run(command: Sequence[str]) -> int:
    # Ctrl-C reaches the command too, and what it means there is the command's to say: JupyterLab asks back first.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        with subprocess.Popen(command) as child:  # noqa: S603 - the user's own command
            try:
                return child.wait()
            except BaseException:
                child.terminate()
                raise
    finally:
        signal.signal(signal.SIGINT, before)


def _wait() -> int:
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _status(say: Callable[[str], None]) -> int:
    running = running_fleet()
    say(_line(running) if running else "no fleet is running")
    return 0 if running else 1


def _stop(say: Callable[[str], None]) -> int:
    stopped = stop_fleet()
    say("the fleet is stopped" if stopped else "no fleet is running")
    return 0 if stopped else 1


def _line(running: Fleet) -> str:
    found = running.replicas()
    count = f"{len(found)} replica{'s' if len(found) != 1 else ''}"
    return f"{running.settings.engine.name}: {count} at {running.api_base} (process {running.pid})"
