"""The machine a number was taken on; without it a time or a throughput means nothing to anyone else."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")
_CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class Hardware:
    """One machine, as far as a measured number depends on it.

    Attributes:
        cpu: Model name of the processor.
        cores: Cores that this process may use.
        memory_gib: Memory that it may use, in GiB, rounded to a tenth; 0 where the system does not tell.
        python: Version of Python.
        platform: Operating system and architecture.
    """

    cpu: str
    cores: int
    memory_gib: float
    python: str
    platform: str

    @classmethod
    def here(cls) -> "Hardware":
        """This machine; inside a container the container's share of it."""
        return cls(
            cpu=_cpu_model(),
            cores=len(os.sched_getaffinity(0)),
            memory_gib=round(_memory_bytes() / 2**30, 1),
            python=platform.python_version(),
            platform=platform.platform(),
        )

    def __str__(self) -> str:
        memory = f"{self.memory_gib:g} GiB" if self.memory_gib else "memory unknown"
        return f"{self.cores} cores of {self.cpu}, {memory}, Python {self.python}"


def _cpu_model() -> str:
    try:
        lines = _CPUINFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine() or "unknown processor"


def _memory_bytes() -> int:
    try:
        machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError):
        return 0
    try:
        limit = _CONTAINER_LIMIT.read_text(encoding="ascii").strip()
    except OSError:
        return machine
    return min(machine, int(limit)) if limit.isdecimal() else machine
