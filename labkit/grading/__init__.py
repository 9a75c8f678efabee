"""Grading: what a student's code answers decides the score, never what it says about itself.

In the order of a submission::

    notebook     read the file, which may be anything
    assembling   put its answer cells into the trusted notebook
    isolation    give it a room of its own (``room``: files), with its own processes, network and limits
    running      run it there with nbval, and end whatever it started
    probing      hand each check's inputs in, take plain values out (``answering`` is the end inside the room)
    comparing    compare them here with what is right, and name the mistake
    marking      do that for a class
    gradebook    CSV, JSON, JUnit XML; ``pages`` for people

``solutions/README.md`` describes how an assignment is written.
"""

from labkit.grading.assignment import Assignment, Limits, load
from labkit.grading.check import Case, Check, Plain

__all__ = ["Assignment", "Case", "Check", "Limits", "Plain", "load"]
