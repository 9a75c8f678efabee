"""What students answer, an assignment a module: right by other means, mistaken, and cheating.

Every module has an ``ANSWERS`` that names its assignment, ``BY_HAND`` with right answers that are written differently,
and ``MISTAKES`` and ``CHEATS`` by name: the answers to some steps, the steps that they lose, and words of the feedback
on the first of those. ``grading/test_answers.py`` judges them all.
"""
