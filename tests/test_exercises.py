"""The exercises: each notebook is a faithful source, and nothing that is withheld reaches a student.

nbval re-runs every notebook of exercises/ in the same pytest call, and with it the proof in the last cell.
"""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from conftest import CHAPTERS, ROOT, SITE, rebuild

from panj.exercises import handouts
from panj.exercises.prove import proven
from panj.exercises.source import BLOOM, PARTS, Fault, assignments, everything, extra_checks, read, rubric

EXERCISES, QUIZZES = everything()
ASSIGNED = list(assignments(EXERCISES))
NOTEBOOKS = sorted((ROOT / "exercises").glob("*.ipynb"))
TEXT = {".html", ".js", ".ipynb", ".md", ".txt", ".json", ".py", ".csv", ".xml", ".css"}


def of(chapter):
    return [e for e in EXERCISES.values() if e.about["chapter"] == chapter]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_stored_executed_and_nothing_in_it_is_excused(path):
    for cell in json.loads(path.read_text("utf8"))["cells"]:
        if cell["cell_type"] == "code":
            assert cell["execution_count"], f"run it: make run EXERCISE={path.stem}"
            assert not any("nbval" in tag for tag in cell["metadata"]["tags"]) and "NBVAL" not in "".join(cell["source"])
            assert not any("plotly" in mime for o in cell["outputs"] for mime in o.get("data", {})), "no charts as outputs"


@pytest.mark.parametrize("e", EXERCISES.values(), ids=lambda e: e.id)
def test_the_stored_proof_is_that_of_these_cells(e, monkeypatch):
    monkeypatch.chdir(ROOT / "exercises")
    proof, lines = proven(e)
    assert json.loads(json.dumps(proof)) == e.proof and f'prove("{e.id}")' in e.text("proof")
    order = [PARTS.index(cell["part"]) for cell in e.cells]
    assert order == sorted(order), "cells in the order that panj/exercises/source.py gives"


def test_the_module_goes_from_remembering_to_creating():
    assert {e.about["bloom"] for e in EXERCISES.values()} == set(BLOOM)


def test_the_rubric_has_a_sentence_for_every_level():
    assert all(len(sentences) == len(rubric()["levels"]) == 4 for sentences in rubric()["criteria"].values())


def secrets():
    """Lines that only an instructor may see, by exercise: hidden checks, withheld answers, what graders read."""
    for e in EXERCISES.values():
        shown = "\n".join(e.text(kind) for kind in ("task", "hint", "setup", "starter", "written"))
        shown += "\n".join(c["source"] for c in e.parts("check") if "public" in c["tags"])
        hidden = [c["source"] for c in e.parts("check") if "hidden" in c["tags"]] + [e.text("anchor")]
        hidden += [e.text(kind) for kind in ("solution", "confirm", "why", "wrong") if e.withheld]
        for line in "\n".join(hidden).splitlines():
            line = " ".join(line.split())
            if len(line) >= 25 and not line.startswith(("import ", "from ")) and line not in " ".join(shown.split()):
                yield e.id, line


def leaks(files):
    """(file, exercise) for every secret line in files, HTML read as text."""
    found, lines = [], list(secrets())
    for path in files:
        text = path.read_text("utf8")
        if path.suffix == ".html":
            text = BeautifulSoup(text, "html.parser").get_text() + text
        elif path.suffix in (".ipynb", ".json"):
            text = text.replace("\\n", " ").replace('\\"', '"')
        text = " ".join(text.replace("’", "'").split())
        found += [(path.name, key) for key, line in lines if line.replace("’", "'") in text]
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    out = tmp_path_factory.mktemp("handouts")
    handouts.build(out)
    return out


def test_nothing_withheld_is_in_the_students_edition(made):
    site = [p for p in SITE.rglob("*") if p.suffix in TEXT and "plotly" not in p.name]
    assert site and leaks(site) == []
    student = [p for p in (made / "student").rglob("*") if p.suffix in TEXT]
    assert student and leaks(student) == []


def test_a_leak_would_be_seen(made, tmp_path):
    withheld = next(e for e in EXERCISES.values() if e.withheld)
    page = tmp_path / "page.html"
    page.write_text(f"<pre>{withheld.text('solution')}</pre>", "utf8")
    assert leaks([page]) and leaks([made / "instructor" / f"{withheld.about['chapter']}.ipynb"])


def test_the_instructors_edition_shows_every_answer_and_every_rubric(tmp_path):
    if (ROOT / "_build" / "pictures").exists():  # drawn for the students' edition, and the same here
        shutil.copytree(ROOT / "_build" / "pictures", tmp_path / "_build" / "pictures")
    site = rebuild(tmp_path, EDITION="instructor")
    for chapter in CHAPTERS:
        page = BeautifulSoup((site / "chapters" / f"{chapter}.html").read_text("utf8"), "html.parser")
        for e in of(chapter):
            box = page.find(id=f"exercise-{e.id}")
            told = {d.summary.get_text(): d.get_text() for d in box.select("details")}
            assert e.parts("solution")[0]["source"].splitlines()[-1] in told["Answer"]
            assert bool(e.criteria) == ("For grading" in told) and all(c in told.get("For grading", "") for c in e.criteria)
            assert len(box.select("blockquote")) >= len(e.parts("anchor"))


def test_two_builds_of_the_handouts_are_the_same_to_the_byte(made, tmp_path):
    handouts.build(tmp_path)
    files = [p.relative_to(made) for p in made.rglob("*") if p.is_file()]
    assert files and all((made / f).read_bytes() == (tmp_path / f).read_bytes() for f in files)


@pytest.mark.parametrize("name", ASSIGNED)
def test_a_handout_runs_from_its_zip_without_this_package(made, tmp_path, name):
    """With `panj` out of reach: what the notebook needs is in the folder, or is pandas or plotly."""
    import nbformat
    from nbclient import NotebookClient

    shutil.unpack_archive(made / "student" / f"{name}.zip", tmp_path)
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "panj.py").write_text("raise ImportError('a student has no panj')")
    notebook = nbformat.read(tmp_path / name / f"{name}.ipynb", 4)
    client = NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(tmp_path / name)}})
    client.execute(env=os.environ | {"PYTHONPATH": str(tmp_path / "none")})
    receipt = next(o["data"] for c in notebook.cells for o in c.get("outputs", []) if "application/vnd.panj.answers+json" in o.get("data", {}))
    assert receipt["text/plain"].startswith("0 of ") and receipt["application/vnd.panj.answers+json"]["assignment"] == name
    assert not any(o.get("text", "").count("✓") for c in notebook.cells for o in c.get("outputs", [])), "an empty answer passes nothing"


def test_a_changed_number_in_data_turns_the_quiz_red(tmp_path):
    """Keys are computed: nbval compares the stored question with the one that the changed table gives."""
    for folder in ("data", "panj", "exercises"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "geography-quiz.ipynb"]

    def passes():
        return subprocess.run(command, cwd=tmp_path / "exercises", env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True).returncode == 0

    assert passes()
    table = tmp_path / "data" / "estimates.csv"
    text = table.read_text("utf8")
    table.write_text(text.replace("TJK-AFG,1357,", "TJK-AFG,1457,"), "utf8")
    assert table.read_text("utf8") != text and not passes()


@pytest.fixture
def spoil(tmp_path, monkeypatch):
    """spoil(part, old, new) gives the sample exercise with one text changed in the cells of one part."""
    monkeypatch.chdir(ROOT / "exercises")

    def change(part, old, new, tags=None):
        notebook = json.loads((ROOT / "exercises" / "geography-share.ipynb").read_text("utf8"))
        for cell in notebook["cells"]:
            if part in cell["metadata"]["tags"]:
                source = "".join(cell["source"])
                cell["source"] = source.replace(old, new)
                cell["metadata"]["tags"] = tags if tags is not None else cell["metadata"]["tags"]
        path = tmp_path / "geography-share.ipynb"
        path.write_text(json.dumps(notebook), "utf8")
        return path

    return change


@pytest.mark.parametrize(
    ("part", "old", "new", "says"),
    [
        ("solution", "100 * lengths", "101 * 50 * lengths", "the solution does not pass border_share_is_in_per_cent"),
        ("solution", 'lengths["AFG"] / lengths.sum()', 'lengths["AFG"] / lengths.max()', "solution and second computation disagree: border_share_of_the_whole failed"),
        ("confirm", "border_share =", "share =", "computes border_share a second time"),
        ("starter", "border_share = ...", "border_share = 50", "the starter may pass nothing"),
        ("wrong", "lengths.drop(\"AFG\").sum()", "lengths.sum()", "should fail border_share_of_the_whole and nothing else, but: nothing"),
    ],
)
def test_the_proof_fails_when_a_part_does_not_do_what_it_should(spoil, part, old, new, says):
    with pytest.raises(AssertionError, match=re.escape(says)):
        proven(read(spoil(part, old, new)))


@pytest.mark.parametrize(
    ("part", "old", "new", "tags", "says"),
    [
        ("about", "title:", "titel:", None, "cell 1: needs 'title'"),
        ("about", "bloom: apply", "bloom: ponder", None, "bloom is 'ponder'"),
        ("about", ", tolerance: 0.1", "", None, "needs a tolerance"),
        ("about", "title: How", "title: [How", None, "is not YAML"),
        ("task", "", "", [], "no tag says what it is"),
        ("hint", "", "", ["task"], "none has the tag hint"),
        ("hidden", "", "", ["check"], "needs one of the tags public and hidden"),
        ("public", "border_share)", "nothing)", None, "asks for 'nothing'"),
        ("public", "(border_share)", "(border_share, model)", None, "may not know the model answers"),
        ("public", '"""', "#", None, "needs a docstring"),
        ("public", "def ", "dfe ", None, "should hold one function"),
        ("wrong", "# ", "", None, "should begin with a comment"),
        ("wrong", "", "", ["wrong", "fails:everything"], "needs a tag fails:"),
        ("rubric", "- limits", "- elegance", None, "criteria of rubric.yml"),
    ],
)
def test_a_faulty_notebook_gets_a_sentence_that_names_the_place(spoil, part, old, new, tags, says):
    with pytest.raises(Fault, match=re.escape(says)) as caught:
        read(spoil(part, old, new, tags))
    assert str(caught.value).startswith("geography-share.ipynb, ")


def test_an_instructors_own_exercises_and_checks_join(spoil, tmp_path):
    path = spoil("about", "border_", "my_")
    text = path.read_text("utf8").replace("border_", "my_")
    path.unlink()
    (tmp_path / "mine.ipynb").write_text(text, "utf8")
    (tmp_path / "geography-share.py").write_text('def more_than_a_third(border_share):\n    """Compare it with a third."""\n    return border_share < 33\n')
    (tmp_path / "assignments.yml").write_text("exam: {title: Exam, exercises: [mine, geography-share]}")
    exercises, _ = everything(tmp_path)
    assert exercises["mine"].answers.keys() == {"my_share", "my_neighbours", "my_reading"}
    assert exercises["geography-share"].points == EXERCISES["geography-share"].points + 1
    handouts.build(tmp_path / "out", tmp_path)
    sheet = (tmp_path / "out" / "student" / "exam" / "exam.ipynb").read_text("utf8")
    assert "my_share" in sheet and "more_than_a_third" not in (tmp_path / "out" / "student" / "exam" / "handin" / "exercises.json").read_text("utf8")


def test_a_private_check_of_an_answer_that_is_not_there_is_named(tmp_path):
    path = tmp_path / "geography-share.py"
    path.write_text('def lost(nothing):\n    """Never."""\n    return True\n')
    with pytest.raises(Fault, match="has no answer 'nothing'"):
        extra_checks(path, EXERCISES["geography-share"])
