"""Questions of a quiz, one cell each. A cell computes its key from data/, so a key cannot outlive a change of the data.

Texts are Markdown and may cite: ``{claim}`words <id>` ``, ``{source}`words <id>` ``. A quiz system gets them plain.
"""

import hashlib

from IPython.display import display

from .source import QUIZ


def choice(name, question, right, wrong, objective):
    """A question with one right option.

    Parameters
    ----------
    name : str
        Unique in the quiz, in words: "coarse-map".
    right : (str, str)
        The option, and why it is right.
    wrong : list of (str, str)
        At least two misconceptions that people really have, each with the reason why it is wrong.
    objective : int
        The number of the chapter's objective that the question asks for.
    """
    _say(len(wrong) >= 2, name, "needs at least two wrong options")
    options = [{"text": text, "feedback": why, "right": n == 0} for n, (text, why) in enumerate([right, *wrong])]
    _say(all(o["text"].strip() and o["feedback"].strip() for o in options), name, "needs a reason for every option")
    _say(len({o["text"] for o in options}) == len(options), name, "has the same option twice")
    options.sort(key=lambda o: hashlib.sha256((name + o["text"]).encode()).digest())
    lines = [f"{'●' if o['right'] else '○'} {o['text']}\n    {o['feedback']}" for o in options]
    _show({"id": name, "kind": "choice", "question": question, "objective": int(objective), "options": options}, lines)


def number(name, question, answer, tolerance, why, objective, unit="", slips=()):
    """A question with a number for an answer.

    Parameters
    ----------
    answer, tolerance : float
        The key, computed in the cell, and how far from it an answer may lie: the precision of the data.
    why : str
        How the number comes about.
    unit : str
        What the number counts, printed behind the field: "km", "%".
    slips : list of (float, str)
        Wrong numbers that come from a real slip, computed in the cell, each with the reason.
    """
    answer, slips = _digits(answer), [{"value": _digits(value), "feedback": reason} for value, reason in slips]
    for slip in slips:
        _say(abs(slip["value"] - answer) > tolerance, name, f"takes the slip {slip['value']} for right")
    lines = [f"= {answer} ± {tolerance} {unit}\n    {why}"] + [f"≠ {s['value']}\n    {s['feedback']}" for s in slips]
    _show({"id": name, "kind": "number", "question": question, "objective": int(objective), "answer": answer,
           "tolerance": tolerance, "unit": unit, "feedback": why, "slips": slips}, lines)


def _digits(value):
    """A number that prints shortly: nine significant digits, whole where it is whole."""
    value = float(f"{float(value):.9g}")
    return int(value) if value == int(value) else value


def _show(question, lines):
    display({QUIZ: question, "text/plain": "\n".join([question["question"], *lines])}, raw=True)


def _say(holds, name, what):
    if not holds:
        raise ValueError(f"The question {name!r} {what}.")
