"""Stage 0 stands alone: standard library only, pasteable, and right about its one question."""

import ast
import code
import io
import math
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from labkit import baseline

FILE = Path(baseline.__file__)


def test_imports_nothing_but_the_standard_library():
    tree = ast.parse(FILE.read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= set(sys.stdlib_module_names)


def test_prints_two_hops_and_the_answer_without_site_packages():
    run = subprocess.run([sys.executable, "-I", "-S", str(FILE)], check=True, capture_output=True, text=True)
    assert run.stderr == ""
    assert run.stdout.splitlines() == [
        "hop 1  document 0  the inference fleet is served by a cluster called orion",
        "hop 2  document 1  the orion cluster runs eight vLLM replicas behind one router",
        "answer orion, 8",
    ]


def test_can_be_pasted_into_a_repl():
    console, out = code.InteractiveConsole({"__name__": "__main__"}), io.StringIO()
    with redirect_stdout(out):
        more = [console.push(line) for line in [*FILE.read_text().splitlines(), ""]]
    assert not more[-1]
    assert out.getvalue().endswith("answer orion, 8\n")


def test_encoding_hashes_words_with_md5_into_64_buckets():
    # The bucket is worked out by another program; modulo 64 keeps the last six bits of the sum.
    bucket = int(subprocess.run(["md5sum"], check=True, input=b"fleet", capture_output=True).stdout[:32], 16) & 63
    vector = baseline.encode("Fleet")
    assert len(vector) == 64
    assert vector[bucket] == 1.0
    assert math.hypot(*baseline.encode("one file, to a fleet")) == pytest.approx(1.0)
    assert baseline.encode("...") == [0.0] * 64


def test_both_hops_retrieve_the_right_documents():
    hops = baseline.answer()
    assert [(hop.document, hop.value) for hop in hops] == [(0, "orion"), (1, "8")]
    assert baseline.resolved(hops)


@pytest.mark.parametrize(
    ("number", "reworded", "resolved_hops"),
    [(0, "orion is the cluster behind the inference fleet", 0), (1, "on orion there are eight copies of vLLM", 1)],
)
def test_a_reworded_document_breaks_the_hop_that_needs_it(number, reworded, resolved_hops):
    documents = list(baseline.DOCUMENTS)
    documents[number] = reworded
    hops = baseline.answer(documents=tuple(documents))
    assert sum(hop.value is not None for hop in hops) == resolved_hops
    assert not baseline.resolved(hops)


def test_a_question_that_no_template_fits_is_not_answered():
    assert baseline.answer("How big is the fleet?") == ()
    assert not baseline.resolved(())


def test_digits_are_read_as_well_as_words():
    documents = (baseline.DOCUMENTS[0], "the orion cluster runs 12 vLLM replicas")
    assert baseline.answer(documents=documents)[-1].value == "12"
