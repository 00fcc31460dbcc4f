"""The quizzes as files for Moodle and Canvas: whole, right, and with the key that data/ gives."""

import io
import xml.etree.ElementTree as ET
import zipfile

import pytest

from panj.exercises import lms
from panj.exercises.source import everything

QUIZZES = everything()[1]
quizzes = pytest.mark.parametrize("quiz", QUIZZES.values(), ids=QUIZZES)


@quizzes
def test_moodle_gets_every_question_with_its_key_and_a_reason_for_every_answer(quiz):
    root = ET.fromstring(lms.moodle(quiz).encode())
    assert root[0].get("type") == "category" and quiz.about["title"] in root[0].find("category/text").text
    for q, made in zip(quiz.questions, root[1:], strict=True):
        answers = made.findall("answer")
        assert made.find("idnumber").text.endswith(q["id"]) and made.find("questiontext/text").text
        assert all(a.find("feedback/text").text for a in answers)
        right = [a for a in answers if a.get("fraction") == "100"]
        assert len(right) == 1
        if q["kind"] == "number":
            assert made.get("type") == "numerical" and len(answers) == 1 + len(q["slips"])
            assert float(right[0].find("text").text) == q["answer"] and float(right[0].find("tolerance").text) == q["tolerance"]
        else:
            assert made.get("type") == "multichoice" and len(answers) == len(q["options"])
            assert made.find("single").text == "true"


@quizzes
def test_canvas_gets_every_question_with_its_key(quiz):
    with zipfile.ZipFile(io.BytesIO(lms.canvas(quiz))) as package:
        assert "imsmanifest.xml" in package.namelist()
        (name,) = [n for n in package.namelist() if n.endswith(".xml") and n.count("assessment") == 2 and "meta" not in n]
        root = ET.fromstring(package.read(name))
    space = {"q": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"}
    for q, item in zip(quiz.questions, root.iterfind(".//q:item", space), strict=True):
        assert item.get("title") == q["id"]
        if q["kind"] == "number":
            low, high = (float(item.find(f".//q:{bound}", space).text) for bound in ("vargte", "varlte"))
            assert (low + high) / 2 == pytest.approx(q["answer"], abs=q["tolerance"] / 100) and (high - low) / 2 == pytest.approx(q["tolerance"])
        else:
            labels = {label.get("ident"): "".join(label.itertext()) for label in item.iterfind(".//q:response_label", space)}
            scored = [c for c in item.iterfind(".//q:respcondition", space) if c.find("q:setvar", space) is not None]
            (key,) = [c.find(".//q:varequal", space).text for c in scored]
            right = next(o["text"] for o in q["options"] if o["right"])
            assert len(labels) == len(q["options"]) and _words(right) == _words(labels[key])


def _words(text):
    import html
    import re

    return re.findall(r"\w+", re.sub(r"<[^>]*>", "", html.unescape(lms.plain(text))))


@quizzes
def test_no_mark_of_the_book_is_left_in_a_platforms_file(quiz):
    for text in (lms.moodle(quiz), lms.text2qti(quiz)):
        assert not any(mark in text for mark in ("{claim}", "{source}", "{term}", "{{", "}}"))


@quizzes
def test_the_same_quiz_gives_the_same_bytes(quiz):
    assert lms.canvas(quiz) == lms.canvas(quiz) and lms.moodle(quiz) == lms.moodle(quiz)
