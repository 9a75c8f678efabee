"""The exceptions that labkit raises on purpose.

Every one is built from two sentences: the *problem*, which states the value that was found, and the
*remedy*, which says what to do about it. A message without a remedy cannot be constructed:

>>> str(BadArgument("workers is 0", remedy="give at least 1"))
'workers is 0; give at least 1'

Errors of the engines underneath (Ray, FAISS, vLLM, file parsers) are translated into this tree with the
original kept as ``__cause__``.
"""


class LabkitError(Exception):
    """Root of the tree: catch this to catch everything labkit raises on purpose.

    Args:
        problem: What is wrong, with the value that was found.
        remedy: What the reader of the message can do about it.
    """

    def __init__(self, problem: str, *, remedy: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by the two sentences, so that an error survives the way back from a Ray worker."""
        return _rebuild, (type(self), self.problem, self.remedy)


def _rebuild(kind: type[LabkitError], problem: str, remedy: str) -> LabkitError:
    return kind(problem, remedy=remedy)


class BadArgument(LabkitError, ValueError):
    """An argument outside its domain: a negative price, a serial fraction of 1.2, k = 0."""


class EmptyCorpus(BadArgument):
    """No document, or none with words in it, was left to work on."""


class UnknownTenant(BadArgument):
    """A principal names a tenant that the index has never seen."""


class AccessRefused(LabkitError, PermissionError):
    """A search or a question came without a principal, or with one that may not ask."""


class UnreadableSource(LabkitError):
    """A file or record could not be turned into a document."""


class MissingDependency(LabkitError, ImportError):
    """An optional package is not installed; the remedy is the exact install command."""


class ModelUnavailable(LabkitError):
    """Model files are absent, or their SHA-256 sum is not the pinned one."""


class EngineFailure(LabkitError, RuntimeError):
    """An engine underneath (vLLM, FAISS, Ray) failed; the original error is the cause."""


class StateCorrupt(LabkitError):
    """A file under the course's state directory cannot be read back."""
