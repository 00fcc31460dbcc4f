"""The exercises and the quiz of a chapter, as its page shows them.

    ```{exercises} geography      the boxes, in their order: task, hints, code to begin with, answer
    ```
    ```{quiz} geography           the questions, with a reason for every option
    ```

All of it is plain HTML with closed <details>, so it reads without JavaScript and on paper; exercises.js turns
options into buttons and numbers into fields. What is withheld is never given to a page of the student edition.
"""

import html
import json
import math
import os

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from .source import FOLDER, Exercise, Fault, Quiz, assignments, chapters, everything

log = logging.getLogger(__name__)


def instructor():
    """Whether the edition being built is the instructors' (EDITION=instructor)."""
    return os.environ.get("EDITION") == "instructor"


def note(env):
    """The page being read is read again when anything in exercises/ changes."""
    for path in sorted(FOLDER.iterdir()):
        env.note_dependency(str(path))


class Boxes(SphinxDirective):
    """A directive that names a chapter and prints what exercises/ holds for it."""

    required_arguments = 1
    kind = None  # Exercise or Quiz

    def run(self):
        note(self.env)
        self.env.metadata[self.env.docname]["panj_exercises"] = True
        self.chapter = self.arguments[0]
        try:
            exercises, quizzes = everything()
            chosen = [n for n in {**exercises, **quizzes}.values() if isinstance(n, self.kind) and n.about["chapter"] == self.chapter]
            return [part for n in chosen for part in self.parts(n)]
        except Fault as fault:
            raise ExtensionError(str(fault)) from fault

    def markdown(self, text, tag="div", attributes=""):
        """Text of an exercise as the page's own Markdown, inside an element."""
        return [raw(f"<{tag}{attributes}>"), *self.parse_text_to_nodes(text), raw(f"</{tag}>")]


class ExerciseBoxes(Boxes):
    kind = Exercise

    def parts(self, e):
        about = e.about
        head = (
            f'<section class="panj-exercise" id="exercise-{e.id}"><h3>Exercise {html.escape(numbered(e))}</h3>'
            f'<p class="panj-meta">{about["bloom"].capitalize()} · {about["form"]} · {about["minutes"]} minutes · '
            f"objective{'s' if len(about['objectives']) > 1 else ''} {', '.join(map(str, about['objectives']))}</p>"
        )
        made = [raw(head), *self.parse_text_to_nodes(e.text("task"))]
        for n, hint in enumerate(e.parts("hint"), 1):
            made += details(f"Hint {n}", self.parse_text_to_nodes(hint["source"]))
        begin = "\n\n".join(cell["source"] for cell in e.cells if cell["part"] in ("setup", "starter", "written"))
        made += details("Code to begin with", [code(begin)])
        if not e.withheld:
            made += [raw(field(e, name)) for name, answer in e.answers.items() if answer["kind"] == "number"]
        if not e.withheld or instructor():
            made += details("Answer", [code(e.text("solution")), *self.parse_text_to_nodes(e.text("why"))])
        else:
            made += [raw('<p class="panj-meta">Your instructor has the model answer.</p>')]
        if instructor() and e.criteria:
            made += details("For grading", self.grading(e))
        return [*made, raw("</section>")]

    def grading(self, e):
        anchors = [part for anchor in e.parts("anchor") for part in self.markdown(anchor["source"], "blockquote")]
        return [*self.parse_text_to_nodes(e.scale), *anchors]


class QuizBlock(Boxes):
    kind = Quiz

    def parts(self, quiz):
        return [part for n, q in enumerate(quiz.questions, 1) for part in self.question(n, q)]

    def question(self, n, q):
        made = [raw(f'<section class="panj-quiz" id="quiz-{self.chapter}-{q["id"]}">'), *self.parse_text_to_nodes(f"**Question {n}.** {q['question']}")]
        if q["kind"] == "number":
            told = f"{shown(q['answer'], q['tolerance'])} {q['unit']}".strip()
            made += [raw(number_field(q["answer"], q["tolerance"], q["unit"], q["slips"], f"Your answer to question {n}"))]
            slips = "".join(f"\n\n- Not {shown(s['value'], q['tolerance'])}: {s['feedback']}" for s in q["slips"])
            return [*made, *details("Answer", self.parse_text_to_nodes(f"{told}. {q['feedback']}{slips}")), raw("</section>")]
        made.append(raw('<ol class="panj-options" type="A">'))
        for option in q["options"]:
            made += self.markdown(option["text"], "li")
        made.append(raw("</ol>"))
        reasons = [raw('<ol class="panj-reasons" type="A">')]
        for option in q["options"]:
            word = "Right" if option["right"] else "Wrong"
            reasons += self.markdown(f"{word}. {option['feedback']}", "li", " data-right" if option["right"] else "")
        return [*made, *details("Answer", [*reasons, raw("</ol>")]), raw("</section>")]


class Matrix(SphinxDirective):
    """Which exercise asks for which objective, chapter by chapter, made from the notebooks."""

    def run(self):
        note(self.env)
        exercises, quizzes = everything()
        rows = ["| Exercise | Form | Level | Minutes | Points | Answer | Objectives |", "|---|---|---|---|---|---|---|"]
        made = []
        for chapter in chapters():
            own = [e for e in exercises.values() if e.about["chapter"] == chapter]
            lines = [
                f"| {{exercise}}`{e.id}` | {e.about['form']} | {e.about['bloom']} | {e.about['minutes']} "
                f"| {e.points} | {e.about['solution']} | {', '.join(map(str, e.about['objectives']))} |"
                for e in own
            ]
            asked = [q for quiz in quizzes.values() if quiz.about["chapter"] == chapter for q in quiz.questions]
            made.append("\n".join([f"### {chapter.capitalize()}\n", *rows, *lines, f"\nQuiz: {len(asked)} questions."]))
        return self.parse_text_to_nodes("\n\n".join(made), allow_section_headings=True)


class Assignments(SphinxDirective):
    """The problem sets of assignments.yml, with what they ask for and what they weigh."""

    def run(self):
        note(self.env)
        exercises, _ = everything()
        rows = ["| Name | Exercises | Minutes | Points by checks | Points by rubric |", "|---|---|---|---|---|"]
        for name, given in assignments(exercises).items():
            if name not in chapters():
                own = given["exercises"]
                links = "; ".join(f"{{exercise}}`{e.id}`" for e in own)
                checks, rubric = sum(c.points for e in own for c in e.checks), 3 * sum(len(e.criteria) for e in own)
                rows.append(f"| **`{name}`** {given['title']} | {links} | {sum(e.about['minutes'] for e in own)} | {checks} | {rubric} |")
        return self.parse_text_to_nodes("\n".join(rows))


class ExerciseRole(SphinxRole):
    """``{exercise}`id` ``: a link to a box by its number and title. An unknown id fails the build."""

    def run(self):
        note(self.env)
        e = everything()[0].get(self.text)
        if e is None:
            log.warning("there is no exercise %r in exercises/", self.text, location=self.get_location())
            return [nodes.literal(text=self.text)], []
        chapter = e.about["chapter"]
        uri = self.env.app.builder.get_relative_uri(self.env.docname, f"chapters/{chapter}")
        words = f"Exercise {numbered(e)}"
        return [nodes.reference("", words, refuri=f"{uri}#exercise-{e.id}", internal=True)], []


def numbered(e):
    """The number and the title of an exercise: "1.2. How much …"."""
    return f"{chapters().index(e.about['chapter']) + 1}.{e.about['number']}. {e.about['title']}".replace("'", "’")


def field(e, name):
    """The field for a number of an exercise whose answer is open; tempting wrong numbers get their own sentence."""
    slips = [{"value": w["answers"][name], "feedback": w["why"]} for w in e.proof["wrong"] if w["answers"].get(name) is not None]
    answer = e.answers[name]
    return number_field(e.proof["model"][name], answer["tolerance"], answer.get("unit", ""), slips, answer["asks"])


def number_field(answer, tolerance, unit, slips, label):
    key = html.escape(json.dumps({"answer": answer, "tolerance": tolerance, "slips": slips}))
    return (
        f'<form class="panj-try panj-needs-js" data-key="{key}"><label>{html.escape(label)} '
        f'<span><input type="text" inputmode="decimal" autocomplete="off" size="8" /> {html.escape(unit)}</span></label>'
        f'<button type="submit">Check</button><output role="status"></output></form>'
    )


def shown(value, tolerance):
    """A number with no more decimals than its tolerance has."""
    return f"{value:,.{0 if tolerance >= 1 else math.ceil(-math.log10(tolerance))}f}" if tolerance else f"{value:,}"


def details(summary, content):
    return [raw(f'<details class="panj-fold"><summary>{html.escape(summary)}</summary>'), *content, raw("</details>")]


def raw(text):
    return nodes.raw("", text, format="html")


def code(text):
    return nodes.literal_block(text, text, language="python")


def setup(app):
    app.add_directive("exercises", ExerciseBoxes)
    app.add_directive("quiz", QuizBlock)
    app.add_directive("exercise-matrix", Matrix)
    app.add_directive("assignments", Assignments)
    app.add_role("exercise", ExerciseRole())
    app.add_js_file("exercises.js", loading_method="defer")
