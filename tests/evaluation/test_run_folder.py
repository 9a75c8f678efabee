"""A run's folder keeps each finished task once, whole or not at all, and says what it belongs to."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from labkit import baseline
from labkit.agents import SingleShot
from labkit.documents import Principal
from labkit.errors import BadArgument, StateCorrupt
from labkit.evaluation.run_folder import Finished, at_work_in, depends_on, finished_in, hardware_of
from labkit.milestones import Hardware
from labkit.stages import LEARNER, stage
from labkit.tasks import Kind, Task

TASKS = tuple(Task(f"t{n}", Kind.TWO_HOP, baseline.QUESTION, (str(n),), LEARNER, ("0", "1")) for n in range(5))
APPLICATION = stage(0)


def finished(number: int) -> Finished:
    return Finished.judged(number, TASKS[number], APPLICATION.ask(TASKS[number].question, LEARNER), "here:1")


@pytest.fixture(scope="module")
def done() -> list[Finished]:
    return [finished(number) for number in range(len(TASKS))]


def test_a_row_holds_everything(done, tmp_path):
    with at_work_in(tmp_path, APPLICATION, TASKS) as run:
        run.keep(done[3])
    [found] = finished_in(tmp_path).values()
    assert found == done[3]
    assert found.answer.trace.steps[0].found[0].chunk.document_id == "0"
    assert hardware_of(tmp_path) == Hardware.here()


def test_what_came_in_is_on_disk_also_when_the_run_breaks(done, tmp_path):
    def broken_off():
        with at_work_in(tmp_path, APPLICATION, TASKS) as run:
            run.keep(done[0])
            run.keep(done[4])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    assert finished_in(tmp_path) == {0: done[0], 4: done[4]}


def test_all_are_joined_in_the_order_of_the_tasks_once_all_are_there(done, tmp_path):
    with at_work_in(tmp_path, APPLICATION, TASKS) as run:
        for number in (4, 2, 0):
            run.keep(done[number])
        run.join()
    assert not (tmp_path / "results.parquet").exists()
    with at_work_in(tmp_path, APPLICATION, TASKS) as run:
        for number in (3, 1):
            run.keep(done[number])
        run.join()
    table = pq.read_table(tmp_path / "results.parquet")
    assert table.column("task").to_pylist() == [task.id for task in TASKS]
    assert table.column("success").to_pylist() == [one.outcome.verdict.success for one in done]
    assert not [*(tmp_path / "results").iterdir()]
    assert finished_in(tmp_path) == dict(enumerate(done))


def test_a_task_that_is_there_twice_counts_once(done, tmp_path):
    for _ in range(2):
        with at_work_in(tmp_path, APPLICATION, TASKS) as run:
            run.keep(done[1])
    assert len([*(tmp_path / "results").iterdir()]) == 2
    assert finished_in(tmp_path) == {1: done[1]}


def test_what_a_killed_run_was_writing_is_cleared_away(tmp_path):
    (tmp_path / "results").mkdir()
    torn = tmp_path / "results" / ".00000000.parquet.17.partial"
    torn.write_bytes(b"PAR1 torn")
    with at_work_in(tmp_path, APPLICATION, TASKS):
        assert not torn.exists()


@pytest.mark.parametrize(
    ("application", "tasks", "differing"),
    [
        (replace(APPLICATION, agent=SingleShot()), TASKS, "application"),
        (APPLICATION, TASKS[:4], "tasks"),
        (APPLICATION, (*TASKS[:4], replace(TASKS[4], principal=Principal("another", "course"))), "tasks"),
    ],
)
def test_another_run_is_refused(application, tasks, differing, tmp_path):
    with at_work_in(tmp_path, APPLICATION, TASKS):
        pass
    with (
        pytest.raises(BadArgument, match=f"holds a run with other {differing}; give an empty folder"),
        at_work_in(tmp_path, application, tasks),
    ):
        pass


def test_two_at_work_in_one_folder_are_refused(tmp_path):
    with (
        at_work_in(tmp_path, APPLICATION, TASKS),
        pytest.raises(BadArgument, match="another process is at work"),
        at_work_in(tmp_path, APPLICATION, TASKS),
    ):
        pass


def test_a_file_of_something_else_is_named(tmp_path):
    with at_work_in(tmp_path, APPLICATION, TASKS):
        (tmp_path / "results" / "x.parquet").write_bytes(b"no parquet")
    with pytest.raises(StateCorrupt, match=r"x\.parquet is no file of a run .*; delete it"):
        finished_in(tmp_path)
    with pytest.raises(StateCorrupt, match="holds no run"):
        hardware_of(tmp_path / "nowhere")


def test_what_a_run_depends_on_is_the_same_in_every_process():
    # Addresses differ from process to process, and so does the order of a set of texts.
    script = (
        "import json\n"
        "from labkit.documents import Principal\n"
        "from labkit.evaluation.run_folder import depends_on\n"
        "from labkit.stages import stage\n"
        "from labkit.tasks import Kind, Task\n"
        "asker = Principal('ada', 'course', frozenset('abcdefgh'))\n"
        "print(json.dumps(depends_on(stage(0), [Task('t', Kind.ONE_HOP, 'why?', ('8',), asker)])))"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert json.loads(said[0])["tasks"][0] == 1
    assert depends_on(APPLICATION, TASKS) == depends_on(APPLICATION, TASKS)
