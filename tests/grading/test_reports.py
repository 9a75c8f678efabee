"""Gradebook and pages: the same scores in every form, nothing given away, nothing of a student's run as markup."""

import csv
import json
import random
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as Xml

import pytest
import submissions

from labkit.__main__ import main
from labkit.grading import gradebook, pages
from labkit.grading.command import write_reports
from labkit.grading.comparing import Verdict, judge
from labkit.grading.marking import Class, Marked

HOSTILE = "<script>alert(1)</script>"


def small(*names: str, words: str = "") -> Class:
    verdict = Verdict("c", "A check", 0, 2, words, "a hint") if words else Verdict("c", "A check", 2, 2)
    marked = tuple(Marked(name, f"{name}.ipynb", (verdict,)) for name in names)
    return Class("05_x", 2, "seed", "none", marked)


def test_csv_json_and_junit_agree(graded):
    rows = list(csv.DictReader((graded.out / "gradebook.csv").read_text().splitlines()))
    book = json.loads((graded.out / "gradebook.json").read_text())
    suites = Xml.fromstring((graded.out / "junit.xml").read_text())  # noqa: S314 - our own file
    assert len(rows) == len(book["marked"]) == len(suites) == len(submissions.EVERY)
    for row, entry, suite, expected in zip(rows, book["marked"], suites, submissions.EVERY, strict=True):
        assert row["student"] == entry["student"] == suite.get("name")
        assert row["file"] == entry["file"] == f"{expected.name}.ipynb"
        assert int(row["points"]) == expected.points == sum(v["points"] for v in entry["verdicts"])
        assert int(row["of"]) == 12
        failed = {case.get("name") for case in suite if case.find("failure") is not None}
        assert failed == {f"cost-check-{step}" for step in expected.lost}
        assert suite.get("failures") == str(len(expected.lost))
        assert {step for step in submissions.STEPS if row[f"cost-check-{step}"] == "0"} == expected.lost


def test_each_student_has_a_page_with_words_and_hints(graded):
    for marked in graded.outcome.marked:
        page = (graded.out / "students" / f"{marked.student}.html").read_text()
        assert f"{marked.points} of 12 points" in page
        assert page.count("<summary>Hint</summary>") == sum(not verdict.passed for verdict in marked.verdicts)
    assert "It was rounded down" in (graded.out / "students" / "mistakes-0.html").read_text()
    assert "passed: it tries fewer numbers" in (graded.out / "students" / "mistakes-3.html").read_text()


def test_the_class_page_ranks_checks_and_links_every_student(graded):
    page = (graded.out / "class.html").read_text()
    assert set(re.findall(r'href="(students/[^"]+)"', page)) == {
        f"students/{marked.student}.html" for marked in graded.outcome.marked
    }
    passed = [int(count) for count in re.findall(r'<td class="number">(\d+) of \d+</td><td>', page)][:7]
    assert passed == sorted(passed)
    by_check = zip(*(marked.verdicts for marked in graded.outcome.marked), strict=True)
    assert passed == sorted(sum(verdict.passed for verdict in column) for column in by_check)
    assert graded.outcome.isolation in page


class Outline(HTMLParser):
    """Open tags, to see that a page is well formed and loads nothing."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_pages_are_whole_accessible_and_load_nothing(graded):
    for path in [graded.out / "class.html", *(graded.out / "students").iterdir()]:
        outline = Outline()
        outline.feed(path.read_text())
        assert outline.open == []
        tags = {tag for tag, _ in outline.seen}
        assert tags.isdisjoint({"script", "link", "img", "iframe"})
        assert not any("src" in attributes for _, attributes in outline.seen)
        assert ("html", {"lang": "en"}) in outline.seen
        assert all("scope" in attributes for tag, attributes in outline.seen if tag == "th")
        assert "prefers-color-scheme: dark" in path.read_text()


def test_a_wrong_answer_is_not_told_the_right_one(assignment):
    for check in assignment.checks:
        for seed in range(50):
            cases = check.cases(random.Random(seed), "ada")
            right = check.expected(**cases[0])
            numbers = [n for n in (right.values() if isinstance(right, dict) else [right]) if isinstance(n, float)]
            verdict = judge(check, cases[:1], [b'{"value": -1}'], "")
            given = {repr(value) for value in cases[0].values()}  # a bill may be equal to an input
            assert not verdict.passed
            for number in {repr(number) for number in numbers} - given:
                assert number not in verdict.words + verdict.hint


def test_what_comes_from_a_submission_is_escaped():
    graded = small("ada", words=HOSTILE)
    for page in (pages.student_page(graded.marked[0], graded), pages.class_page(graded, ["students/ada.html"])):
        assert "<script>" not in page
        assert "&lt;script&gt;" in page
    assert "<script>" not in gradebook.as_junit(graded)


def test_control_characters_leave_the_xml_well_formed():
    text = gradebook.as_junit(small("ada", words="a\x00b\x1b[31m\ud800"))
    assert Xml.fromstring(text.encode()).find(".//failure") is not None  # noqa: S314


@pytest.mark.parametrize("name", ["=1+2", "+1", "-1", "@sum(a1)"])
def test_no_file_name_becomes_a_formula(name):
    [row] = list(csv.DictReader(gradebook.as_csv(small(name)).splitlines()))
    assert row["file"].startswith("'")


def test_two_submissions_of_one_id_get_two_pages(tmp_path):
    write_reports(small("ada", "ada", "Ada"), tmp_path)
    assert sorted(path.name for path in (tmp_path / "students").iterdir()) == ["Ada-3.html", "ada-2.html", "ada.html"]


def test_the_command_grades_a_class_and_says_so(tmp_path, handed_in, capsys):
    (tmp_path / "twin.ipynb").write_text((handed_in / "blank.ipynb").read_text().replace("your-id", "right"))
    paths = [str(handed_in / "right.ipynb"), str(tmp_path / "twin.ipynb")]
    options = ["--solutions", str(submissions.ROOT / "solutions"), "--out", str(tmp_path / "out"), "--jobs", "2"]
    assert main(["grade", *paths, *options]) == 0
    said = capsys.readouterr().out
    assert re.search(r"^right +12 of 12, 1 flags$", said, re.MULTILINE)
    assert re.search(r"^right +0 of 12, 1 flags$", said, re.MULTILINE)
    assert "isolation: " in said
    book = json.loads((tmp_path / "out" / "gradebook.json").read_text())
    assert len(book["seed"]) == 16
    assert all("2 submissions give the student id right" in one["flags"] for one in book["marked"])
    assert (tmp_path / "out" / "students" / "right-2.html").exists()


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--jobs", "0"], "jobs is 0"),
        (["--assignment", "nothing"], "there is no assignment 'nothing'"),
        (["--solutions", "/nowhere"], "--assignment"),
    ],
)
def test_wrong_options_are_one_line_with_a_remedy(options, problem, tmp_path, handed_in, capsys):
    folder = ["--solutions", str(submissions.ROOT / "solutions")]
    assert main(["grade", str(handed_in / "blank.ipynb"), "--out", str(tmp_path), *folder, *options]) == 1
    said = capsys.readouterr().err
    assert said.startswith("labkit: ")
    assert said.count("\n") == 1
    assert problem in said


def test_the_instructor_s_page_quotes_the_record():
    record = json.loads((submissions.ROOT / "bench" / "records" / "grading.json").read_text())
    page = " ".join((submissions.ROOT / "book" / "instructor.md").read_text().split())
    assert (
        f"took {record['grading']['seconds']:.0f} s with two at a time (measured; `bench/records/grading.json`)" in page
    )
    assert record["label"] == "measured"
    assert (record["grading"]["jobs"], record["grading"]["submissions"]) == (2, 30)
