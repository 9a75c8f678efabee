"""Checks that tell a learner, before anything heavy starts, what this machine lacks and how to fix it."""

import importlib.metadata
import os
import platform
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
from packaging.requirements import Requirement

from labkit.errors import LabkitError
from labkit.pretrained import encoder_folder, model_source
from labkit.settings import settings

GIB = 2**30
MEMORY_NEEDED = 8
DISK_NEEDED = 2


@dataclass(frozen=True)
class Finding:
    """One check: what was looked at, what was found, and, if it is not good enough, what to do."""

    subject: str
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        mark = "fix" if self.remedy else "ok "
        return f"{mark}  {self.subject:<10} {self.found}" + (f"\n     -> {self.remedy}" if self.remedy else "")


def diagnose() -> list[Finding]:
    """Run every check; none of them starts an engine, and together they take seconds."""
    checks: tuple[Callable[[], Iterator[Finding]], ...]
    checks = (_python, _cores, _memory, _disk, _packages, _models, _loopback, _browser)
    return [finding for check in checks for finding in check()]


def _python() -> Iterator[Finding]:
    fitting = sys.version_info[:2] == (3, 11)
    remedy = "" if fitting else "install Python 3.11 and run: make distclean env PYTHON=python3.11"
    yield Finding("python", platform.python_version(), remedy)


def _cores() -> Iterator[Finding]:
    cores = len(os.sched_getaffinity(0))
    remedy = "" if cores >= 2 else "the scaling measurements need at least 2 cores; the reading does not"
    yield Finding("cores", str(cores), remedy)
    listed = Path("/proc/cpuinfo")
    if platform.machine() == "x86_64" and listed.exists():
        has_avx2 = " avx2 " in listed.read_text(errors="replace")
        remedy = "" if has_avx2 else "vLLM's CPU build needs AVX2; use another machine"
        yield Finding("processor", "x86_64 with AVX2" if has_avx2 else "x86_64 without AVX2", remedy)


def _memory() -> Iterator[Finding]:
    available = psutil.virtual_memory().available / GIB
    remedy = "" if available >= MEMORY_NEEDED else f"free memory until {MEMORY_NEEDED} GiB are available"
    yield Finding("memory", f"{available:.1f} GiB available", remedy)


def _disk() -> Iterator[Finding]:
    place = settings().home
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free / GIB
    remedy = "" if free >= DISK_NEEDED else f"free {DISK_NEEDED} GiB, or set LABKIT_HOME to a disk that has them"
    yield Finding("disk", f"{free:.1f} GiB free for {settings().home}", remedy)
    writable = os.access(place, os.W_OK)
    if not writable:
        yield Finding("state", f"{settings().home} cannot be written", "set LABKIT_HOME to a folder you may write to")


def _packages() -> Iterator[Finding]:
    pins = [Requirement(line) for line in importlib.metadata.requires("labkit") or []]
    wrong = [
        f"{pin.name} is {found}, not {pin.specifier}" for pin in pins if not _fits(pin, found := _version(pin.name))
    ]
    remedy = "run: make distclean env" if wrong else ""
    yield Finding("packages", "; ".join(wrong) or f"all {len(pins)} as pinned", remedy)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "absent"


def _fits(pin: Requirement, found: str) -> bool:
    return found != "absent" and pin.specifier.contains(found, prereleases=True)


def _models() -> Iterator[Finding]:
    base = settings().api_base
    if base:
        yield Finding("model", f"{settings().model}, at {base}")
    here = (("encoder", encoder_folder),) if base else (("encoder", encoder_folder), ("model", model_source))
    for subject, find in here:
        try:
            yield Finding(subject, f"{find().name}, as pinned or as set by you")
        except LabkitError as error:
            yield Finding(subject, error.problem, error.remedy)


def _loopback() -> Iterator[Finding]:
    try:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), 2):
            yield Finding("loopback", "ports of 127.0.0.1 can be opened and reached")
    except OSError as error:
        yield Finding("loopback", f"127.0.0.1 cannot be used ({error})", "allow local connections in the firewall")


def _browser() -> Iterator[Finding]:
    found = shutil.which("chromium")
    yield Finding(
        "browser", found or "no Chromium: the browser tests will be skipped (they need it, the course does not)"
    )
