"""The gradebook for machines: CSV for spreadsheets, JSON with everything, JUnit XML for whatever reads that."""

import csv
import io
import json
from dataclasses import asdict
from xml.etree import ElementTree as Xml

from labkit.grading.marking import Class


def as_csv(graded: Class) -> str:
    """One row a submission: points in all and for each check, and whether something needs a look."""
    checks = [verdict.check for verdict in graded.marked[0].verdicts]
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["student", "file", "points", "of", *checks, "flags", "problem"])
    for one in graded.marked:
        points = [verdict.points for verdict in one.verdicts]
        rows.writerow(
            [
                one.student,
                _harmless(one.file),
                one.points,
                graded.points,
                *points,
                len(one.flags),
                _harmless(one.problem),
            ]
        )
    return text.getvalue()


def as_json(graded: Class) -> str:
    """Everything the other reports are made from."""
    return json.dumps(asdict(graded), indent=1, ensure_ascii=False) + "\n"


def as_junit(graded: Class) -> str:
    """One suite a submission, one test case a check."""
    suites = Xml.Element("testsuites", name=graded.assignment)
    for one in graded.marked:
        failures = sum(1 for verdict in one.verdicts if not verdict.passed)
        counts = {"name": one.student, "tests": str(len(one.verdicts)), "failures": str(failures)}
        suite = Xml.SubElement(suites, "testsuite", counts)
        for verdict in one.verdicts:
            case = Xml.SubElement(suite, "testcase", classname=graded.assignment, name=verdict.check)
            if not verdict.passed:
                Xml.SubElement(case, "failure", message=_printable(verdict.words))
    Xml.indent(suites)
    return Xml.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _printable(text: str) -> str:
    """XML has no way to write control characters, and a student's error message may hold some."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
