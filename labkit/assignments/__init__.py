"""What an assignment hands its student: numbers and documents derived from the student's id.

A neighbour's result is then of no use, and a teacher can still work every one of them out again. Nothing in here is
an answer.
"""

from labkit.assignments.cost_and_replicas import REFERENCE, Workload, workload_for

__all__ = ["REFERENCE", "Workload", "workload_for"]
