"""How a page is spelled and named: one dictionary, one form for each name, and advice on sentences that run long.

A word is known when it is in the English list of pyspellchecker, in data/ or requirements.in (so a name is right when
it is written as there), or in tests/words.txt. tests/names.csv says which form of a contested name the book uses, and why.
"""

import csv
import json
import re
from functools import cache

from ..data import DATA, load
from . import ROOT, Finding, found
from .pages import without_code
from .prose import ROLE, cells, sentences

WORDS = ROOT / "tests" / "words.txt"
NAMES = ROOT / "tests" / "names.csv"
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
CODE = re.compile(r"(\{[\w:]+\}`[^`]*`)|`[^`]*`")
LONG = 45
OTHERS = re.compile(r"title|url|variants|\w+_latin")  # fields of data/ that hold what others write


def find(path):
    """Findings in the Markdown of a page, an exercise or a document."""
    for number, text in cells(path):
        for word in dict.fromkeys(misspelt(text)):
            yield found(path, number, f"“{word}” is in no dictionary: correct it, or add it to tests/words.txt")
        for name, write, sentence in misnamed(text):
            yield found(path, number, f"{write}, not “{name}”, in: {sentence}")
        named = CODE.sub(lambda code: code[1] or "Code", text)  # a sentence may begin with it
        for sentence, _ in sentences(named):
            if (length := len(sentence.split())) > LONG:
                yield found(path, number, f"a sentence has {length} words; could it be two? It begins: {' '.join(sentence.split()[:8])} …", warning=True)


def tables():
    """Findings in the texts of data/: a contested form stands there in quotation marks, or in a field that is there for it."""
    package = json.loads((DATA / "datapackage.json").read_text("utf8"))
    for resource in (resource for resource in package["resources"] if "schema" in resource):
        fields = [field["name"] for field in resource["schema"]["fields"] if field["type"] == "string"]
        table = load(resource["name"])
        for field in (name for name in fields if not OTHERS.fullmatch(name)):
            for row, text in enumerate(table[field], 2):
                for name, write, _ in misnamed(text):
                    yield Finding("", 0, f"data/{resource['path']}, row {row}, {field}: {write}, not “{name}”")


def readable(markdown):
    """What a reader reads: without code, addresses, ids and what directives are called."""
    text = re.sub(r"^:[\w-]+:.*$|<!--.*?-->", "", without_code(markdown), flags=re.M)
    text = ROLE.sub(lambda role: "" if role[1].startswith("glue") else re.sub(r"\s*<[^<>]*>$", "", role[2]), text)
    return re.sub(r"(`+).+?\1|\]\([^)]*\)|https?://\S+|\w+(?:[.@]\w+)+|<[^>]+>|&#?\w+;", " ", text)


def misspelt(markdown):
    """The words of a text that no dictionary has, as they are written."""
    return [word for word in WORD.findall(readable(markdown)) if not known(word)]


def known(word):
    bare = re.sub(r"'s?$", "", word.lower().replace("’", "'"))
    return len(bare) == 1 or bare in dictionary() or word.lower().replace("’", "'") in dictionary()


@cache
def dictionary():
    """All words that are spelled right, in small letters."""
    from spellchecker import SpellChecker

    ours = [*sorted(DATA.glob("*.csv")), ROOT / "requirements.in"]
    named = re.sub(r"https?://\S+", "", "\n".join(path.read_text("utf8") for path in ours))
    return {*SpellChecker().word_frequency.dictionary, *WORD.findall(named.lower()), *project()}


def project():
    """The words of tests/words.txt, one a line."""
    return WORDS.read_text("utf8").split()


@cache
def names():
    """The rules of tests/names.csv as (pattern, what to write, reason)."""
    with NAMES.open(encoding="utf8", newline="") as file:
        return [(re.compile(row["pattern"]), row["write"], row["reason"]) for row in csv.DictReader(file)]


def misnamed(markdown):
    """(form, what to write, sentence) for each contested form, unless the sentence also has the book's own or quotes it."""
    for sentence, _ in sentences(markdown):
        quoted = re.sub(r"[“\"][^”\"]*[”\"]", " ", sentence)
        for pattern, write, _ in names():
            if (form := pattern.search(quoted)) and write not in quoted:
                yield form[0], f"the book writes “{write}”", sentence
