"""That nbval would notice one changed number of a chapter. What a chapter has is checked in tests/test_check.py.

nbval itself runs over chapters/ in the same pytest call (see pyproject.toml).
"""

import json
import os
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT

from panj.charts import MIME
from panj.numbers import PREFIX


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
