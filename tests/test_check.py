"""The checks that contributors run: the repository passes, and each rule notices the fault made for it."""

import copy
import json
import os
import re
import shutil
import subprocess

import pytest
from conftest import ROOT, clone

from panj import chapter
from panj.check import code, form, lesson, links, practice, stale, words
from panj.check.__main__ import main, named, written
from panj.check.pages import TEMPLATE, exercises, lessons, pages
from panj.exercises.source import Fault, read
from panj.tidy import METADATA, tidy

GEOGRAPHY = ROOT / "chapters" / "geography.ipynb"


@pytest.mark.parametrize("path", pages(), ids=lambda p: p.name)
def test_a_page_passes(path):
    assert [str(fault) for fault in written(path) if not fault.warning] == []


def test_the_code_passes():
    assert [str(fault) for fault in code.find([])] == []


# --- one fault at a time ------------------------------------------------------


class Spoilt:
    """A copy of the chapter on geography with one thing changed, and what is said of it."""

    def __init__(self, folder):
        self.path = folder / GEOGRAPHY.name
        self.notebook = json.loads(GEOGRAPHY.read_text("utf8"))
        self.cells = self.notebook["cells"]

    def write(self):
        self.path.write_text(json.dumps(tidy(self.notebook), indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf8")
        return self.path

    def said(self):
        return [str(fault) for fault in written(self.write())]

    def replace(self, old, new):
        """Change every cell that holds a text, and say in which that was first."""
        places = [n for n, cell in enumerate(self.cells, 1) if old in "".join(cell["source"])]
        assert places, old
        for n in places:
            self.cells[n - 1]["source"] = "".join(self.cells[n - 1]["source"]).replace(old, new)
        return places[0]

    def code(self, text):
        return next((n, cell) for n, cell in enumerate(self.cells, 1) if cell["cell_type"] == "code" and text in "".join(cell["source"]))


@pytest.fixture
def spoilt(tmp_path):
    return Spoilt(tmp_path)


def test_an_unspoilt_copy_has_nothing_but_links_that_lead_nowhere_there(spoilt):
    assert all(re.search(r"the link leads to .*, which is not there", line) for line in spoilt.said())


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("## Summary", "## In short", ", the section “Summary” is missing"),
        ("## Weigh the claim", "## What is missing", "the section “Weigh the claim” is missing"),
        (":class: question", ":class: note", "there is no question"),
        ("**Time:** 50 minutes", "**Time:** an hour", "it does not say how many minutes"),
        ("**You need:**", "Needed:", "it does not say what a reader needs"),
        ("1. **Locate** the", "1. Locate the", "asks for objective 1, which chapters/geography.ipynb does not have"),
        ("5. **Evaluate**", "5. **Evaluate** this.\n6. **Draw**", "no exercise asks for objective 6"),
        ("```{exercises} geography", "```{exercises} ethnicity", "put ```{exercises} geography there"),
        ("```{quiz} geography", "", "put ```{quiz} geography there"),
        ("```{keyterms}\n```", "", "put ```{keyterms} there"),
        ("alt=\"Map from Iran", "alt=\"Map\", title=\"from Iran", "the chart has no alt text"),
        ("<tajikistan-borders-afghanistan>", "<tajikistan-borders>", "{claim}`tajikistan-borders` leads nowhere: there is no such id in data/claims.csv"),
        ("<natural-earth>", "<unnatural-earth>", "{source}`unnatural-earth` leads nowhere"),
        ("{term}`Hindu Kush`", "{term}`Hindukush`", "{term}`Hindukush` leads nowhere"),
        ("{glue:text}`capital-to-post`", "{glue:text}`capital-post`", "no cell glues 'capital-post'"),
        ("(how-to-read.md)", "(how-to-write.md)", "leads to how-to-write.md, which is not there"),
        ("Start far out.", "Start faar out.", "“faar” is in no dictionary"),
        ("Start far out.", "Start in Khorog.", "the book writes “Khorugh”, not “Khorog”, in: Start in Khorog."),
        ("Start far out.", "Start 900 km out.", "'900' has no evidence"),
        ("Start far out.", "Tajiks are {claim}`27 per cent <tajik-share-27>` of the people.", "tajik-share-27 is contested or contradicted"),
        ("Start far out.", "![](map.png)", "the picture map.png has no alt text"),
        ("Start far out.", 'See [this](nowhere.md "a title").', "leads to nowhere.md, which is not there"),
        ("Start far out.", "See [this][below].\n\n[below]: nowhere.md", "leads to nowhere.md, which is not there"),
        ("Start far out.", "See [this](no%20where.md).", "leads to no where.md, which is not there"),
    ],
)
def test_a_fault_in_the_text_is_named_with_its_cell(spoilt, old, new, says):
    number = spoilt.replace(old, new)
    said = [line for line in spoilt.said() if "which is not there" not in line or says in line]
    named = [line for line in said if says.removeprefix(", ") in line]
    assert named, said
    if "missing" not in says and "objective 1" not in says and "question" not in says:
        assert any(line.startswith(f"geography.ipynb, cell {number}: ") for line in named), named


def heading(cells, name):
    return next(n for n, cell in enumerate(cells) if f"## {name}\n" in "".join(cell["source"]))


def test_sections_out_of_order_are_named(spoilt):
    a, b = heading(spoilt.cells, "Summary"), heading(spoilt.cells, "Exercises")
    spoilt.cells[a], spoilt.cells[b] = spoilt.cells[b], spoilt.cells[a]
    assert any("the sections are out of order" in line for line in spoilt.said())


def test_a_section_without_what_belongs_there_is_named(spoilt):
    for name in ("What you will be able to do", "What the article says", "Weigh the claim", "Summary"):
        n = heading(spoilt.cells, name)
        source = "".join(spoilt.cells[n]["source"])
        start = source.index(f"## {name}\n")
        spoilt.cells[n]["source"] = source[:start] + f"## {name}\n\nNothing yet."
    spoilt.replace("{source}", "")
    said = spoilt.said()
    for what in ("there is no objective", "no claim is linked here", "no source is linked here", "the summary is missing"):
        assert any(re.match(rf"geography\.ipynb, cell \d+: {what}", line) for line in said), what


def test_a_chapter_without_a_term_or_too_short_is_named(spoilt):
    for cell in spoilt.cells:
        if cell["cell_type"] == "markdown":
            cell["source"] = "".join(cell["source"]).replace("{term}", "").replace("\n\n", "\n\n\n")
    for cell in spoilt.cells[4:30]:
        if cell["cell_type"] == "markdown":
            cell["source"] = ""
        elif cell["cell_type"] == "code":
            cell["outputs"] = []
    said = " ".join(spoilt.said())
    assert "no term is linked" in said and "words to read: a lesson has 1500 to 2500" in said and "charts: a lesson argues with 4 or more" in said


def test_what_a_cell_holds_is_checked(spoilt):
    n, printing = spoilt.code("apart")
    more = next(cell for cell in spoilt.cells if cell["metadata"].get("caption") and cell is not printing)
    m, drawing = spoilt.code("capitals")
    k, counted = spoilt.code("outlines(scale)")
    printing["metadata"]["caption"] = ""
    drawing["outputs"][0]["data"]["application/vnd.plotly.v1+json"]["layout"]["meta"] = {}
    drawing["metadata"]["tags"] = ["nbval-ignore-output"]
    counted["execution_count"] = None
    counted["outputs"] = [{"output_type": "error", "ename": "KeyError", "evalue": "'10m'", "traceback": []}]
    twice = next(cell for cell in spoilt.cells if cell["metadata"].get("caption") and cell is not more)
    twice["metadata"]["caption"] = more["metadata"]["caption"]
    said = spoilt.said()
    for line in (
        f"geography.ipynb, cell {n}: it prints a table without a caption",
        f"geography.ipynb, cell {m}: its chart has no alt text, units or sources",
        f"geography.ipynb, cell {m}: it is excused from comparison",
        f"geography.ipynb, cell {k}: it has not run: run all and save",
        f"geography.ipynb, cell {k}: it ends in an error, KeyError: '10m'",
    ):
        assert any(told.startswith(line) for told in said), line
    assert any("its caption is that of cell" in told for told in said)


def test_an_untidy_and_an_unreadable_notebook_are_named(spoilt):
    path = spoilt.write()
    path.write_text(path.read_text("utf8").replace('"cell-07"', '"b3d9"'), "utf8")
    assert [str(f) for f in form.find(path)] == ["geography.ipynb: the file is not in the form in which notebooks are kept: run make tidy"]
    path.write_text(path.read_text("utf8")[:5000], "utf8")
    assert [str(f) for f in written(path)][0].startswith("geography.ipynb: is not a notebook that can be read (")


def test_code_that_cannot_run_is_named_with_cell_and_line(spoilt):
    n, _ = spoilt.code("capitals")
    spoilt.replace("fig = add_places(region(), capitals)", "fig = add_places(region(, capitals)")
    assert any(str(fault).startswith(f"geography.ipynb, cell {n}: Line ") for fault in code.find([spoilt.write()]))
    spoilt.replace("fig = add_places(region(, capitals)", "fig = add_places(nowhere, capitals)")
    assert [str(fault) for fault in code.find([spoilt.write()])] == [f"geography.ipynb, cell {n}: Line 9: Undefined name `nowhere` (F821)"]


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"A caf\xe9.\n", "byte 6 is not UTF-8"),
        ("\ufeffA line.\n".encode(), "byte order mark"),
        (b"A line.\r\n", "lines end as on Windows"),
        (b"A line.", "the last line has no end"),
        (b"![](page.md)\n", "the picture page.md has no alt text"),
        (b"[There](there.md).\n", "leads to there.md, which is not there"),
        (b"A sentense.\n", "“sentense” is in no dictionary"),
        (b"```{one}\n```\n\nA sentense.\n\n```{two}\n```\n", "“sentense” is in no dictionary"),
        (b"```{note}\nA sentense.\n```\n\n```python\nsekond\n```\n", "“sentense” is in no dictionary"),
    ],
)
def test_a_plain_page_is_checked_from_the_command_line(tmp_path, capsys, raw, says):
    page = tmp_path / "page.md"
    page.write_bytes(raw)
    assert main([str(page)]) == 1
    said = capsys.readouterr().out
    assert said.startswith("page.md") and says in said and "1 fault," in said
    page.write_bytes(b"A line.\n")
    assert main([str(page)]) == 0 and "no faults" in capsys.readouterr().out


def test_a_page_that_the_contents_do_not_name_is_named(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    page.write_text("A line.\n", "utf8")
    monkeypatch.setattr(links, "FOLDER", tmp_path)
    assert [str(fault) for fault in links.find(page)] == ["page.md: no reader comes here: add it to _toc.yml"]


def test_contents_that_are_no_yaml_are_all_that_is_told(tmp_path, monkeypatch, capsys):
    toc = tmp_path / "_toc.yml"
    toc.write_text("parts: [a\n", "utf8")
    monkeypatch.setattr("panj.check.__main__.PLAN", [toc])
    assert main([]) == 1
    assert capsys.readouterr().out.startswith("_toc.yml: this is not YAML: ")


def test_yaml_that_is_none_and_a_file_that_is_missing_are_named(tmp_path):
    toc = tmp_path / "_toc.yml"
    toc.write_text("parts: [a\n", "utf8")
    assert "this is not YAML" in str(form.find(toc)[0])
    assert "there is no such file" in str(written(tmp_path / "gone.md")[0])


def test_a_long_sentence_is_advice_and_no_fault(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("This is " + "a very " * 30 + "long sentence.\n", "utf8")
    (advice,) = words.find(page)
    assert advice.warning and "has 64 words" in str(advice) and main([str(page)]) == 0


@pytest.mark.parametrize("text", ["Older texts write Pyandzh for the Panj.", "He wrote “Khorog”.", "See `Khorog`.", "The Afghans counted afghanis."])
def test_a_contested_form_may_be_quoted_or_explained(text):
    assert list(words.misnamed(text)) == []


def test_the_lists_hold_what_is_needed_and_nothing_else():
    listed = words.project()
    assert listed == sorted(set(listed)) and all(word == word.lower() for word in listed)
    read = {word.lower() for path in pages() if path.suffix != ".yml" for _, text in words.cells(path) for word in words.WORD.findall(words.readable(text))}
    assert [word for word in listed if word not in read] == [], "no page needs these: take them out of tests/words.txt"
    assert all(len(reason.split()) >= 4 for _, _, reason in words.names())


def test_the_texts_of_the_tables_use_the_names_of_the_book(monkeypatch):
    assert [str(fault) for fault in words.tables()] == []
    events = words.load("events")
    monkeypatch.setattr(words, "load", lambda name: events.replace("Parade in Khorugh", "Parade in Khorog") if name == "events" else events[:0].reindex(columns=words_of(name)))
    assert [str(fault) for fault in words.tables()] == ["data/events.csv, row 37, event: the book writes “Khorugh”, not “Khorog”"]


def words_of(name):
    package = json.loads((ROOT / "data" / "datapackage.json").read_text("utf8"))
    return [field["name"] for table in package["resources"] if table["name"] == name for field in table["schema"]["fields"]]


# --- what there is to practise ------------------------------------------------

VOICES = ROOT / "exercises" / "geography-voices.ipynb"


def without(tag, last=None):
    """Takes away the cells with a tag, or the last so many of them."""

    def take(cells):
        for cell in [cell for cell in cells if tag in cell["metadata"]["tags"]][-last if last else None :]:
            cells.remove(cell)

    return take


def written_otherwise(old, new):
    def write(cells):
        (cell,) = [cell for cell in cells if old in "".join(cell["source"])]
        cell["source"] = "".join(cell["source"]).replace(old, new)

    return write


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (written_otherwise("chapter: geography", "chapter: rivers"), "cell 1: there is no chapter rivers: write one of geography, "),
        (written_otherwise("minutes: ", "minutes: 9"), "minutes are not the time of an exercise"),
        (without("hint", 1), "it needs 2 hints or more, each a step further than the one before, and has 1"),
        (without("public"), "no check is public"),
        (without("rubric"), "a rubric is for written answers and figures"),
        (lambda cells: [without(tag)(cells) for tag in ("hidden", "wrong")], "nothing looks whether "),
        (without("wrong"), "nothing shows that its checks can fail"),
        (written_otherwise("source criticism 3 ·", "criticism 3 ·"), "the first line gives each criterion its level: source criticism 2 · reasoning 2 · limits 2"),
    ],
)
def test_an_exercise_that_lacks_something_says_so(tmp_path, change, says):
    (tmp_path / "exercises").mkdir()
    path = tmp_path / "exercises" / VOICES.name
    notebook = json.loads(VOICES.read_text("utf8"))
    change(notebook["cells"])
    path.write_text(json.dumps(notebook), "utf8")
    assert any(says in str(fault) for fault in practice.find(path)), practice.find(path)
    assert practice.find(VOICES) == []


def each(change):
    """Changes the head of every exercise of the chapter on geography."""

    def changed(known):
        for name in [name for name in known if name.startswith("geography-") and change(known[name]) is False]:
            del known[name]

    return changed


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (each(lambda e: e.about["number"] < 5), "it has 4 exercises: a lesson has 5 or more"),
        (each(lambda e: e.about["number"] != 2), "geography-share.ipynb, cell 1: its number is 3, but it is the 2. of its chapter"),
        (each(lambda e: e.about["form"] != "chart reading"), "no exercise has the form chart reading"),
        (each(lambda e: e.about["bloom"] != "create"), "go from understand to evaluate: begin with remember or understand, and end with create"),
        (each(lambda e: e.about["bloom"] != "understand"), "go from apply to create"),
        (each(lambda e: e.about.update(solution="open")), "answers are all open or all withheld"),
        (each(lambda e: [answer.pop("tolerance", 0) for answer in e.answers.values()]), "no computation has an answer with a tolerance"),
        (each(lambda e: e.cells.remove(e.parts("anchor")[0]) if e.parts("anchor") else None), "geography-voices.ipynb: it has 2 graded answers"),
        (each(lambda e: e.about.update(objectives=[1])), "no exercise asks for objective 2"),
        (each(lambda e: e.about["objectives"].append(9)), "it asks for objective 9, which chapters/geography.ipynb does not have"),
    ],
)
def test_exercises_that_do_not_make_a_lesson_are_named(monkeypatch, change, says):
    assert practice.find(GEOGRAPHY) == []
    known, quizzes = copy.deepcopy(exercises())
    change(known)
    monkeypatch.setattr(practice, "exercises", lambda: (known, quizzes))
    assert any(says in str(fault) for fault in practice.find(GEOGRAPHY)), practice.find(GEOGRAPHY)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda quiz: quiz.cells.clear(), "a quiz has 8 questions or more"),
        (lambda quiz: [question.update(kind="choice") for question in quiz.questions], "2 or more of them ask for a number"),
        (lambda quiz: quiz.questions[0].update(id=quiz.questions[1]["id"]), "two questions are called "),
        (lambda quiz: quiz.questions[0].update(objective=9), "asks for objective 9, which chapters/geography.ipynb does not have"),
    ],
)
def test_a_quiz_that_lacks_something_says_so(monkeypatch, change, says):
    known, quizzes = copy.deepcopy(exercises())
    (quiz,) = [quiz for quiz in quizzes.values() if quiz.about["chapter"] == "geography"]
    change(quiz)
    monkeypatch.setattr(practice, "exercises", lambda: (known, quizzes))
    assert any(says in str(fault) for fault in practice.find(GEOGRAPHY)), practice.find(GEOGRAPHY)


# --- a new chapter ------------------------------------------------------------


@pytest.fixture
def begun(tmp_path, monkeypatch):
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    path = chapter.begin("rivers", tmp_path, tmp_path / "_toc.yml")
    for module in (lesson, practice):
        monkeypatch.setattr(module, "lessons", lambda: [*lessons(), path])
    return path


def test_a_new_chapter_stands_last_in_the_contents_and_says_what_it_lacks(begun):
    before, after = ((folder / "_toc.yml").read_text("utf8").splitlines() for folder in (ROOT, begun.parent))
    last = before.index(f"      - file: chapters/{lessons()[-1].stem}")
    assert after == [*before[: last + 1], "      - file: chapters/rivers", *before[last + 1 :]]
    assert form.find(begun) == [], "tidy, and run"
    said = " ".join(str(fault) for module in (lesson, practice) for fault in module.find(begun))
    for what in ("it has no exercise", "it has no quiz", "it has no lesson plan", "write rivers as the chapter of their rows in data/glossary.csv", "words to read", "1 charts", "cell 2: these are the words of the template"):
        assert what in said, what
    assert "is missing" not in said and "does not print" not in said, "the form is there from the start"
    assert "# Rivers\n" in begun.read_text("utf8").encode().decode("unicode_escape")


@pytest.mark.parametrize("name", ["", "Rivers", "two words", "../rivers", "geography", "ledger"])
def test_a_name_that_cannot_be_is_refused_and_nothing_is_written(tmp_path, name):
    toc = shutil.copy(ROOT / "_toc.yml", tmp_path / "_toc.yml")
    with pytest.raises(chapter.Refused, match="NAME"):
        chapter.begin(name, ROOT / "chapters" if name in ("geography", "ledger") else tmp_path, toc)
    assert toc.read_text("utf8") == (ROOT / "_toc.yml").read_text("utf8") and list(tmp_path.iterdir()) == [toc]


@pytest.mark.parametrize("more", ["        sections:\n          - file: chapters/more\n", "      # the last\n      - file: chapters/more\n", "\n      - file: chapters/more\n        title: More\n"])
def test_a_new_chapter_stands_after_all_that_belongs_to_the_last(more):
    before = f"parts:\n  - numbered: true\n    chapters:\n      - file: chapters/one\n{more}"
    after = "      # what follows\n  - chapters:\n      - file: chapters/two\n"
    assert chapter.entered(before + after, "rivers") == f"{before}      - file: chapters/rivers\n{after}"


# --- files that cannot be read as they are ------------------------------------


def old(notebook):
    notebook.update(nbformat_minor=4)
    for cell in notebook["cells"]:
        del cell["id"]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda raw: raw[:200] + b"<<<<<<< HEAD\n" + raw[200:], "is not a notebook that can be read"),
        (lambda raw: raw + b"\xff\xfe", "byte "),
        (lambda raw: b"", "is not a notebook that can be read"),
        (lambda raw: b'{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": []}', "run make tidy"),
        (lambda raw: changed_by(raw, old), "run make tidy"),
        (lambda raw: changed_by(raw, lambda n: n.update(cells=[c for c in n["cells"] if c["cell_type"] == "markdown"])), "1 notebooks run, 3 faults"),
    ],
)
def test_a_notebook_that_is_damaged_old_or_without_code_gets_a_sentence(tmp_path, capsys, spoil, says):
    path = tmp_path / "page.ipynb"
    path.write_bytes(spoil(TEMPLATE.read_bytes()))
    main([str(path)])
    assert says in capsys.readouterr().out


def changed_by(raw, change):
    notebook = json.loads(raw)
    change(notebook)
    return (json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def test_an_exercise_with_a_cell_that_holds_nothing_is_named(tmp_path):
    (tmp_path / "x.ipynb").write_text('{"cells": [{"metadata": {"tags": ["about"]}}]}', "utf8")
    with pytest.raises(Fault, match=r"^x.ipynb: is not a notebook that can be read \(KeyError: 'source'\)$"):
        read(tmp_path / "x.ipynb")


@pytest.mark.parametrize("written", ["", "root: chapters/index\nparts:\n  - numbered: true\n    chapters:\n      - fil: chapters/reading\n", None])
def test_contents_that_are_none_get_a_sentence(tmp_path, written):
    folder = clone(tmp_path / "copy")
    (folder / "_toc.yml").unlink() if written is None else (folder / "_toc.yml").write_text(written, "utf8")
    done = subprocess.run([".venv/bin/python", "-m", "panj.check"], cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)}, capture_output=True, text=True)
    assert done.returncode == 1 and done.stdout.startswith("_toc.yml: ") and done.stderr == "", done.stdout + done.stderr


def test_of_a_folder_what_is_in_it_is_checked():
    assert len(named([ROOT / "chapters"])) > 30 and named([GEOGRAPHY]) == [GEOGRAPHY]


# --- stale outputs ------------------------------------------------------------


@pytest.fixture(autouse=True)
def forgetful(tmp_path, monkeypatch):
    """What these tests run is remembered beside them."""
    monkeypatch.setattr(stale, "HELD", tmp_path / "_build" / "held.json")


def test_a_stale_output_and_a_cell_that_does_not_run_are_named_with_their_cells(tmp_path):
    path = tmp_path / "template.ipynb"
    notebook = json.loads(TEMPLATE.read_text("utf8"))
    first, second = [n for n, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"]
    glued = next(o for o in notebook["cells"][first]["outputs"] if "application/papermill.record/text/plain" in o["data"])
    glued["data"]["application/papermill.record/text/plain"] = "'99'"
    notebook["cells"][second]["source"] = ["raise ValueError('the river is dry')\n", *notebook["cells"][second]["source"]]
    path.write_text(json.dumps(notebook), "utf8")
    assert [str(fault) for fault in sorted(stale.find([path]))] == [
        f"template.ipynb, cell {first + 1}: the stored output differs from a fresh one: run all and save",
        f"template.ipynb, cell {second + 1}: the cell does not run: ValueError: the river is dry",
    ]


def test_only_what_can_have_changed_is_run(tmp_path, monkeypatch):
    notebooks = [*lessons(), TEMPLATE]
    assert stale.doubtful(notebooks, {GEOGRAPHY, ROOT / "README.md"}) == [GEOGRAPHY]
    share = ROOT / "exercises" / "geography-share.ipynb"  # reads its table by its path
    by_table = stale.doubtful([*notebooks, share], {ROOT / "data" / "estimates.csv"})
    assert GEOGRAPHY in by_table and share in by_table and TEMPLATE not in by_table
    everything = ROOT / "chapters" / "scratch.ipynb"  # loads each table by its file
    assert everything in stale.doubtful([everything], {ROOT / "data" / "drift.csv"})
    assert GEOGRAPHY in stale.doubtful(notebooks, {ROOT / "data" / "geo" / "border.geojson"}) and TEMPLATE not in stale.doubtful(notebooks, {ROOT / "data" / "geo" / "border.geojson"})
    assert ROOT / "chapters" / "aftermath.ipynb" in stale.doubtful(notebooks, {ROOT / "data" / "datapackage.json"}), "it prints the day of the edition"
    assert stale.doubtful(notebooks, None) == notebooks
    assert ROOT / "chapters" / "aftermath.ipynb" in stale.doubtful(notebooks, {ROOT / "data" / "evidence.csv"}), "its verdicts rest on that table"
    monkeypatch.setattr(stale, "ROOT", tmp_path)
    git = ["git", "-C", tmp_path, "-c", "user.name=a", "-c", "user.email=a@example.org"]
    for name in ("one", "two"):
        (tmp_path / name).write_text(name)
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "first"], ["switch", "-qc", "mine"]):
        subprocess.run([*git, *command], check=True)
    (tmp_path / "one").write_text("changed")
    subprocess.run([*git, "commit", "-qam", "second"], check=True)
    (tmp_path / "three").write_text("new")
    assert stale.changed() == {tmp_path / "one", tmp_path / "three"}
    subprocess.run([*git, "update-ref", "refs/remotes/origin/main", "main"], check=True)
    subprocess.run([*git, "branch", "-qf", "main", "HEAD"], check=True)
    assert stale.changed() == {tmp_path / "one", tmp_path / "three"}, "committed on main, and not yet pushed"
    (tmp_path / "copy").mkdir()
    monkeypatch.setattr(stale, "ROOT", tmp_path / "copy")
    assert stale.changed() is None, "a copy inside another repository"


def test_what_held_is_not_run_again_until_it_or_its_table_changes(tmp_path, monkeypatch):
    monkeypatch.setattr(stale, "DATA", tmp_path / "data")
    table = tmp_path / "data" / "claims.csv"
    table.parent.mkdir()
    table.write_text("claim_id\n", "utf8")
    path = tmp_path / "page.ipynb"
    cell = {"cell_type": "code", "id": "cell-01", "metadata": {}, "execution_count": 1, "outputs": [], "source": 'table = "claims"'}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": METADATA, "cells": [cell]}
    path.write_text(json.dumps(notebook), "utf8")
    assert stale.doubtful([path], {path}) == [path] and stale.find([path]) == []
    assert stale.doubtful([path], {path, table}) == []
    table.write_text("claim_id\none\n", "utf8")
    assert stale.doubtful([path], {table}) == [path]
    assert stale.find([path]) == [] and stale.doubtful([path], {path, table}) == []
    cell["source"] = "raise ValueError('dry')"
    path.write_text(json.dumps(notebook), "utf8")
    assert stale.doubtful([path], {path}) == [path] and stale.find([path]) and stale.doubtful([path], {path}) == [path]


def test_what_is_saved_while_it_runs_is_not_taken_for_what_held(tmp_path, monkeypatch):
    path = tmp_path / "page.ipynb"
    path.write_bytes(TEMPLATE.read_bytes())
    monkeypatch.setattr(pytest, "main", lambda *_, **__: path.write_bytes(path.read_bytes() + b"\n") and pytest.ExitCode.OK)
    assert stale.find([path]) == [] and stale.doubtful([path], {path}) == [path]
