"""The pages for instructors: what they tell to type works, and the plans are whole."""

import csv
import json
import re
import subprocess

import pytest
import yaml
from conftest import PLANS, ROOT, clone

from panj.data import DATA, problems
from panj.exercises.source import FOLDER, everything, extra_checks

EXERCISES, _ = everything()
plans = pytest.mark.parametrize("path", PLANS, ids=lambda p: p.stem)


def page(name):
    return (ROOT / "chapters" / f"{name}.md").read_text("utf8")


def fences(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def sections(text):
    """{heading: what stands below it} of a page."""
    parts = re.split(r"^## +(.+)$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def test_a_new_instructor_gets_from_a_copy_to_grades_by_the_commands_of_the_guide(tmp_path):
    """All commands of the page, in their order, in a fresh copy (the book itself is built by another test)."""
    clone(tmp_path)
    commands = [line for block in fences(page("teaching"), "sh") for line in block.splitlines()]
    assert [c.split()[1] for c in commands] == ["handouts", "grade", "finish", "book"]
    for command in commands[:-1]:
        done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path)})
        assert done.returncode == 0, done.stderr[-1500:]
    build = tmp_path / "_build"
    assert (build / "handouts" / "student" / "ps1.zip").exists() and (build / "handouts" / "instructor" / "ps1.ipynb").exists()
    assert (build / "handouts" / "quiz" / "geography-quiz-moodle.xml").exists() and (build / "handouts" / "quiz" / "geography-quiz-canvas.zip").exists()
    grades = build / "grades" / "ps1"
    for named in re.findall(r"`((?:grades|rubric|summary|final)\.\w+)`", page("teaching")):
        assert (grades / named).stat().st_size, named
    students = {row["student"] for row in csv.DictReader((grades / "grades.csv").open(encoding="utf-8-sig"))}
    assert len(students) >= 10 and len(list((grades / "feedback").iterdir())) == len(students)


def test_the_private_check_of_the_guide_is_one(tmp_path):
    (example,) = fences(page("marking"), "python")
    (tmp_path / "geography-share.py").write_text(example, "utf8")
    share = EXERCISES["geography-share"]
    (check,) = extra_checks(tmp_path / "geography-share.py", share)
    assert check.passes(share.proof["model"]) and not check.passes({"border_neighbours": ["AFG", "AFG", "CHN", "UZB"]})


def test_the_way_to_another_article_ends_without_a_fault(tmp_path):
    """The example of the guide as the whole of the data: three tables, one sentence, two statements."""
    header, _, *rows = [line.strip("| ").split(" | ") for line in page("adapting").splitlines() if line.startswith("|")]
    package = json.loads((DATA / "datapackage.json").read_text("utf8"))
    package |= {"sentences": {"P1": 1}, "resources": [r for r in package["resources"] if r["name"] in ("claims", "sources", "evidence")]}
    (tmp_path / "datapackage.json").write_text(json.dumps(package), "utf8")
    fill = {
        "claims": rows,
        "sources": [["road-agency-2019", "A road agency", "Bridges of the year", "en", "2019", "https://example.org/bridges", "official document", "evidence", "counts its own bridges", "2026-01-01"]],
        "evidence": [[rows[0][0], "corroborated", "road-agency-2019", "", "", "2019", "lists the bridge"], [rows[1][0], "not found", "", "", "", "", "searched for counts of lorries"]],
    }
    for name, lines in fill.items():
        first = (DATA / f"{name}.csv").read_text("utf8").splitlines()[0]
        (tmp_path / f"{name}.csv").write_text("\n".join([first, *(",".join(line) for line in lines)]) + "\n", "utf8")
    assert header == (DATA / "claims.csv").read_text("utf8").splitlines()[0].split(",")
    assert problems(tmp_path) == []


def test_the_course_names_every_plan_and_every_problem_set_there_is():
    text = page("course")
    assert set(re.findall(r"\((plan-[a-z]+)\.md\)", text)) == {path.stem for path in PLANS}
    sets = yaml.safe_load((FOLDER / "assignments.yml").read_text("utf8"))
    term = sections(text)["A term"]
    assert {f"ps{n}" for n in re.findall(r"problem set (\d)", term)} == set(sets)
    for given in sets.values():
        assert 60 <= sum(EXERCISES[key].about["minutes"] for key in given["exercises"]) <= 180
    weeks = [int(n) for n in re.findall(r"^\| (\d+) \|", term, re.M)]
    assert weeks == list(range(1, 13)) and "Twelve weeks" in term


@plans
def test_a_plan_fills_ninety_minutes(path):
    rows = re.findall(r"^\| (\d+)–(\d+) \|", sections(path.read_text("utf8"))["Ninety minutes"], re.M)
    times = [(int(a), int(b)) for a, b in rows]
    assert times[0][0] == 0 and times[-1][1] == 90 and all(a < b for a, b in times)
    assert all(before[1] == after[0] for before, after in zip(times, times[1:]))


@plans
def test_a_plan_has_its_parts(path):
    text = path.read_text("utf8")
    parts = sections(text)
    assert list(parts) == ["Ninety minutes", "Questions for discussion", "What students get wrong", "On the board", "For everyone"]
    questions = re.findall(r"^### (.+)$\n+(.+)$", parts["Questions for discussion"], re.M)
    assert len(questions) >= 4 and all(q.endswith("?") and len(answer.split()) >= 30 for q, answer in questions)
    assert len(re.findall(r"^\*\*[“\"].+?[”\"]\*\*", parts["What students get wrong"], re.M)) >= 3
    (board,) = fences(parts["On the board"], "text")
    assert 3 <= len(board.splitlines()) <= 12 and max(map(len, board.splitlines())) <= 70


@plans
def test_a_plan_uses_exercises_of_its_chapter(path):
    used = set(re.findall(r"\{exercise\}`([\w-]+)`", path.read_text("utf8")))
    assert len(used) >= 2 and all(EXERCISES[key].about["chapter"] == path.stem.removeprefix("plan-") for key in used)
