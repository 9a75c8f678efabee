"""The files of a room: what a submission finds there, and what it does not."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

HOME = "/home/student"
SOCKET = "/run/grader"
COURSE = "/course"
LABKIT = Path(__file__).parent.parent
_TOP = ("/bin", "/sbin", "/lib", "/lib64", "/lib32")  # links into /usr on a merged system, directories elsewhere


class Paths(NamedTuple):
    """Paths as a room's processes see them: their home, the grader's socket, the folder that holds ``labkit``."""

    home: str
    socket: str
    course: str


@dataclass(frozen=True)
class Room:
    """The files of one run, outside: a directory of the grader's with the notebook, the socket, and room to mount.

    Attributes:
        directory: The directory; made by ``Room.furnish``.
        notebook: Name of the notebook in the home directory.
        hidden: Modules of labkit that it does not show.
    """

    directory: Path
    notebook: str
    hidden: tuple[str, ...] = ()

    @property
    def home(self) -> Path:
        """The home directory, which an enclosed room only takes the notebook from."""
        return self.directory / "home"

    @property
    def labkit(self) -> Path:
        """The library that it shows: this one, or a copy without what is hidden."""
        return self.directory / "course" / "labkit" if self.hidden else LABKIT

    @property
    def socket(self) -> Path:
        """Where the grader listens."""
        return self.directory / "probes"

    def furnish(self, text: str) -> None:
        """Create what the room needs, around the notebook's text."""
        for name in ("home", "root", "course"):
            (self.directory / name).mkdir()
        (self.home / self.notebook).write_text(text, encoding="utf-8")
        if self.hidden:
            shutil.copytree(LABKIT, self.labkit, ignore=self._without)
        else:
            (self.directory / "course" / "labkit").symlink_to(LABKIT)

    def shown(self) -> list[tuple[str, str]]:
        """What an enclosed room shows, read-only: paths outside, and where they appear inside."""
        system = [path for path in ("/usr", "/etc/ld.so.cache", "/etc/localtime") if Path(path).exists()]
        system += [name for name in _TOP if Path(name).is_dir() and not Path(name).is_symlink()]
        python = [path for path in dict.fromkeys((sys.base_prefix, sys.prefix)) if not path.startswith("/usr/")]
        return [
            *((path, path) for path in [*system, *python]),
            (str(self.labkit), f"{COURSE}/labkit"),
            (str(self.home / self.notebook), f"{HOME}/{self.notebook}"),
            (str(self.socket), SOCKET),
        ]

    def _without(self, folder: str, names: list[str]) -> list[str]:
        """What of a folder of labkit is left out: what is hidden, and compiled files, which others may be writing."""
        parts = Path(folder).relative_to(LABKIT.parent).parts
        full = {name: ".".join([*parts, name.removesuffix(".py")]) for name in names}
        return [name for name in names if name == "__pycache__" or full[name] in self.hidden]


def system_links() -> list[str]:
    """The system's directories that are links here, and so have to be links in a room."""
    return [name for name in _TOP if Path(name).is_symlink()]
