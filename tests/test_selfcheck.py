"""Answers checked in the page: what a reader may type, what the page says, with keys alone and without JavaScript."""

import json

import pytest
from conftest import CHAPTERS, soup

PAGES = [f"chapters/{name}.html" for name in CHAPTERS]


@pytest.mark.parametrize("page", PAGES)
def test_every_box_is_there_with_everything_closed(page):
    from panj.exercises.source import everything

    exercises, quizzes = everything()
    name = page.split("/")[1].removesuffix(".html")
    boxes = soup(page).select(".panj-exercise")
    wanted = [e for e in exercises.values() if e.about["chapter"] == name]
    assert [box["id"] for box in boxes] == [f"exercise-{e.id}" for e in wanted]
    for box, e in zip(boxes, wanted):
        labels = [s.get_text() for s in box.select("details > summary")]
        assert labels[: len(e.parts("hint"))] == [f"Hint {n}" for n in range(1, len(e.parts("hint")) + 1)]
        assert (labels[-1] == "Answer") == (not e.withheld)
        assert not box.select("details[open]")
    asked = [q for quiz in quizzes.values() if quiz.about["chapter"] == name for q in quiz.questions]
    assert [s["id"] for s in soup(page).select(".panj-quiz")] == [f"quiz-{name}-{q['id']}" for q in asked]


def typed(page, form, text):
    """Type into the first field of a form with the keyboard, press Enter, and give the verdict and the words."""
    field = page.locator(f"{form} input")
    field.fill("")
    field.press_sequentially(text)
    field.press("Enter")
    return page.locator(form).get_attribute("data-verdict"), page.locator(f"{form} output").inner_text()


@pytest.mark.parametrize("text", ["32.9", "32,9", "32,9 %", "33", " 33 % ", "33 percent", "+32.9", "32.90"])
def test_a_right_number_may_be_typed_in_many_ways(visit, text):
    page = visit(PAGES[0]).page
    verdict, says = typed(page, "#quiz-geography-afghan-share form", text)
    assert verdict == "yes" and says.startswith("Yes")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("48.9", "The base lacks the part itself"),
        ("0,329", "factor of a hundred"),
        ("3290", "factor of a hundred"),
        ("", "Write one number"),
        ("a third", "Write one number"),
        ("32.9.1", "No"),
        ("-32.9", "No"),
    ],
)
def test_a_wrong_number_hears_why(visit, text, says):
    page = visit(PAGES[0]).page
    verdict, said = typed(page, "#quiz-geography-afghan-share form", text)
    assert verdict == "no" and says in said
    assert "32" not in said, "the page says that it is wrong, not what is right"


def test_thousands_may_be_parted_by_a_comma_a_point_or_a_space(visit):
    visited = visit(PAGES[0])
    key = json.dumps({"answer": 1357, "tolerance": 1, "slips": []})
    visited.page.evaluate("key => document.querySelector('#quiz-geography-afghan-share form').dataset.key = key", key)
    # the key is read when the page starts, so a fresh form is made from the same script
    visited.page.evaluate("""() => { const old = document.querySelector('#quiz-geography-afghan-share form');
        const fresh = old.cloneNode(true); old.replaceWith(fresh);
        return new Promise(done => { const s = document.createElement('script');
        s.src = document.querySelector('script[src*="exercises.js"]').src; s.onload = done; document.head.append(s); }); }""")
    for text in ("1357", "1,357", "1.357", "1 357", "1'357 km", "1,357.0", "1.357,0"):
        assert typed(visited.page, "#quiz-geography-afghan-share form", text)[0] == "yes", text


def test_a_question_is_answered_with_keys_alone(visit):
    visited = visit(PAGES[0])
    page, form = visited.page, "#quiz-geography-coarse-map form"
    page.locator(f"{form} button").focus()
    page.keyboard.press("Enter")
    assert "Choose an answer first" in page.locator(f"{form} output").inner_text()
    page.locator(f"{form} input").first.focus()
    seen = set()
    for _ in range(page.locator(f"{form} input").count()):
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        seen.add((page.locator(form).get_attribute("data-verdict"), page.locator(f"{form} output").inner_text()))
        page.locator(f"{form} input:checked").focus()
        page.keyboard.press("ArrowDown")
    assert len(seen) == 3 and [verdict for verdict, _ in seen].count("yes") == 1
    assert all(text.startswith("Yes." if verdict == "yes" else "No.") for verdict, text in seen)
    assert page.locator(f"{form} output").get_attribute("role") == "status" and visited.errors == []


@pytest.mark.parametrize("page", PAGES)
def test_an_option_keeps_the_letter_that_its_reason_has(visit, page):
    opened = visit(page).page
    for group in opened.locator(".panj-quiz [role=radiogroup]").all():
        letters = [text.strip()[:2] for text in group.locator("label").all_inner_texts()]
        assert letters == ["A.", "B.", "C.", "D."][: len(letters)]


@pytest.mark.parametrize("page", PAGES)
def test_paper_has_options_and_answers_but_nothing_to_press(visit, page):
    opened = visit(page).page
    opened.emulate_media(media="print")
    assert opened.locator(".panj-quiz label:visible").count() and opened.locator(".panj-reasons li:visible").count()
    assert opened.locator(".panj-try:visible, .panj-quiz :is(button, input):visible").count() == 0


@pytest.mark.parametrize("page", PAGES[:1])
def test_without_javascript_questions_and_answers_are_there_to_read(visit, page):
    opened = visit(page, java_script_enabled=False).page
    assert opened.locator(".panj-try:visible, .panj-quiz button:visible").count() == 0
    question = opened.locator("#quiz-geography-coarse-map")
    assert question.locator(".panj-options li").count() == 3
    question.locator("summary").click()
    assert question.locator(".panj-reasons li:visible").count() == 3
