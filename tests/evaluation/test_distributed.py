"""The harness on Ray says what the serial one says, whatever befalls its workers, and asks nothing twice."""

import os
import signal
import time
import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from labkit.agents import TwoHops
from labkit.chunking import WholeDocuments
from labkit.corpus import handbook
from labkit.costs import TokenPrice
from labkit.embedding import SentenceEncoder
from labkit.errors import BadArgument, EngineFailure, StateCorrupt
from labkit.evaluation import EvaluationPool, Run, ask_all, evaluate_on_ray, judge
from labkit.evaluation.run_folder import finished_in
from labkit.stages import stage
from labkit.tasks import HANDBOOK_KINDS, handbook_tasks

pytestmark = pytest.mark.usefixtures("ray_cluster")

BOOK = handbook(pages=24, tenants=2, seed=1)
TASKS = handbook_tasks(BOOK, HANDBOOK_KINDS, count=2, seed=1)
APPLICATION = stage(0).over(BOOK)


def timeless(answers):
    """The answers with all seconds set to 0."""
    return [
        replace(one, trace=replace(one.trace, steps=tuple(replace(step, seconds=0.0) for step in one.trace.steps)))
        for one in answers
    ]


def marked(marks: Path) -> list[str]:
    """The questions that were asked, once for each time."""
    return [mark.name.partition("-")[0] for mark in marks.glob("*-*")]


def faulty(marks: Path, fault):
    """An agent that leaves a mark for every question, and to which ``fault(marks, number)`` happens first."""
    numbers = {task.question: number for number, task in enumerate(TASKS)}

    # Defined here, so that it travels to the workers by value: they cannot import this file.
    @dataclass(frozen=True)
    class Faulty:
        marks: Path = field(repr=False)

        def answer(self, question, principal, retrieve, model):
            number = numbers[question]
            (self.marks / f"{number}-{uuid.uuid4()}").touch()
            fault(self.marks, number)
            return TwoHops().answer(question, principal, retrieve, model)

    marks.mkdir()
    return replace(APPLICATION, agent=Faulty(marks))


@pytest.fixture(scope="module")
def serial():
    return ask_all(APPLICATION, TASKS)


@pytest.mark.parametrize(("workers", "concurrency"), [(1, 1), (2, 3)])
def test_it_says_what_the_serial_harness_says(workers, concurrency, serial, tmp_path):
    price = TokenPrice.per_million(3, 15)
    run = evaluate_on_ray(APPLICATION, TASKS, tmp_path, workers=workers, concurrency=concurrency, price=price)
    assert timeless(run.answers) == timeless(serial)
    assert [one.verdict for one in run.report.outcomes] == [one.verdict for one in judge(TASKS, serial).outcomes]
    assert [one.task for one in run.report.outcomes] == [task.id for task in TASKS]
    assert 1 <= len(set(run.workers)) <= workers
    assert str(run.report.success()) in (tmp_path / "report.html").read_text()
    assert Run.load(tmp_path, price) == run


def test_with_a_real_encoder_too(tmp_path):
    application = replace(APPLICATION, encoder=SentenceEncoder())
    run = evaluate_on_ray(application, TASKS, tmp_path, workers=2)
    alone = judge(TASKS, ask_all(application, TASKS))
    assert [replace(one, seconds=0) for one in run.report.outcomes] == [
        replace(one, seconds=0) for one in alone.outcomes
    ]


def test_a_killed_worker_loses_no_task_and_counts_none_twice(serial, tmp_path):
    def die_once(marks, number):
        if number in (3, 7) and not (marks / f"killed {number}").exists():
            (marks / f"killed {number}").touch()
            os.kill(os.getpid(), signal.SIGKILL)

    marks = tmp_path / "marks"
    run = evaluate_on_ray(faulty(marks, die_once), TASKS, tmp_path / "run", workers=2, concurrency=2)
    assert len([*marks.glob("killed *")]) == 2
    asked = marked(marks)
    assert {*asked} == {str(number) for number in range(len(TASKS))}
    assert asked.count("3") >= 2
    assert len(run.answers) == len(TASKS)
    assert timeless(run.answers) == timeless(serial)


def test_a_task_that_kills_every_worker_is_given_up_and_the_rest_is_kept(tmp_path):
    def always_die(marks, number):
        if number == 5 and not (marks / "healed").exists():
            os.kill(os.getpid(), signal.SIGKILL)

    marks = tmp_path / "marks"
    application = faulty(marks, always_die)
    with pytest.raises(EngineFailure, match=r"the workers of one task died 3 times .*; look at the machine's memory"):
        evaluate_on_ray(application, TASKS, tmp_path / "run", workers=1)
    kept = finished_in(tmp_path / "run")
    assert {*kept} == {0, 1, 2, 3, 4}
    assert marked(marks).count("5") == 3
    (marks / "healed").touch()
    assert len(evaluate_on_ray(application, TASKS, tmp_path / "run", workers=1).answers) == len(TASKS)
    assert [marked(marks).count(str(number)) for number in range(5)] == [1] * 5


def test_a_run_that_was_broken_off_goes_on_and_asks_only_what_is_missing(serial, tmp_path):
    def fail_once(marks, number):
        if number == 6 and not (marks / "failed").exists():
            (marks / "failed").touch()
            raise EngineFailure("the model is away", remedy="start it")

    marks = tmp_path / "marks"
    application = faulty(marks, fail_once)
    with pytest.raises(EngineFailure, match="the model is away; start it"):
        evaluate_on_ray(application, TASKS, tmp_path / "run", workers=1)
    before = {*finished_in(tmp_path / "run")}
    assert before == set(range(6))
    assert len(Run.load(tmp_path / "run").answers) == 6
    run = evaluate_on_ray(application, TASKS, tmp_path / "run", workers=1)
    assert timeless(run.answers) == timeless(serial)
    again = [marked(marks).count(str(number)) for number in range(len(TASKS))]
    assert again[:7] == [1] * 6 + [2]
    assert again[7] in (1, 2)  # it may have been under way when the run broke off
    assert again[8:] == [1] * (len(TASKS) - 8)


def test_no_more_tasks_are_under_way_than_was_said(tmp_path):
    def look_around(marks, number):
        here = marks / f"inside {number}"
        here.touch()
        (marks / f"seen {number} {len([*marks.glob('inside *')])}").touch()
        time.sleep(0.1)
        here.unlink()

    marks = tmp_path / "marks"
    evaluate_on_ray(faulty(marks, look_around), TASKS, tmp_path / "run", workers=2, concurrency=2)
    most = max(int(mark.name.rpartition(" ")[2]) for mark in marks.glob("seen *"))
    assert 1 < most <= 4


def test_the_index_is_built_once_for_all_workers(tmp_path):
    marks = tmp_path / "marks"
    marks.mkdir()

    @dataclass(frozen=True)
    class Marking:
        marks: Path = field(repr=False)

        def __call__(self, documents):
            (self.marks / f"built-{uuid.uuid4()}").touch()
            return WholeDocuments()(documents)

    application = replace(APPLICATION, chunker=Marking(marks))
    evaluate_on_ray(application, TASKS, tmp_path / "run", workers=2, concurrency=2)
    assert len([*marks.iterdir()]) == 1


def test_a_pool_is_started_once_and_may_use_fewer_of_its_workers(serial, tmp_path):
    with EvaluationPool(APPLICATION, workers=2, concurrency=2) as pool:
        for workers in (1, 2):
            run = pool.evaluate(TASKS, tmp_path / str(workers), workers=workers)
            assert timeless(run.answers) == timeless(serial)
            assert len(set(run.workers)) <= workers
        assert pool.start_seconds > 0
        with pytest.raises(BadArgument, match="workers is 3 in a pool of 2; open a larger pool"):
            pool.evaluate(TASKS, tmp_path / "three", workers=3)


def test_what_cannot_be_run_is_refused(tmp_path):
    import ray

    room = int(ray.cluster_resources()["CPU"])
    with pytest.raises(BadArgument, match="0 tasks"):
        evaluate_on_ray(APPLICATION, [], tmp_path)
    with pytest.raises(BadArgument, match="concurrency is 0"):
        evaluate_on_ray(APPLICATION, TASKS, tmp_path, concurrency=0)
    with pytest.raises(BadArgument, match=f"workers is {room + 1}; give 1 to {room}: the cluster has {room} cores"):
        evaluate_on_ray(APPLICATION, TASKS, tmp_path, workers=room + 1)
    with pytest.raises(StateCorrupt, match="holds no run"):
        Run.load(tmp_path)
