"""Runs as the first process in new namespaces: builds a root of its own, moves there, and becomes the command.

    unshare --mount --pid --net ... python -I -S enclosure.py PLAN COMMAND...

This is what bubblewrap does, for systems that have only util-linux. Nothing of labkit is imported: it would have to
be visible first.
"""

import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path

SET_FLAGS, UP = 0x8914, 1  # SIOCSIFFLAGS and IFF_UP of linux/sockios.h and linux/if.h


def enclose(plan: dict) -> None:
    """Build the root that the plan describes, and make it this process's."""
    root = Path(plan["root"])
    mount("-t", "tmpfs", "-o", f"size={plan['size']},nr_inodes=20000,mode=755", "tmpfs", str(root))
    for name, mode in (("proc", 0o755), ("dev", 0o755), ("tmp", 0o1777), ("dev/shm", 0o1777), (plan["home"], 0o777)):
        made = root / name.lstrip("/")
        made.mkdir(parents=True)
        made.chmod(mode)  # mkdir's own mode is subject to the umask
    for outside, inside in plan["shown"]:
        show(Path(outside), root / inside.lstrip("/"), "ro")
    for device in ("null", "zero", "full", "random", "urandom"):
        show(Path("/dev") / device, root / "dev" / device, "rw")
    for name, target in plan["links"].items():
        (root / name.lstrip("/")).symlink_to(target)
    (root / "dev/fd").symlink_to("/proc/self/fd")
    mount("-t", "proc", "-o", "nosuid,nodev,noexec", "proc", str(root / "proc"))
    loopback_up()
    leave_for(root)
    os.chdir(plan["home"])


def show(outside: Path, inside: Path, how: str) -> None:
    """Make a file or directory of the old root appear in the new one."""
    inside.parent.mkdir(parents=True, exist_ok=True)
    if outside.is_dir():
        inside.mkdir(exist_ok=True)
    else:
        inside.touch()
    mount("--bind", str(outside), str(inside))
    mount("-o", f"remount,bind,nosuid,{how}", str(inside))


def mount(*arguments: str) -> None:
    """Call the system's program for it, and end here if that fails: half a room is none."""
    subprocess.run(["mount", *arguments], check=True)  # noqa: S603, S607


def loopback_up() -> None:
    """A new network has a loopback that is down, and a Jupyter kernel talks over it."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sh14x", b"lo", UP))


def leave_for(root: Path) -> None:
    """Swap roots and let go of the old one, so that no path leads back to it."""
    os.chdir(root)
    Path("old").mkdir()
    subprocess.run(["pivot_root", ".", "old"], check=True)  # noqa: S607
    os.chdir("/")
    subprocess.run(["umount", "--lazy", "/old"], check=True)  # noqa: S607
    Path("old").rmdir()


if __name__ == "__main__":
    enclose(json.loads(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - to become the command is its purpose
