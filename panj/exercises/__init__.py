"""Exercises and quizzes: one notebook each in exercises/, all else derived from it.

    from panj.exercises import prove            # last cell of an exercise
    from panj.exercises import choice, number   # the questions of a quiz
"""

from .prove import prove
from .quiz import choice, number

__all__ = ["choice", "number", "prove"]
