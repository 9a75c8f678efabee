"""Public reading questions with their supporting passages given, read by one model; prints its scores as JSON.

``python bench/models_public.py`` scores the large tier, ``... small`` the small one, ``... FOLDER`` any other model.
"""

import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from models_scores import rate
from records import ROOT

from labkit import tasks
from labkit.documents import UNKNOWN, Chunk, Passage
from labkit.extraction import Extraction, ExtractiveReader, Logits, course_span_model
from labkit.pretrained import reader_folder
from labkit.reading import Reading
from labkit.serving import Completion, LanguageModel, Message, chat
from labkit.skills import parse_reading, read_messages

PUBLIC = ROOT.parent / "shared" / "data" / "hotpotqa_100.json"


def ask(conversations: Sequence[Sequence[Message]], max_tokens: int) -> list[str]:
    """The replies of the model that the settings name."""
    return [completion.text for completion in chat(conversations, max_tokens)]


class _Unasked(Exception):
    def __init__(self, messages: list[Message]) -> None:
        self.messages = messages


def read_all(
    asked: Sequence[tuple[str, Sequence[Passage]]], max_tokens: int = 24, *, at_once: int = 1
) -> list[Reading]:
    """What the application's model makes of each question and its passages, so many of them in a prompt.

    All are read in step, so that the next prompts of those who still look are one batch.
    """
    replies: dict[str, Completion] = {}

    def known(conversations: Sequence[list[Message]], _: int) -> list[Completion]:
        [messages] = conversations
        if json.dumps(messages) not in replies:
            raise _Unasked(messages)
        return [replies[json.dumps(messages)]]

    model = LanguageModel(max_tokens, known, at_once)
    while True:
        read, unasked = [], []
        for question, passages in asked:
            try:
                read.append(model.read(question, passages))
            except _Unasked as one:
                unasked.append(one.messages)
        if not unasked:
            return read
        for messages, reply in zip(unasked, chat(unasked, max_tokens), strict=True):
            replies[json.dumps(messages)] = reply


class _Unread(Exception):
    def __init__(self, sequences: list[tuple[int, ...]]) -> None:
        self.sequences = sequences


def in_step(
    reader: ExtractiveReader,
) -> Callable[[Sequence[tuple[str, Sequence[Passage]]]], list[Extraction]]:
    """What the small tier makes of each question and its passages, read in step as ``read_all`` does."""
    read: dict[tuple[int, ...], Logits] = {}

    class Known:
        def logits(self, sequences: Sequence[Sequence[int]]) -> list[Logits]:
            if unread := [ids for ids in map(tuple, sequences) if ids not in read]:
                raise _Unread(unread)
            return [read[tuple(ids)] for ids in sequences]

    stepping = replace(reader, model=Known())

    def extract_all(asked: Sequence[tuple[str, Sequence[Passage]]]) -> list[Extraction]:
        read.clear()
        while True:
            found, unread = [], dict[tuple[int, ...], None]()
            for question, passages in asked:
                try:
                    found.append(stepping.extract(question, passages))
                except _Unread as one:
                    unread |= dict.fromkeys(one.sequences)
            if not unread:
                return found
            read.update(zip(unread, reader.model.logits(list(unread)), strict=True))

    return extract_all


def supporting(public: tasks.MultiHop, task: tasks.Task) -> list[str]:
    """The texts that hold the answer."""
    held = {document.id: document.text for document in public.documents}
    return [held[page] for page in task.supporting]


def as_passages(texts: Sequence[str]) -> list[Passage]:
    """Texts as passages, nearest first."""
    return [Passage(Chunk(f"{n}#0", str(n), text, 0, len(text)), 1.0) for n, text in enumerate(texts)]


def small_reads(public: tasks.MultiHop) -> list[str]:
    """The small tier's answers."""
    reader = ExtractiveReader.of(reader_folder(), course_span_model())
    return [reader.read(task.question, as_passages(supporting(public, task))).text for task in public.tasks]


def scores(public: tasks.MultiHop, said: Sequence[str]) -> dict:
    """Exact match, F1 and how often the model abstains."""
    pairs = list(zip(public.tasks, said, strict=True))
    return {
        "exact match": rate(tasks.exact_match(text, task.accepted) for task, text in pairs),
        "F1": round(float(np.mean([tasks.f1(text, task.accepted) for task, text in pairs])), 4),
        "answered unknown": rate(text == UNKNOWN for _, text in pairs),
    }


def main() -> None:
    """Score the model that the command line names."""
    public = tasks.load_multihop(PUBLIC)
    named = sys.argv[1] if len(sys.argv) > 1 else None
    if named == "small":
        said = small_reads(public)
    else:
        if named:
            os.environ["LABKIT_MODEL"] = named
        asked = [read_messages(task.question, supporting(public, task)) for task in public.tasks]
        said = [parse_reading(text) for text in ask(asked, 32)]
    print(json.dumps(scores(public, said)))


if __name__ == "__main__":
    main()
