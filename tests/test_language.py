"""Words in another language say in which, on every built page (WCAG 2.2, 3.1.2), and the data say it rightly."""

import re

import pytest
from bs4 import NavigableString
from conftest import CHARTED, PAGES, soup

from panj import load
from panj.glossary import LANGUAGES

SCRIPTS = {"Cyrillic": "\u0400-\u052f", "Arabic": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"}
WRITTEN = {"tg": "Cyrillic", "ru": "Cyrillic", "fa": "Arabic", "fa-AF": "Arabic"}
FOREIGN = re.compile(f"[{''.join(SCRIPTS.values())}]+")
# Letters of a script that a language does without.
LACKING = {"tg": "[цщыь]", "ru": "[ғӣқӯҳҷ]", "fa": "[ټډړږښڼۍځڅٹڈڑںے]", "fa-AF": "[ټډړږښڼۍځڅٹڈڑںے]"}


def script(text):
    """The script of foreign letters, None where there are none."""
    return next((name for name, letters in SCRIPTS.items() if re.search(f"[{letters}]", text)), None)


def fault(word, language, direction="ltr"):
    """What is wrong with a word of foreign letters in this language; None if nothing is."""
    if script(word) != WRITTEN.get(language):
        return f"{word}: marked {language}"
    if re.search(LACKING[language], word, re.I):
        return f"{word}: {language} has no such letters"
    return f"{word}: runs {direction}" if (script(word) == "Arabic") != (direction == "rtl") else None


def nearest(node, attribute):
    return next(parent[attribute] for parent in node.parents if attribute in parent.attrs)


@pytest.mark.parametrize("page", PAGES)
def test_foreign_letters_stand_in_their_language(page):
    html = soup(page)
    html.html["dir"] = "ltr"
    texts = [text for text in html.find_all(string=True) if type(text) is NavigableString]
    found = [fault(w, nearest(t, "lang"), nearest(t, "dir")) for t in texts for w in FOREIGN.findall(t)]
    assert [f for f in found if f] == []


@pytest.mark.parametrize("page", PAGES)
def test_no_foreign_letters_where_nothing_can_be_marked(page):
    """An attribute is read in the language of its element, and what stands in the box of the evidence comes from one."""
    read = ("title", "alt", "aria-label", "aria-description", "placeholder", "label", "value", "content", "data-about")
    values = [tag[name] for tag in soup(page).find_all(True) for name in read if name in tag.attrs]
    assert [value for value in values if FOREIGN.search(value)] == []


def known():
    """The words of the data in other languages: [(language, words), ...], by the page that lists them all."""
    sources, glossary = load("sources").query("language != 'en'"), load("glossary")
    names = [(code, name) for column, (_, own, latin) in LANGUAGES.items()
             for code, field in ((own, column), (latin, f"{column}_latin")) for name in glossary[field] if name]
    names = [(code, name.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")) for code, name in names]  # as Sphinx sets it
    return {"chapters/sources.html": list(zip(sources["language"], sources["title"])), "chapters/glossary.html": names}


def shown(page):
    """What a page marks as another language, without what is marked inside it."""
    marked = soup(page).select("body [lang]")
    return [(tag["lang"], tag.get_text()) for tag in marked if not tag.find_parent(lang=True, name="span")]


@pytest.mark.parametrize("page", known())
def test_every_foreign_title_and_name_is_marked_and_nothing_beside_it(page):
    assert sorted(shown(page)) == sorted(known()[page])


def test_the_evidence_of_a_chart_marks_its_foreign_titles_and_nothing_beside_them():
    found = [pair for page in CHARTED for pair in shown(page)]
    assert found and set(found) <= set(known()["chapters/sources.html"])


def test_the_language_of_a_title_fits_its_letters():
    """Words in Tajik letters inside a Russian title are marked apart (panj/cite.py)."""
    found = []
    for s in load("sources").itertuples():
        words = FOREIGN.findall(s.title)
        found += [s.source_id] if bool(words) == (s.language == "en") else []
        own = [w for w in words if s.language != "ru" or not re.search(LACKING["ru"], w, re.I)]
        found += [fault(w, s.language, "rtl" if script(w) == "Arabic" else "ltr") for w in own]
    assert [f for f in found if f] == []


def test_the_language_of_a_title_is_that_of_its_note():
    """`in Dari` in the note on a source whose own title stands here says what language that is."""
    said = {"Tajik": "tg", "Russian": "ru", "Persian": "fa", "Dari": "fa-AF"}
    sources = load("sources").query("language != 'en'")
    noted = sources["reliability_note"].str.extract(r"\bin (Tajik|Russian|Persian|Dari)\b")[0].map(said)
    assert noted.notna().sum() > 30
    assert list(sources["source_id"][noted.notna() & (noted != sources["language"])]) == []
