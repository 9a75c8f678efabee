"""No pair of question and passage is read twice: what the judge of a search has read, the reader knows."""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from labkit.extraction.reader import SpanModel
from labkit.extraction.spans import Logits
from labkit.scaling import require_number


class RememberedSpans:
    """A span model that keeps what it has found for the pairs asked for last. Safe to be used by several threads.

    It keeps few: those of the searches under way, so that nothing else gets cheaper by having been asked before.

    Only the very same tokens are the same pair, so nobody learns of a passage that he does not hold himself.

    Args:
        model: Reads what is not kept.
        most: Pairs that are kept: a search has up to 32 and seldom more than eight; one of 200 tokens takes some 10 kB.

    Raises:
        BadArgument: Fewer than one pair is kept.
    """

    def __init__(self, model: SpanModel, most: int = 128) -> None:
        self.model, self.most = model, int(require_number("most", most, least=1))
        self._kept: OrderedDict[tuple[int, ...], Logits] = OrderedDict()
        self._lock = Lock()

    def logits(self, sequences: Sequence[Sequence[int]]) -> list[Logits]:
        """Logits of each sequence, shape (its tokens, 2), in the order given; raises as the model does."""
        wanted = [tuple(ids) for ids in sequences]
        with self._lock:
            known = {ids: self._kept[ids] for ids in wanted if ids in self._kept}
        fresh = list(dict.fromkeys(ids for ids in wanted if ids not in known))
        if fresh:
            known.update(zip(fresh, self.model.logits(fresh), strict=True))
        with self._lock:
            for ids in wanted:
                self._kept[ids] = known[ids]
                self._kept.move_to_end(ids)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return [known[ids] for ids in wanted]
