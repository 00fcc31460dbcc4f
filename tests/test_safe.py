"""A strict policy, text that stays text, and the files a host and a search engine look for."""

import csv
import itertools
import json
import re
import shutil
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import nbformat.v4 as nb
import pandas as pd
import plotly.express as px
import pytest
from bs4 import BeautifulSoup
from conftest import PAGES, READ, SITE, rebuild, soup
from sphinx.application import Sphinx

from panj import charts, codebook, data, pages, policy
from panj.data import DATA
from panj.tidy import METADATA


def rules(text):
    return dict(rule.strip().split(" ", 1) for rule in text.split(";"))


def inline(page):
    """The inline scripts that a browser would run: it takes the page's description of itself, in JSON, for data."""
    return [script for script in page.select("script:not([src])") if script.get("type") != "application/ld+json"]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_carries_a_strict_policy_and_keeps_it(name):
    page = soup(name)
    head = list(page.head.find_all(True))
    said = rules(page.select_one("meta[http-equiv=Content-Security-Policy]")["content"])
    assert said["default-src"] == "'none'"
    assert not re.search(r"unsafe|http|\*|data:|blob:", " ".join(said.values()))
    scripts = [s.string for s in inline(page)]
    assert all(policy.digest(s) in said["script-src"] for s in scripts)
    first_script = next((n for n, tag in enumerate(head) if tag.name == "script"), len(head))
    assert [tag.get("http-equiv") for tag in head].index("Content-Security-Policy") < first_script
    assert page.select("[style], style") == []
    assert [tag for tag in page.find_all(True) if any(a.startswith("on") for a in tag.attrs)] == []
    assert [a["href"] for a in page.select("[href^='javascript:'], [src^='data:']")] == []


def test_the_headers_file_allows_what_the_pages_allow_and_no_more():
    (line,) = re.findall("Content-Security-Policy: (.+)", (SITE / "_headers").read_text("utf8"))
    whole = rules(line)
    for name in PAGES:
        for rule, sources in rules(soup(name).select_one("meta[http-equiv=Content-Security-Policy]")["content"]).items():
            assert set(sources.split()) - {"'none'"} <= set(whole[rule].split()), f"{name}: {rule}"
    # WebAssembly alone, for the worker that runs Python; a page's own policy does not let the page have it.
    assert not re.search(r"unsafe|http:|https:|\*", line.replace(" 'wasm-unsafe-eval'", "", 1))
    assert not any("wasm" in (SITE / name).read_text("utf8").partition("</head>")[0] for name in PAGES)


def test_the_policy_is_in_force(visit):
    """An inline script, an inline style and another host are refused, and the page can tell."""
    page = visit("chapters/how-to-read.html").page
    refused = page.evaluate(
        """async () => {
            const refused = [];
            document.addEventListener("securitypolicyviolation", (e) => refused.push(e.effectiveDirective));
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script, document.createElement("p"));
            document.body.lastChild.setAttribute("style", "color: red");
            document.body.append(Object.assign(new Image(), { src: "https://example.org/a.png" }));
            try { await fetch("./index.html"); } catch {}
            await new Promise((done) => setTimeout(done, 200));
            return [...refused, window.ran ?? "did not run"];
        }"""
    )
    assert {"script-src-elem", "style-src-attr", "img-src", "connect-src", "did not run"} <= set(refused)


@pytest.mark.parametrize("name", PAGES)
def test_the_head_says_what_the_page_is(name):
    page = soup(name)
    assert page.html["lang"] == "en"
    content = {m.get("name") or m.get("property"): m["content"] for m in page.select("meta[content]")}
    assert 40 <= len(content["description"]) <= 400
    assert content["og:title"] and content["og:description"] == content["description"]
    assert (SITE / name).parent.joinpath(content["og:image"]).resolve() == SITE / "_static" / "card.png"
    if name in READ:
        assert (SITE / name).parent.joinpath(page.select_one("link[rel=icon]")["href"]).resolve().exists()


def test_no_two_pages_describe_themselves_alike():
    said = [soup(p).select_one("meta[name=description]")["content"] for p in PAGES if p.startswith("chapters/")]
    titles = [soup(p).title.string for p in PAGES if p.startswith("chapters/")]
    assert len(set(said)) == len(said) and len(set(titles)) == len(titles)


def test_the_sitemap_lists_every_page_of_the_book():
    listed = [loc.text for loc in ElementTree.parse(SITE / "sitemap.xml").findall(".//{*}loc")]
    assert sorted(listed) == [p for p in PAGES if p.startswith("chapters/")]
    assert "Allow: /" in (SITE / "robots.txt").read_text("utf8")


def test_a_lost_reader_finds_the_way_from_any_depth(visit, address):
    for lost in ("nothing.html", "chapters/nothing.html", "chapters/deep/er/nothing"):
        seen = visit(lost)
        assert seen.page.locator("h1").inner_text() == "Page not found"
        assert seen.page.evaluate("getComputedStyle(document.querySelector('.panj-bar')).display") == "flex", "no style"
        seen.page.locator("article a", has_text="start page").click()
        assert seen.page.url == f"{address}/chapters/index.html"
        assert [e for e in seen.errors if lost not in e and "404" not in e] == []


# Text from data can never become markup.

NASTY = [
    "<script>window.owned = 1</script>",
    '"><img src=x onerror="window.owned = 1">',
    "'; alert(1); //",
    "</table></figure><h1>Gone</h1>",
    "</script><script>window.owned = 1</script>",
    "\u202egnp.ecnedive",
    '=HYPERLINK("http://evil.example","x")',
    "{{ 7 * 7 }} {claim}`x <y>` $x^2$ [a](javascript:alert(1)) `code` *star*",
    "&amp; & &lt;b&gt; &#60;i&#62;",
]
DIRECTIVES = {"ledger": "ledger", "sources": "sourcelist", "timeline": "timeline", "glossary": "glossarypage", "codebook": "codebook"}


def poison(folder):
    """A copy of data/ in which every free text ends with something nasty."""
    package = json.loads((DATA / "datapackage.json").read_text("utf8"))
    shutil.copytree(DATA, folder)
    nasty = itertools.cycle(NASTY)
    for resource in package["resources"]:
        resource["description"] = f"{resource.get('description', '')} {next(nasty)}"
        if "schema" not in resource:
            continue
        with (DATA / resource["path"]).open(encoding="utf8", newline="") as file:
            rows = list(csv.DictReader(file))
        for field in resource["schema"]["fields"]:
            field["description"] = f"{field.get('description', '')} {next(nasty)}"
            if is_free(field, resource["schema"]):
                for row in rows:
                    row[field["name"]] += f" {next(nasty)}"
        with (folder / resource["path"]).open("w", encoding="utf8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
    (folder / "datapackage.json").write_text(json.dumps(package), "utf8")


def is_free(field, schema):
    """Whether a field may hold any text: no rule binds it, and nothing is looked up by it."""
    bound = {key for foreign in schema.get("foreignKeys", []) for key in foreign["fields"]} | set(schema["primaryKey"])
    rules = {name: rule for name, rule in field.get("constraints", {}).items() if name not in ("required", "unique")}
    return field["type"] == "string" and rules in ({}, {"pattern": r"^\S(.*\S)?$"}) and "ids" not in field and field["name"] not in bound | {"term"}


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory):
    """A small book of a chart, a printed table, key terms and every reference page, all their texts nasty."""
    folder = tmp_path_factory.mktemp("book")
    poison(folder / "data")
    with pytest.MonkeyPatch.context() as patch:
        shown = []
        patch.setattr(charts, "display", lambda bundle, raw: shown.append(bundle))
        for module in (data, codebook, pages):
            patch.setattr(module, "DATA", folder / "data")
        text = "<br>".join(NASTY)
        fig = px.bar(pd.DataFrame({"x": NASTY, "y": range(1, len(NASTY) + 1)}), x="x", y="y", title=text, text=NASTY, hover_name=NASTY)
        fig.update_traces(hovertemplate=[f"%{{y}} {n}" for n in NASTY]).add_annotation(text=text, x=0, y=1)
        table = pd.DataFrame({NASTY[0]: NASTY, NASTY[1]: NASTY, "claim_id": "tajik-share-27"})
        charts.show(fig, alt=text + " and eight words more than there are", table=table, units=text, as_of=text, note=text)
        printed = {"text/html": table.to_html(), "text/plain": "table"}
        cells = [nb.new_code_cell("1", outputs=[nb.new_output("display_data", data=out)], execution_count=1) for out in (shown[0], printed)]
        words = nb.new_markdown_cell("# Page &lt;/script>&lt;script>window.owned = 1&lt;/script>\n\n{claim}`tajik-share-27` {source}`natural-earth`\n\n```{keyterms}\n```\n")
        (folder / "chapters").mkdir()
        (folder / "chapters" / "geography.ipynb").write_text(json.dumps(nb.new_notebook(cells=[words, *cells], metadata=METADATA)))
        for page, directive in DIRECTIVES.items():
            (folder / "chapters" / f"{page}.md").write_text(f"# {page.title()}\n\n```{{{directive}}}\n```\n")
        tree = "\n".join(["geography", *DIRECTIVES, "accessibility"])
        (folder / "chapters" / "accessibility.md").write_text("# Accessibility\n\nText.\n")
        (folder / "chapters" / "index.md").write_text(f"# Book\n\nText.\n\n```{{toctree}}\n{tree}\n```\n")
        settings = {"extensions": ["myst_nb", "sphinx_design", "panj.book"], "nb_execution_mode": "off", "html_theme": "panj", "root_doc": "chapters/index"}
        out = folder / "_build" / "html"
        Sphinx(folder, None, out, folder / "_build" / "tree", "html", settings, status=None, warning=None).build()
    return out


@pytest.mark.parametrize("name", ["geography", *DIRECTIVES])
def test_text_from_data_never_becomes_markup(poisoned, browser, name):
    html = BeautifulSoup((poisoned / "chapters" / f"{name}.html").read_text("utf8"), "html.parser")
    known = [policy.THEME_SCRIPT]
    assert [s for s in inline(html) if s.string not in known] == []
    (described,) = html.select("script[type='application/ld+json']")
    assert json.loads(described.string)["name"].startswith("Page </script><script>") is (name == "geography")
    assert html.select("img[src=x], [onerror], h1 ~ h1, [href^='javascript:'], article script, article style") == []
    assert len(html.select("h1")) == 1
    said = html.article.get_text().translate({0x201C: '"', 0x201D: '"', 0x2018: "'", 0x2019: "'"})  # Sphinx curls them
    for nasty in NASTY:
        assert " ".join(nasty.split()) in " ".join(said.split()), nasty
    page = browser.new_page()
    errors = []
    page.on("console", lambda m: errors.append(m.text))
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.goto((poisoned / "chapters" / f"{name}.html").as_uri())
    for button in page.locator(".panj-explore").all():
        button.click()
        page.locator(".panj-plot .main-svg").first.wait_for()
        for _ in NASTY:
            page.keyboard.press("ArrowRight")
    for anchor in page.locator("a[data-about]").all():
        anchor.focus()
    page.wait_for_timeout(300)
    assert page.evaluate("window.owned") is None
    assert page.locator("img[src='x'], [onerror], article script").count() == 0
    assert errors == []
    page.close()


def test_two_builds_of_one_state_are_the_same_to_the_byte(tmp_path):
    """Built once more, elsewhere, from nothing and with another hash seed: pages, search, pictures and all."""
    foot = soup("chapters/index.html").footer
    epoch = str(int(datetime.strptime(f"{foot.time.string} +0000", "%d %B %Y %z").timestamp()))
    commit = (foot.code.string if foot.code else "") + ("+" if "changes since" in foot.get_text() else "")
    again = rebuild(tmp_path, SOURCE_DATE_EPOCH=epoch, COMMIT=commit, PYTHONHASHSEED="7")
    files = {p.relative_to(SITE) for p in SITE.rglob("*") if p.is_file()} - {Path(".built")}  # the mark of `make`
    assert files == {p.relative_to(again) for p in again.rglob("*") if p.is_file()}
    different = [str(f) for f in files if (SITE / f).read_bytes() != (again / f).read_bytes()]
    assert different == [], different
