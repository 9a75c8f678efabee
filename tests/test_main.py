"""The command line: right answers on stdout, one line on stderr when something is wrong, never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit import baseline
from labkit.__main__ import main

FLEET = Path(__file__).parent.parent / "examples" / "fleet"


def labkit(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "labkit", *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
        env={**os.environ, **environment},
    )


def test_the_example_folder_holds_the_six_facts():
    assert sorted(path.read_text().strip() for path in FLEET.iterdir()) == sorted(baseline.DOCUMENTS)


@pytest.mark.vllm
def test_ask_answers_the_fleet_question_and_cites_both_pages():
    run = labkit("ask", "--docs", str(FLEET), baseline.QUESTION, "--json")
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    outcome = json.loads(run.stdout)
    assert "eight" in outcome["answer"].split()
    assert not outcome["abstained"]
    cited = {citation["source"]: citation["text"] for citation in outcome["citations"]}
    assert cited == {"inference_fleet.txt": baseline.DOCUMENTS[0], "orion_cluster.txt": baseline.DOCUMENTS[1]}
    assert outcome["tokens"]["input"] > 50
    assert outcome["tokens"]["output"] > 1
    assert 0 < outcome["seconds"]["read"] <= outcome["seconds"]["answering"]


@pytest.mark.vllm
def test_ask_says_unknown_to_what_the_folder_does_not_hold():
    run = labkit("ask", "--docs", str(FLEET), "What is the capital of France?")
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("answer    unknown\n")
    assert "cites" not in run.stdout
    assert run.stdout.endswith("folder    6 documents\n")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["ask", "--docs", "no/such/folder", "Why?"], "no/such/folder"),
        (["ask", "--docs", str(FLEET), ""], "the question is empty"),
        (["ask", "--docs", str(FLEET), "x" * 100_000], "the question has 100,000 characters"),
        (["ask", "--docs", str(FLEET), "--passages", "0", "Why?"], "passages is 0"),
        (["ask", "--docs", str(FLEET / "orion_cluster.txt"), "Why?"], "orion_cluster.txt"),
    ],
)
def test_bad_input_is_one_line_with_a_remedy(arguments, problem, capsys):
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("labkit: ")
    assert err.count("\n") == 1
    assert problem in err
    assert "; " in err


def test_an_empty_folder_is_named(tmp_path, capsys):
    assert main(["ask", "--docs", str(tmp_path), "Why?"]) == 1
    assert str(tmp_path) in capsys.readouterr().err


def test_milestones_prints_the_ledger(home, capsys):
    assert main(["milestones"]) == 0
    assert capsys.readouterr().out.strip()
    (home).mkdir(exist_ok=True)
    (home / "milestones.json").write_text("{")
    assert main(["milestones"]) == 1
    assert str(home / "milestones.json") in capsys.readouterr().err


def test_an_unknown_command_shows_the_usage():
    run = labkit("frobnicate")
    assert run.returncode == 2
    assert "usage: labkit" in run.stderr


def test_importing_the_library_starts_nothing_heavy():
    script = (
        "import labkit.stages, sys; print([m for m in ('torch', 'vllm', 'transformers', 'ray') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"
