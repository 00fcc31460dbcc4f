"""The article is CC BY-NC-ND: none of its sentences may stand in the repository.

Eight words in a row are a sentence taken over; fewer can be a name, a date or chance.
The article itself is not in the repository, so the check runs only beside a copy of it.
"""

import csv
import html
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT.parent / "shared" / "article" / "paragraphs.tsv"
KINDS = {".md", ".ipynb", ".csv", ".json", ".py", ".yml", ".txt", ".html"}
RUN = 8


def runs(text):
    """All runs of eight words in a text, in order; a word is letters a-z and digits, lower case."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return [" ".join(words[n : n + RUN]) for n in range(len(words) - RUN + 1)]


def strings(value):
    """Every text inside a JSON value; a list of texts, like a notebook cell, is one text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        yield "".join(value)
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def texts(path):
    """The texts of a file as a reader sees them: JSON and notebooks string by string, entities and tags resolved."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix in {".ipynb", ".json"} and "submissions" not in path.parts:  # some of those are broken on purpose
        return [plain(part) for part in strings(json.loads(text))]
    return [plain(text)] if path.suffix in {".md", ".html"} else [text]


def plain(text):
    return html.unescape(re.sub(r"<[^>]*>", " ", text))


def taken_over(paths, article):
    """The runs of the article found in the files, as 'file: eight words'."""
    forbidden = {run for paragraph in article for run in runs(paragraph)}
    found = []
    for path in paths:
        for text in texts(path):
            found += [f"{path.name}: {run}" for run in runs(text) if run in forbidden]
    return found


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if Path(name).suffix in KINDS and (ROOT / name).is_file()]


@pytest.mark.skipif(not ARTICLE.exists(), reason="no copy of the article in ../shared/article to compare with")
def test_no_sentence_of_the_article_is_in_the_repository():
    with ARTICLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    article = [row["text"] for row in rows if row["locator"] != "RIGHTS"]
    assert len(article) > 10
    assert taken_over(tracked(), article) == []


MADE_UP = ["Seven grey herons crossed the frozen lake at noon, and nobody on the shore looked up."]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.md", "It is told that seven **grey** herons crossed the <em>frozen</em> lake at noon."),
        ("table.csv", "id,note\n1,Seven grey herons crossed the frozen lake at noon\n"),
        ("code.py", "# seven grey herons crossed\nLAKE = 'the frozen lake at'\n".replace("\nLAKE = 'the", " the")),
        (
            "lesson.ipynb",
            json.dumps({"cells": [{"source": ["Seven grey herons\n", "crossed the frozen lake at noon."], "outputs": []}]}),
        ),
        (
            "output.ipynb",
            json.dumps({"cells": [{"outputs": [{"data": {"text/html": ["<td>seven grey herons crossed</td>", "<td>the frozen lake at</td>"]}}]}]}),
        ),
    ],
)
def test_detector_finds_a_run_of_eight_words(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert taken_over([path], MADE_UP)


def test_detector_lets_seven_words_pass(tmp_path):
    path = tmp_path / "page.md"
    path.write_text("Once seven grey herons crossed the frozen lake, a boat did too.", encoding="utf-8")
    assert taken_over([path], MADE_UP) == []
