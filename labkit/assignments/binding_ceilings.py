"""The questions of the assignment *Binding ceilings*: each choice has its explanation, and nothing is graded.

A ceiling *binds* when it is the one that stops the single process first: lifting any other changes nothing that can be
measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labkit.errors import BadArgument
from labkit.widgets import ConceptQuestion


@dataclass(frozen=True)
class Concept:
    """One question.

    Attributes:
        question: What is asked.
        choices: The explanation of each choice, by the choice's words.
        right: The right choice.
    """

    question: str
    choices: Mapping[str, str]
    right: str


CONCEPTS = {
    "chunking": Concept(
        "A million pages are to be cleaned and cut into chunks. What stops a single process first?",
        {
            "Reading and parsing every page takes longer than we can wait": (
                "The pages are independent of each other, so their number is the ceiling, and sharing the pages out is "
                "the remedy: the axis is data."
            ),
            "The language model writes too slowly": "No language model has been asked anything yet.",
            "The chunks do not fit into a prompt": (
                "That decides the size of a chunk, not how long a million pages take."
            ),
            "Two tenants could see each other's pages": (
                "True of a careless index. Cutting pages shows nothing to anybody."
            ),
        },
        "Reading and parsing every page takes longer than we can wait",
    ),
    "embedding": Concept(
        "The chunks are cut. Turning them into vectors takes hours on one core, which is busy all the time. "
        "Which ceiling is that?",
        {
            "Disk space": "The vectors of a million chunks are a few gigabytes. The core would not be busy waiting.",
            "Arithmetic: the encoder's matrix products": (
                "A core that is busy all the time is short of arithmetic. Each worker gets a copy of the weights and a "
                "slice of the chunks, as in data-parallel training, though nothing is trained."
            ),
            "Network bandwidth": "One process on one core sends nothing over a network.",
            "The quality of the vectors": "More workers make the same vectors sooner, not better ones.",
        },
        "Arithmetic: the encoder's matrix products",
    ),
    "index": Concept(
        "The vectors are made. What forces the index out of one node?",
        {
            "The encoder is too slow": "That was the layer before. Here its vectors are there already.",
            "The questions are too hard": "An index returns near vectors. How hard a question is never reaches it.",
            "The vectors outgrow the node's memory, and many tenants share them": (
                "So ownership is spread: each shard holds a part and refuses what its asker may not see. The recall "
                "must not fall, and not a single text may leak."
            ),
            "Too many users ask at once": (
                "That would be a reason for copies of the index. Shards are for an index that one node cannot hold."
            ),
        },
        "The vectors outgrow the node's memory, and many tenants share them",
    ),
    "multi-hop": Concept(
        "A question needs two facts, and the second can only be looked up once the first is known. "
        "A single retrieval often misses it. Which remedy goes to the ceiling?",
        {
            "Retrieve with the answer of the first hop in the second query": (
                "The second document shares no words with the question. Only what the first one says leads to it."
            ),
            "Retrieve four times as many passages at once": (
                "That helps a little and costs tokens, but the second fact is still looked for with the wrong words."
            ),
            "Add four replicas of the index": "It would miss the same document, four times as often per second.",
            "Use a faster encoder": "The passage is not late. It is not found.",
        },
        "Retrieve with the answer of the first hop in the second query",
    ),
    "orchestrator": Concept(
        "One agent with every tool in its prompt plans, searches and calculates in a single loop. "
        "Which ceiling does it reach first?",
        {
            "Its memory is too small": "A longer context would hold more of the same mixed-up turns.",
            "It cannot both plan and act reliably": (
                "Each turn may go wrong, and errors multiply over turns. A planner that only plans, and specialists "
                "that each do one thing, are easier to get right."
            ),
            "It has too few tools": "It has the same tools as the specialists. It picks the wrong one, or none.",
            "It runs on too few cores": "It would give the same wrong answers sooner.",
        },
        "It cannot both plan and act reliably",
    ),
    "serving": Concept(
        "Answers are right, and the slowest of a hundred takes a minute as soon as people come to work. What binds?",
        {
            "Requests arrive faster than one server completes them": (
                "Then a queue grows, and waiting in it is what the slow ones do. Replicas share the requests out."
            ),
            "The index is too large": "Its searches take milliseconds, in the morning as at night.",
            "The prompts are badly worded": "They were worded the same at night, when it was quick.",
            "The model is too small": "A larger one would be slower still.",
        },
        "Requests arrive faster than one server completes them",
    ),
    "cost": Concept(
        "The fleet holds its objective, and the bill is too high. Where is nearly all of it?",
        {
            "In the disk for the index": "A few gigabytes cost cents in a month.",
            "In the chunking": "That is done once, and again only where a page changes.",
            "In the evaluation": "It should be measured by itself. It is not what every task pays for.",
            "In the tokens: most are read again and again": (
                "Every call reads the same instructions and much of the same context. A prefix cache reads them once, "
                "and a small model that goes first spares the large one most calls."
            ),
        },
        "In the tokens: most are read again and again",
    ),
    "evaluation": Concept(
        "Seven layers are distributed. What could now break without anybody noticing?",
        {
            "Nothing: each layer has its own tests": (
                "Tests of layers see layers. A passage that arrives second instead of first is fine for each of them, "
                "and changes the answer."
            ),
            "Success and cost of whole tasks": (
                "Only whole tasks show what all layers make of a question together. So success and cost are reported "
                "side by side, over all axes, for every stage."
            ),
            "The spelling of prompts": "Prompts do not change by being sent to more machines.",
            "The license of the model": "Worth reading, and not changed by distribution.",
        },
        "Success and cost of whole tasks",
    ),
    "axis of the index": Concept(
        "Four shards each hold a quarter of the vectors, and each hides what its asker may not see. Which axis is it?",
        {
            "Intelligence: the reasoning is spread": "No shard reasons. Each compares vectors.",
            "Inference: requests over replicas": (
                "Every search goes to all four shards. With replicas it would go to one."
            ),
            "Data and cluster coordination: parts of the data, and who may see them": (
                "The vectors are split, which is data. Who holds what and who may see it is cluster coordination."
            ),
            "Model: parts of a model": "The encoder is whole, and not even there.",
        },
        "Data and cluster coordination: parts of the data, and who may see them",
    ),
    "axis of the cascade": Concept(
        "A small model answers first, and a large one is asked only where the small one is unsure. Which axis is it?",
        {
            "Model: which of two models does the work": (
                "The choice of the model is what is spread. The request stays whole, and both models could stand on "
                "one machine."
            ),
            "Data: each model has its own data": "Both read the same passages.",
            "Training: the models learn from each other": "Nothing is learnt while tasks are answered.",
            "Cluster coordination: who takes over": (
                "Close: one does take over. But it takes over a task, for its price, and no part of the data."
            ),
        },
        "Model: which of two models does the work",
    ),
    "training axis": Concept(
        "Why does the course call encoding on many workers a training-style axis, when nothing is trained?",
        {
            "Because the encoder was trained once": "Every model was. It says nothing about how the work is shared.",
            "Because copies of one network go through batches side by side, as in data-parallel training": (
                "The same partition: the weights are copied, the batches are split. Only the exchange of gradients is "
                "missing, which is why it scales so well."
            ),
            "Because vectors improve with more workers": "They are the same vectors. A test holds them to 0.00001.",
            "Because it needs a GPU": "It runs on cores here, and the axis is the same on GPUs.",
        },
        "Because copies of one network go through batches side by side, as in data-parallel training",
    ),
    "two layers": Concept(
        "Which two layers are judged by task success?",
        {
            "1 and 2": "Chunking and encoding are judged by throughput and parallel efficiency.",
            "3 and 6": "The index is judged by recall and leaks, the fleet by its slowest answers.",
            "4 and 5": "Multi-hop retrieval and the orchestrator change what is answered. All others change how fast "
            "or at what price.",
            "7 and 8": "Layer 7 is judged by cost at held success. Layer 8 measures all of them.",
        },
        "4 and 5",
    ),
    "worse answers": Concept(
        "Why can scaling these two wrongly make answers worse, and not just slower?",
        {
            "More agents wait for each other": "That is slower, not worse.",
            "Every further hop and agent may add an error, and later ones build on it": (
                "With a chance of 0.9 for each of two hops both are right in 0.81 of the cases, with a third in 0.73 "
                "(computed). A wrong name handed on is searched for in good faith."
            ),
            "They need more memory": "A process that lacks memory stops. It does not answer wrongly.",
            "They see more tenants' texts": "Nobody sees more: access is settled in the index, whoever asks.",
        },
        "Every further hop and agent may add an error, and later ones build on it",
    ),
    "which first": Concept(
        "You may scale one layer of an application that you have never seen. Which?",
        {
            "The index, since it holds the data": "It may take a hundredth of the time.",
            "The model, since it is the most expensive part": (
                "Often a good guess, and a guess. In a pipeline that parses scans the model may be idle."
            ),
            "All of them a little": "Then a jump in success or a spike in latency has eight suspects.",
            "Whichever a profile shows to bind": (
                "The layer that takes nearly all of the time is the only one whose scaling can be noticed. Which it is "
                "differs from system to system, so it is measured."
            ),
        },
        "Whichever a profile shows to bind",
    ),
    "why profile": Concept(
        "Half of a task's time is reading passages with the model, a tenth is searching. "
        "Searching is made ten times as fast. How much faster is a task?",
        {
            "Ten times": "Only the tenth that searches has become faster.",
            "Twice": "Even if searching cost nothing, nine tenths of the time would remain.",
            "About 1.1 times": (
                "1 / (0.9 + 0.1 / 10) = 1.10 (computed). Amdahl's law says before the work what the work is worth; "
                "the profile has to supply the shares."
            ),
            "Not at all": "A little: 0.09 of the time is gone.",
        },
        "About 1.1 times",
    ),
}
"""By the name that the assignment calls them by."""


def ask(name: str) -> ConceptQuestion:
    """One question, to be tried until it is answered.

    Args:
        name: A name of ``CONCEPTS``.

    Raises:
        BadArgument: There is no such question.
    """
    if name not in CONCEPTS:
        raise BadArgument(f"there is no question {name!r}", remedy=f"ask {', '.join(CONCEPTS)}")
    concept = CONCEPTS[name]
    return ConceptQuestion(concept.question, concept.choices, right=concept.right)
