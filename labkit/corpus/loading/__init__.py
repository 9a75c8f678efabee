"""Documents from a learner's own files: a folder of md, txt, html and pdf, or JSON lines.

    from labkit.corpus.loading import load_folder
    loaded = load_folder("docs", tenant="acme")
    loaded.summary()   # "6 documents; skipped 2: 1 unknown suffix (photo.png), 1 no words (empty.md)"

One file a format; each parser turns bytes into a ``Parsed`` or raises ``UnreadableSource``, which the loader notes
before it goes on with the next file.
"""

from labkit.corpus.loading.folder import DEFAULT_MAX_BYTES, load_folder
from labkit.corpus.loading.jsonl import load_jsonl
from labkit.corpus.loading.report import Loaded, Note

__all__ = ["DEFAULT_MAX_BYTES", "Loaded", "Note", "load_folder", "load_jsonl"]
