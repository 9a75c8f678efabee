"""Where a submission runs: a room with its own root, processes, network and user, as strong as this system allows.

In the room there are the system's programs, the Python environment and ``labkit``, all read-only; a home directory of
bounded size that vanishes afterwards; and the grader's socket. There is no ``solutions/``, no other submission, no
gradebook and no network. ``strongest`` tries the ways below in turn and takes the first that works here:

| way | made by |
|---|---|
| bubblewrap | ``bwrap``, where it is installed |
| namespaces | ``unshare`` of util-linux and ``enclosure.py`` |
| none | nothing but limits and an own process group; the report says so |

A grader that runs as root gives the room a user of its own, so that nothing in it is root's and the system's limit on
a user's processes holds. Otherwise the room's user is the grader's own, without capabilities.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import MissingDependency
from labkit.grading.assignment import Limits
from labkit.grading.room import COURSE, HOME, LABKIT, SOCKET, Paths, Room, system_links

ENCLOSURE = Path(__file__).with_name("enclosure.py")
FIRST_UID = 200_000  # above what systems give to people; a worker adds its process id


@dataclass(frozen=True)
class Isolation:
    """One way to run a command in a room.

    Attributes:
        name: ``bubblewrap``, ``namespaces`` or ``none``.
        own_user: Whether the room gets a user of its own, which takes a grader that is root.
    """

    name: str
    own_user: bool = False

    @property
    def encloses(self) -> bool:
        """Whether the room hides the rest of the system."""
        return self.name != "none"

    def __str__(self) -> str:
        if not self.encloses:
            return "none: a submission could read this machine's files and use its network"
        return f"{self.name}{', with a user of its own' if self.own_user else ''}"

    def paths(self, room: Room) -> Paths:
        """Where the room's processes find what they need."""
        if self.encloses:
            return Paths(HOME, SOCKET, COURSE)
        return Paths(str(room.home), str(room.socket), str(room.directory / "course"))

    def environment(self, room: Room) -> dict[str, str]:
        """The room's environment variables: nothing of the grader's own, which may hold names and keys."""
        home, _, course = self.paths(room)
        return {
            "HOME": home,
            "LABKIT_HOME": f"{home}/.labkit",
            "IPYTHONDIR": f"{home}/.ipython",
            "LANG": "C.UTF-8",
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "PYTHONPATH": course,
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }

    def command(self, room: Room, limits: Limits, inner: Sequence[str]) -> list[str]:
        """The command line that runs ``inner`` in the room, under the limits that the kernel enforces."""
        bounded = [*self._without_privileges(), *_limited(limits), *inner]
        match self.name:
            case "bubblewrap":
                return [*self._bubblewrap(room, limits), *bounded]
            case "namespaces":
                return [*self._namespaces(room, limits), *bounded]
        return bounded

    def works(self) -> bool:
        """Whether this system lets us do it: tries, and wants nbval to be there and the solutions not to be."""
        with tempfile.TemporaryDirectory(prefix="grade-") as directory:
            room = Room(Path(directory), "notebook.ipynb")
            room.furnish("{}")
            room.socket.touch()
            hidden = f"os.path.exists({str(LABKIT.parent / 'solutions')!r})" if self.encloses else "False"
            trial = f"import os, sys, nbval.plugin, labkit.grading.answering; sys.exit({hidden})"
            command = self.command(room, Limits(), [sys.executable, "-c", trial])
            try:
                run = subprocess.run(  # noqa: S603 - our own command
                    command, capture_output=True, check=False, timeout=60, cwd=room.home, env=self.environment(room)
                )
            except (OSError, subprocess.TimeoutExpired):
                return False
        return run.returncode == 0

    def _without_privileges(self) -> list[str]:
        if not self.encloses:
            return []
        user = str(FIRST_UID + os.getpid())
        drop = ["setpriv", "--no-new-privs", "--inh-caps=-all"]
        # Root of a user namespace would have it all again with the next exec. Bubblewrap has seen to that itself.
        drop += ["--bounding-set=-all"] if self.name == "namespaces" else []
        return [*drop, f"--reuid={user}", f"--regid={user}", "--clear-groups"] if self.own_user else drop

    def _bubblewrap(self, room: Room, limits: Limits) -> list[str]:
        size = str(int(limits.disk_mib * 2**20))
        kept = ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if self.own_user else ["--unshare-user"]
        # Directories that bubblewrap makes on the way to a mount are open to their owner alone; these are not.
        parents = {str(parent) for _, inside in room.shown() for parent in Path(inside).parents}
        folders = [part for parent in sorted(parents) for part in ("--dir", parent)]
        shown = [part for outside, inside in room.shown() for part in ("--ro-bind", outside, inside)]
        links = [part for name in system_links() for part in ("--symlink", str(Path(name).readlink()), name)]
        writable = {"/tmp": "1777", "/dev/shm": "1777", HOME: "0777"}  # noqa: S108 - paths inside the room
        memory = [
            part for path, mode in writable.items() for part in ("--perms", mode, "--size", size, "--tmpfs", path)
        ]
        apart = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--die-with-parent"]
        closed = ["--remount-ro", "/", "--remount-ro", "/dev", "--chdir", HOME]
        return [
            shutil.which("bwrap") or "bwrap",
            *apart,
            "--cap-drop",
            "ALL",
            *kept,
            *folders,
            "--proc",
            "/proc",
            "--dev",
            "/dev",
            *memory,
            *shown,
            *links,
            *closed,
        ]

    def _namespaces(self, room: Room, limits: Limits) -> list[str]:
        plan = {
            "root": str(room.directory / "root"),
            "home": HOME,
            "size": int(limits.disk_mib * 2**20),
            "shown": room.shown(),
            "links": {name: str(Path(name).readlink()) for name in system_links()},
        }
        user = [] if self.own_user else ["--user", "--map-root-user"]
        apart = ["--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child"]
        return ["unshare", *user, *apart, sys.executable, "-I", "-S", str(ENCLOSURE), json.dumps(plan)]


def ways() -> list[Isolation]:
    """Every way to isolate, strongest first."""
    own = [True, False] if os.geteuid() == 0 else [False]
    return [Isolation(name, user) for name in ("bubblewrap", "namespaces") for user in own] + [Isolation("none")]


def _limited(limits: Limits) -> list[str]:
    memory, disk = int(2 * limits.memory_gib * 2**30), int(limits.disk_mib * 2**20)
    seconds = int(limits.seconds) + 1
    # A kernel has a dozen threads, and the system counts threads as processes.
    threads = limits.processes * 8
    bounds = [f"--as={memory}", f"--cpu={seconds}", f"--fsize={disk}", f"--nproc={threads}", "--core=0"]
    return ["prlimit", *bounds, "--nofile=256"]


def strongest() -> Isolation:
    """The first way that works on this system.

    Raises:
        MissingDependency: None does, not even the last: then no notebook can run, and all would score zero.
    """
    for way in ways():
        if way.works():
            return way
    raise MissingDependency(
        "nbval cannot be started", remedy="install what grading needs: pip install 'labkit[dev,book]'"
    )
