"""The chapters: anatomy, length, charts; and that nbval would notice one changed number.

nbval itself runs over chapters/ in the same pytest call (see pyproject.toml).
"""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import CHAPTERS, ROOT

from panj.charts import MIME
from panj.numbers import PREFIX

ANATOMY = [
    "What you will be able to do",
    "What the article says",
    "Weigh the claim",
    "What is missing",
    "Check yourself",
    "Exercises",
    "Summary",
    "Key terms",
    "Where next",
]
NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))


def read(name):
    return json.loads((ROOT / "chapters" / f"{name}.ipynb").read_text("utf8"))


def prose(notebook):
    return "\n".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "markdown")


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_follows_the_anatomy(name):
    text = prose(read(name))
    headings = re.findall(r"^## (.+)$", text, re.M)
    assert [h for h in headings if h in ANATOMY] == ANATOMY
    assert ":class: question" in text and "**Time:**" in text and "**You need:**" in text


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_a_lesson_long(name):
    """Prose to read: from the first heading to the questions, without ids, headings and list numbers."""
    text = prose(read(name)).split("## Check yourself")[0].split("## What the article says")[1]
    text = re.sub(r"\s<[^<>`]+>`|^#+ .*$|\{[\w:]+\}", "", text, flags=re.M)
    assert 1500 <= len(re.findall(r"\w[\w’'.,-]*", text)) <= 2500


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_has_four_charts_or_more(name):
    outputs = [o for c in read(name)["cells"] for o in c.get("outputs", [])]
    assert sum(MIME in o.get("data", {}) for o in outputs) >= 4


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_cell_is_stored_executed_and_none_is_excused(path):
    for cell in json.loads(path.read_text("utf8"))["cells"]:
        if cell["cell_type"] == "code":
            assert cell["execution_count"], "run all and save: make run"
            assert not any("nbval" in tag for tag in cell["metadata"].get("tags", []))
            assert "NBVAL" not in "".join(cell["source"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_cell_that_prints_a_table_has_a_caption_of_its_own(path):
    """The metadata of the cell hold it; without, the page would repeat the heading above the table."""
    given = {}
    for cell in json.loads(path.read_text("utf8"))["cells"]:
        pages = ["".join(o.get("data", {}).get("text/html", "")) for o in cell.get("outputs", [])]
        if any('class="dataframe"' in html for html in pages):
            caption, where = cell["metadata"].get("caption", "").strip(), f"{path.name}, {cell['id']}"
            assert caption, f"{where}: prints a table, but its metadata hold no caption"
            assert caption not in given, f"{where}: has the caption of {given[caption]}: {caption}"
            given[caption] = cell["id"]


@pytest.fixture
def copy(tmp_path):
    """A copy of what one chapter needs, and a function that runs nbval on it, strictly."""
    for folder in ("data", "panj"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    chapter = tmp_path / "ethnicity.ipynb"
    shutil.copy(ROOT / "chapters" / chapter.name, chapter)

    def passes():
        command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", chapter.name]
        run = subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)}, capture_output=True)
        return run.returncode == 0

    return tmp_path, chapter, passes


def test_nbval_passes_an_untouched_chapter(copy):
    assert copy[2]()


def test_nbval_notices_one_number_in_a_stored_output(copy):
    _, chapter, passes = copy
    notebook = json.loads(chapter.read_text("utf8"))
    outputs = [o for c in notebook["cells"] for o in c.get("outputs", []) if MIME in o.get("data", {})]
    outputs[0]["data"][MIME]["layout"]["meta"]["panj"]["rows"][0][-1] = 99
    chapter.write_text(json.dumps(notebook), "utf8")
    assert not passes()


def test_nbval_notices_one_number_of_the_prose(copy):
    _, chapter, passes = copy
    notebook = json.loads(chapter.read_text("utf8"))
    glued = [o["data"] for c in notebook["cells"] for o in c.get("outputs", []) if PREFIX + "text/plain" in o.get("data", {})]
    glued[0][PREFIX + "text/plain"] = "'99'"
    chapter.write_text(json.dumps(notebook), "utf8")
    assert not passes()


def test_nbval_notices_one_value_in_a_table(copy):
    folder, _, passes = copy
    table = folder / "data" / "ethnicity.csv"
    text = table.read_text("utf8")
    table.write_text(text.replace(",27,", ",26,"), "utf8")
    assert table.read_text("utf8") != text
    assert not passes()
