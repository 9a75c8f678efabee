"""The command line: ``python -m labkit ask | serve | grade | exercises | milestones | doctor``."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from labkit import __version__
from labkit.errors import LabkitError

FAILED = 1
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; errors are one line on stderr that says what to do, never a traceback.

    Returns:
        The process's exit status: 0 when the command did what was asked.
    """
    parsed = _parser().parse_args(arguments)
    try:
        status: int = parsed.command(parsed)
    except LabkitError as error:
        print(f"labkit: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("labkit: interrupted; nothing is left half-done, run the command again", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (head, less) has gone; keep Python from complaining about it once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return status


def _parser() -> argparse.ArgumentParser:
    from labkit.grading.command import add_exercises_arguments, add_grade_arguments, exercises_command, grade_command
    from labkit.serving import add_arguments, serve_command

    parser = argparse.ArgumentParser(prog="labkit", description="The tools of the course From One File to a Fleet.")
    parser.add_argument("--version", action="version", version=f"labkit {__version__}")
    commands = parser.add_subparsers(required=True, metavar="command")

    ask = commands.add_parser("ask", help="answer a question from a folder of your own documents")
    ask.add_argument("question", help="the question, in quotes")
    ask.add_argument("--docs", required=True, type=Path, metavar="FOLDER", help="folder of md, txt, html and pdf files")
    ask.add_argument("--passages", type=int, default=4, metavar="K", help="passages the model reads (default: 4)")
    ask.add_argument("--json", action="store_true", help="print one JSON object instead of text")
    ask.set_defaults(command=_ask)

    serve = commands.add_parser("serve", help="start the fleet of vLLM replicas, alone or around another command")
    add_arguments(serve)
    serve.set_defaults(command=lambda parsed: serve_command(parsed, print))

    grade = commands.add_parser("grade", help="grade notebooks handed in for an assignment")
    add_grade_arguments(grade)
    grade.set_defaults(command=lambda parsed: grade_command(parsed, print))

    exercises = commands.add_parser("exercises", help="make the students' notebooks from the solutions")
    add_exercises_arguments(exercises)
    exercises.set_defaults(command=lambda parsed: exercises_command(parsed, print))

    milestones = commands.add_parser("milestones", help="show the ledger of targets, predictions and measurements")
    milestones.set_defaults(command=_milestones)

    doctor = commands.add_parser("doctor", help="check this machine and environment, and say what to fix")
    doctor.set_defaults(command=_doctor)
    return parser


def _ask(parsed: argparse.Namespace) -> int:
    from labkit.asking import ask_folder

    outcome = ask_folder(parsed.docs, parsed.question, parsed.passages, asker=getpass.getuser())
    print(json.dumps(outcome.as_record(), indent=2, ensure_ascii=False) if parsed.json else outcome)
    return 0


def _milestones(_: argparse.Namespace) -> int:
    from labkit.milestones import Ledger

    print(Ledger.open())
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from labkit.doctor import diagnose

    findings = diagnose()
    for finding in findings:
        print(finding)
    return FAILED if any(finding.remedy for finding in findings) else 0


if __name__ == "__main__":
    sys.exit(main())
