"""A folder of files to documents."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISREG

from labkit.corpus.loading.markdown import parse_markdown
from labkit.corpus.loading.parsed import Parsed, has_words, one_line, tidy
from labkit.corpus.loading.pdf import parse_pdf
from labkit.corpus.loading.plain import parse_plain
from labkit.corpus.loading.report import Loaded, Note
from labkit.corpus.loading.webpage import parse_webpage
from labkit.documents import Access, Document
from labkit.errors import BadArgument, EmptyCorpus, UnreadableSource

DEFAULT_MAX_BYTES = 20_000_000

PARSERS: dict[str, Callable[[bytes], Parsed]] = {
    ".htm": parse_webpage,
    ".html": parse_webpage,
    ".markdown": parse_markdown,
    ".md": parse_markdown,
    ".pdf": parse_pdf,
    ".txt": parse_plain,
}


def load_folder(
    path: str | Path, tenant: str | None = None, groups: Iterable[str] = (), max_bytes: int = DEFAULT_MAX_BYTES
) -> Loaded:
    """Read the md, txt, html and pdf files of a folder and its subfolders, in the order of their paths.

    A file that cannot be read is noted and the rest goes on. Symbolic links are not followed (a folder cannot lead
    the loader in circles or out of itself), hidden files are not read; both are noted.

    A document's id and source are its path within the folder, with forward slashes.

    Args:
        path: The folder.
        tenant: The tenant that owns the documents, or None for documents shared by all.
        groups: The groups of that tenant that may read them; none means all of its members.
        max_bytes: Larger files are skipped.

    Returns:
        The documents with notes on what was skipped and why.

    Raises:
        BadArgument: Groups without a tenant, an empty tenant, or ``max_bytes`` below 1.
        UnreadableSource: The folder is missing, not a folder, or may not be listed.
        EmptyCorpus: No file with words was found.
    """
    access = access_of(tenant, groups)
    if isinstance(max_bytes, bool) or not isinstance(max_bytes, int) or max_bytes < 1:
        raise BadArgument(f"max_bytes is {max_bytes!r}", remedy="give a whole number of at least 1")
    walk = _Walk(_existing(Path(path)), max_bytes)
    documents, warnings = [], []
    for file in sorted(walk.files(), key=walk.name):
        source = walk.name(file)
        try:
            parsed = _parsed(PARSERS[file.suffix.lower()], walk.content(file))
            documents.append(_document(source, file, parsed, access))
        except UnreadableSource as error:
            walk.skip(file, error.problem, error.remedy)
        else:
            warnings += [Note(source, words) for words in parsed.warnings]
    loaded = Loaded(tuple(documents), tuple(sorted(walk.skipped, key=lambda note: note.source)), tuple(warnings))
    if not documents:
        raise EmptyCorpus(
            f"no document with words in {path} ({loaded.summary()})",
            remedy=f"put at least one file with text there, ending in {', '.join(PARSERS)}",
        )
    return loaded


def access_of(tenant: str | None, groups: Iterable[str] = ()) -> Access:
    """The access of documents, refused where groups would restrict nothing because no tenant owns the text.

    Raises:
        BadArgument: An empty tenant, groups without a tenant, or one string in place of several groups.
    """
    if tenant is not None and not tenant.strip():
        raise BadArgument(f"tenant is {tenant!r}", remedy="give a name, or None for documents shared by all")
    if isinstance(groups, str):
        raise BadArgument(f"groups is the single text {groups!r}", remedy=f"give a list: [{groups!r}]")
    named = frozenset(groups)
    if named and tenant is None:
        raise BadArgument(f"groups {sorted(named)} come without a tenant", remedy="name the tenant they belong to")
    return Access(tenant, named)


def _existing(path: Path) -> Path:
    if not path.exists():
        raise UnreadableSource(f"the folder {path} does not exist", remedy="check the path, or make the folder")
    if not path.is_dir():
        raise UnreadableSource(f"{path} is a file, not a folder", remedy=f"give its folder: {path.parent}")
    try:
        next(path.iterdir(), None)
    except OSError as error:
        raise UnreadableSource(
            f"the folder {path} cannot be listed ({error.strerror})", remedy="grant read permission"
        ) from error
    return path.resolve()


def _parsed(parser: Callable[[bytes], Parsed], data: bytes) -> Parsed:
    try:
        return parser(data)
    except UnreadableSource:
        raise
    except Exception as error:  # one file that trips a parser, say by deep nesting, must not cost the others
        raise UnreadableSource("cannot be parsed", remedy=f"simplify it ({type(error).__name__}: {error})") from error


def _document(source: str, file: Path, parsed: Parsed, access: Access) -> Document:
    text = tidy(parsed.text)
    if not has_words(text):
        hint = "a scanned PDF needs text recognition first" if file.suffix.lower() == ".pdf" else ""
        raise UnreadableSource("no words", remedy=hint)
    title = one_line(parsed.title) or one_line(os.fsencode(file.stem).decode("utf-8", "replace"))
    return Document(source, text, title, source, access, parsed.updated)


@dataclass(frozen=True)
class _Walk:
    """One pass over a folder; everything not handed out is noted in ``skipped``."""

    root: Path
    max_bytes: int
    skipped: list[Note] = field(default_factory=list)

    def name(self, path: Path) -> str:
        """The path within the folder; names that are no UTF-8 show their bytes, so that they stay apart."""
        return os.fsencode(path.relative_to(self.root).as_posix()).decode("utf-8", "backslashreplace")

    def skip(self, path: Path, reason: str, remedy: str = "") -> None:
        self.skipped.append(Note(self.name(path), reason, remedy))

    def files(self) -> Iterator[Path]:
        for place, folders, files in os.walk(self.root, onerror=self._unlisted):
            folders[:] = [name for name in folders if self._wanted(Path(place, name), "hidden folder")]
            for name in files:
                file = Path(place, name)
                if self._wanted(file, "hidden file") and self._known(file):
                    yield file

    def content(self, file: Path) -> bytes:
        try:
            status = file.stat()
            if not S_ISREG(status.st_mode):  # reading a pipe would wait for ever
                raise UnreadableSource("not a regular file", remedy="")
            with file.open("rb") as stream:
                data = stream.read(self.max_bytes + 1)
        except OSError as error:
            reason = f"cannot be opened: {error.strerror or error}"
            raise UnreadableSource(reason, remedy="grant read permission") from error
        if len(data) > self.max_bytes:
            size = f"{status.st_size:,} bytes; split it, or raise max_bytes"
            raise UnreadableSource(f"larger than {self.max_bytes:,} bytes", remedy=size)
        return data

    def _wanted(self, path: Path, if_hidden: str) -> bool:
        if path.name.startswith("."):
            self.skip(path, if_hidden)
        elif path.is_symlink():
            self.skip(path, *self._link(path))
        else:
            return True
        return False

    def _link(self, path: Path) -> tuple[str, str]:
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):  # RuntimeError: Python 3.11 on a loop
            return "broken or looping symbolic link", ""
        if target.is_relative_to(self.root):
            return "symbolic link within the folder", "its target is read under its own name"
        return "symbolic link out of the folder", "copy the target into the folder to have it read"

    def _known(self, file: Path) -> bool:
        if file.suffix.lower() in PARSERS:
            return True
        self.skip(file, "unknown suffix", f"known are {', '.join(PARSERS)}")
        return False

    def _unlisted(self, error: OSError) -> None:
        self.skip(Path(os.fsdecode(error.filename)), "folder cannot be listed", "grant read permission")
