"""What there is to practise: each exercise whole by itself, and those of a chapter together of every form and for every objective."""

import re
from itertools import count

from ..exercises.source import BLOOM, Exercise, chapters, read
from . import found
from .lesson import objectives, where
from .pages import exercises, lessons, prose

HINTS, EXERCISES, ANCHORS, QUESTIONS, NUMBERS = 2, 5, 3, 8, 2
MINUTES = range(3, 121)
FORMS = "computation", "chart reading", "source criticism", "draw it better"


def find(path):
    """Findings in an exercise, or in what belongs to a chapter, which is named by its file; none for other pages."""
    if path.parent.name == "exercises" and path.suffix == ".ipynb":
        exercise = read(path)
        return [found(path, *fault) for fault in _whole(exercise)] if isinstance(exercise, Exercise) else []
    if path.stem in {lesson.stem for lesson in lessons()} and path.suffix == ".ipynb":
        return [*_exercises(path), *_quiz(path)]
    return []


def _whole(exercise):
    """What an exercise lacks, as (cell, sentence)."""
    about, hidden = exercise.about, [check for check in exercise.checks if not check.public]
    if about["chapter"] not in chapters():
        yield 1, f"there is no chapter {about['chapter']}: write one of {', '.join(chapters())}"
    if about["minutes"] not in MINUTES:
        yield 1, f"{about['minutes']} minutes are not the time of an exercise: write {MINUTES[0]} to {MINUTES[-1]}"
    if len(exercise.parts("hint")) < HINTS:
        yield 0, f"it needs {HINTS} hints or more, each a step further than the one before, and has {len(exercise.parts('hint'))}"
    if not exercise.points:
        yield 0, "nothing in it gives a point: tag a check points:1, or add a rubric"
    if len(hidden) == len(exercise.checks):
        yield 0, "no check is public: a student has to learn at once when an answer has the wrong form"
    if bool(exercise.criteria) != bool({"written", "figure"} & set(exercise.kinds.values())):
        yield 0, "a rubric is for written answers and figures, and these need one: add it, or take it out"
    for name, kind in exercise.kinds.items():
        if kind not in ("written", "figure") and not any(name in check.needs for check in hidden):
            yield 0, f"nothing looks whether {name} is right: write a hidden check that takes it"
    if hidden and not exercise.parts("wrong"):
        yield 0, "nothing shows that its checks can fail: add a tempting mistake, a cell with the tag wrong"
    for anchor in exercise.parts("anchor"):
        levels = dict(re.findall(r"([a-z][a-z ]*) ([0-3])(?: ·|$)", anchor["source"].splitlines()[0]))
        if levels.keys() != exercise.criteria.keys():
            yield anchor["number"], f"the first line gives each criterion its level: {' · '.join(f'{name} 2' for name in exercise.criteria)}"


def _exercises(path):
    name, promised = path.stem, objectives(prose(path))
    own = [exercise for exercise in exercises()[0].values() if exercise.about["chapter"] == name]
    cell = where(path, "Exercises")
    if not own:
        yield found(path, cell, f"it has no exercise: copy a notebook of exercises/ to {name}-….ipynb and write chapter: {name} in its first cell")
        return
    if len(own) < EXERCISES:
        yield found(path, cell, f"it has {len(own)} exercises: a lesson has {EXERCISES} or more")
    for exercise, number in zip(own, count(1)):
        if exercise.about["number"] != number:
            yield found(exercise.path, 1, f"its number is {exercise.about['number']}, but it is the {number}. of its chapter: number them from 1")
    lacking = [form for form in FORMS if form not in {exercise.about["form"] for exercise in own}]
    if lacking:
        yield found(path, cell, f"no exercise has the form {' or '.join(lacking)}: a lesson has one of each")
    steps = [BLOOM.index(exercise.about["bloom"]) for exercise in own]
    if min(steps) > 1 or max(steps) < len(BLOOM) - 1:
        yield found(path, cell, f"its exercises go from {BLOOM[min(steps)]} to {BLOOM[max(steps)]}: begin with remember or understand, and end with create")
    if {exercise.about["solution"] for exercise in own} != {"open", "withheld"}:
        yield found(path, cell, "answers are all open or all withheld: let students see some, and keep some for marking")
    if not any(exercise.tolerance for exercise in own if exercise.about["form"] == "computation"):
        yield found(path, cell, "no computation has an answer with a tolerance: let one ask for a number")
    for exercise in own:
        if exercise.about["form"] == "source criticism" and len(exercise.parts("anchor")) != ANCHORS:
            yield found(exercise.path, 0, f"it has {len(exercise.parts('anchor'))} graded answers: source criticism is marked by comparing with {ANCHORS}, cells with the tag anchor")
        for number in set(exercise.about["objectives"]) - set(promised) if promised else ():
            yield found(exercise.path, 1, f"it asks for objective {number}, which chapters/{name}.ipynb does not have: correct the number, or write “{number}. **Compare** …” there, a verb in bold first")
    for number in promised:
        if not any(number in exercise.about["objectives"] for exercise in own):
            yield found(path, where(path, "What you will be able to do"), f"no exercise asks for objective {number}: name it in the objectives of one, or drop it")


def _quiz(path):
    name, cell = path.stem, where(path, "Check yourself")
    quizzes = [quiz for quiz in exercises()[1].values() if quiz.about["chapter"] == name]
    questions = [question for quiz in quizzes for question in quiz.questions]
    if not quizzes:
        yield found(path, cell, f"it has no quiz: copy a quiz of exercises/ to {name}-quiz.ipynb and write chapter: {name} in its first cell")
        return
    ids = [question["id"] for question in questions]
    for double in sorted({key for key in ids if ids.count(key) > 1}):
        yield found(quizzes[0].path, 0, f"two questions are called {double}: give each its own id")
    if len(questions) < QUESTIONS or sum(question["kind"] == "number" for question in questions) < NUMBERS:
        yield found(quizzes[0].path, 0, f"a quiz has {QUESTIONS} questions or more, and {NUMBERS} or more of them ask for a number")
    for question in questions:
        if question["objective"] not in objectives(prose(path)):
            yield found(quizzes[0].path, 0, f"question {question['id']} asks for objective {question['objective']}, which chapters/{name}.ipynb does not have: correct the number")
