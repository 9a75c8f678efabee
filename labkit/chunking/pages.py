"""Where pages come from: anything that can count them, name its content, and make page ``n`` a document.

A source is sent to every worker, so it should pickle small; each worker then reads its own pages. Shipping a
page range costs the same for a kilobyte and for a terabyte, shipping the pages does not.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from labkit.chunking.parsing import RawPage, parse
from labkit.corpus import Handbook
from labkit.corpus.loading.folder import PARSERS, access_of
from labkit.documents import Access, Document
from labkit.errors import UnreadableSource


class Pages(Protocol):
    """What a chunk job needs of its source."""

    def __len__(self) -> int:
        """How many pages there are."""
        ...

    def fingerprint(self) -> str:
        """A text that differs whenever the content does; it goes into the job's manifest."""
        ...

    def name(self, number: int) -> str:
        """What to call a page in a report, whether or not it can be read."""
        ...

    def document(self, number: int) -> Document:
        """Read, parse and clean one page; raises UnreadableSource where that fails."""
        ...


@dataclass(frozen=True)
class HandbookPages:
    """The handbook as Markdown files, each written when a worker reads it, and parsed like any other file.

    Attributes:
        book: The handbook; it pickles in a few bytes whatever its size.
    """

    book: Handbook

    def __len__(self) -> int:
        return len(self.book)

    def fingerprint(self) -> str:
        """The arguments that the handbook was made with."""
        return f"markdown of {self.book!r}"

    def name(self, number: int) -> str:
        """The document id of the page."""
        return self.book.document_id(number)

    def raw(self, number: int) -> RawPage:
        """The page as it would lie in a folder."""
        page = self.book.page(number)
        return RawPage(page.id, page.text.encode(), ".md", page.source, page.access, page.updated)

    def document(self, number: int) -> Document:
        """The page, parsed and cleaned."""
        return parse(self.raw(number))


@dataclass(frozen=True)
class DocumentPages:
    """Documents that are parsed already; their texts are taken as they are.

    Attributes:
        documents: A handbook, or any other sequence; a worker gets all of it.
    """

    documents: Sequence[Document]

    @classmethod
    def of(cls, documents: Iterable[Document]) -> "DocumentPages":
        """Any documents; a handbook stays unwritten, everything else is collected."""
        return cls(documents if isinstance(documents, Handbook) else tuple(documents))

    def __len__(self) -> int:
        return len(self.documents)

    def fingerprint(self) -> str:
        """A handbook's arguments, or a hash of all that the documents say."""
        if isinstance(self.documents, Handbook):
            return repr(self.documents)
        digest = hashlib.blake2b(digest_size=16)
        for document in self.documents:
            access = (document.access.tenant, sorted(document.access.groups))
            said = (document.id, document.text, document.source, access, str(document.updated))
            digest.update(repr(said).encode())
        return f"documents {digest.hexdigest()}"

    def name(self, number: int) -> str:
        """The document's id."""
        return self.documents[number].id

    def document(self, number: int) -> Document:
        """The document itself."""
        return self.documents[number]


@dataclass(frozen=True)
class FolderPages:
    """The md, txt, html and pdf files under a folder that every worker can open, in the order of their paths.

    Links and hidden files are left out. ``labkit.corpus.load_folder`` does the same on one process and notes
    each thing it left out; this one keeps names only, so that any number of files can be dealt to workers.

    Attributes:
        root: The folder.
        names: Paths within it, sorted.
        access: Who may read the documents.
    """

    root: Path
    names: tuple[str, ...]
    access: Access

    @classmethod
    def under(cls, path: str | Path, tenant: str | None = None, groups: Iterable[str] = ()) -> "FolderPages":
        """The readable kinds of file under a folder.

        Raises:
            UnreadableSource: There is no such folder.
            BadArgument: Groups without a tenant.
        """
        root = Path(path).resolve()
        if not root.is_dir():
            raise UnreadableSource(f"{path} is not a folder", remedy="give the folder that holds the files")
        found = (file for file in root.rglob("*") if file.suffix.lower() in PARSERS and not file.is_symlink())
        names = (file.relative_to(root) for file in found if file.is_file())
        shown = (name.as_posix() for name in names if not any(part.startswith(".") for part in name.parts))
        return cls(root, tuple(sorted(shown)), access_of(tenant, groups))

    def __len__(self) -> int:
        return len(self.names)

    def fingerprint(self) -> str:
        """A hash of every path with its size and time of change: contents are not read for it."""
        digest = hashlib.blake2b(repr((self.access.tenant, sorted(self.access.groups))).encode(), digest_size=16)
        for name in self.names:
            status = (self.root / name).stat()
            digest.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\0".encode())
        return f"files {digest.hexdigest()}"

    def name(self, number: int) -> str:
        """The path within the folder."""
        return self.names[number]

    def document(self, number: int) -> Document:
        """The file, read, parsed and cleaned."""
        name = self.names[number]
        try:
            data = (self.root / name).read_bytes()
        except OSError as error:
            raise UnreadableSource(f"cannot be opened: {error.strerror}", remedy="grant read permission") from error
        return parse(RawPage(name, data, Path(name).suffix, name, self.access))
