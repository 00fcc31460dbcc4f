"""The quizzes for a learning platform: Moodle XML, and Canvas QTI by text2qti.

Both take the questions that a quiz notebook has stored, with a reason for every option. Moodle also gets the
reasons for wrong numbers; Canvas has one for a wrong number as a whole.
"""

import html
import io
import re
import xml.etree.ElementTree as ET
import zipfile

from text2qti.config import Config
from text2qti.qti import QTI
from text2qti.quiz import Quiz as Text2QtiQuiz

from ..archive import pack
from .source import ROLE


def plain(text):
    """Text as a platform can show it: links to the evidence are their words."""
    return " ".join(ROLE.sub(lambda m: m[2] or m[3], text).split())


def moodle(quiz):
    """The quiz as Moodle XML: a category of its title, then its questions. The format: https://docs.moodle.org/en/Moodle_XML_format"""
    root = ET.Element("quiz")
    category = ET.SubElement(root, "question", type="category")
    _put(category, "category", f"$course$/Across the Panj/{quiz.about['title']}")
    for q in quiz.questions:
        kind = {"choice": "multichoice", "number": "numerical"}[q["kind"]]
        made = ET.SubElement(root, "question", type=kind)
        _put(made, "name", f"{quiz.about['chapter']}: {q['id']}")
        _put(made, "questiontext", _html(q["question"] + _unit(q)), format="html")
        _put(made, "generalfeedback", _html(q.get("feedback", "")), format="html")
        ET.SubElement(made, "defaultgrade").text = "1"
        ET.SubElement(made, "idnumber").text = f"panj-{quiz.about['chapter']}-{q['id']}"
        if kind == "multichoice":
            for name, value in {"single": "true", "shuffleanswers": "true", "answernumbering": "ABCD"}.items():
                ET.SubElement(made, name).text = value
            for option in q["options"]:
                answer = _put(made, "answer", _html(option["text"]), fraction="100" if option["right"] else "0", format="html")
                _put(answer, "feedback", _html(option["feedback"]), format="html")
        else:
            for value, fraction, says in [(q["answer"], "100", q["feedback"]), *((s["value"], "0", s["feedback"]) for s in q["slips"])]:
                answer = _put(made, "answer", repr(value), fraction=fraction, format="moodle_auto_format")
                ET.SubElement(answer, "tolerance").text = repr(q["tolerance"])
                _put(answer, "feedback", _html(says), format="html")
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(('<?xml version="1.0" encoding="UTF-8"?>\n', "\n"))


def canvas(quiz):
    """The quiz as the bytes of a QTI 1.2 ZIP for Canvas; the same quiz always gives the same bytes."""
    package = QTI(Text2QtiQuiz(text2qti(quiz), config=Config()))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package.zip_bytes())) as source:
        pack(made, {name: _undated(source.read(name)) for name in source.namelist()})
    return made.getvalue()


def text2qti(quiz):
    """The quiz in the plain text that text2qti reads."""
    lines = [f"Quiz title: {quiz.about['title']}", "shuffle answers: true", ""]
    for q in quiz.questions:
        lines += [f"Title: {q['id']}", f"1. {_safe(q['question'] + _unit(q))}"]
        if q["kind"] == "number":
            lines += [f"... {_safe(q['feedback'])}", f"=   {q['answer']} +- {q['tolerance']}", ""]
            continue
        for letter, option in zip("abcdefgh", q["options"]):
            lines += [f"{'*' if option['right'] else ''}{letter}) {_safe(option['text'])}", f"... {_safe(option['feedback'])}"]
        lines.append("")
    return "\n".join(lines)


def _unit(q):
    return f" (Answer in {q['unit']}.)" if q.get("unit") and q["unit"] not in q["question"] else ""


def _safe(text):
    """Text whose signs text2qti would not take for Markdown or TeX of its own."""
    return re.sub(r"([\\$*_`<>\[\]])", r"\\\1", plain(text).replace("`", ""))


def _html(text):
    """Text as HTML: what stands between backticks is code, *this* is emphasis, all else is text."""
    text = re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(plain(text), quote=False))
    text = re.sub(r"\*([^*]+)\*", r"<em>\1</em>", text)
    return f"<p>{text}</p>" if text else ""


def _put(parent, name, text, **attributes):
    made = ET.SubElement(parent, name, attributes)
    ET.SubElement(made, "text").text = text
    return made


def _undated(data):
    return re.sub(rb"<lomimscc:dateTime>[^<]*<", b"<lomimscc:dateTime>1980-01-01<", data)
