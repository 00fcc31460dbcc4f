"""The book as it is published: which edition it says it is, how it wants to be cited, what catalogues read of it, and the folder for a host."""

import gzip
import json
import os
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import PAGES, ROOT, SITE, Visit
from serve import Compressed, serve
from sphinx.application import Sphinx
from sphinx.errors import ConfigError

from panj import citation, learning
from panj.data import DATA
from panj.edition import edition
from panj.formats.downloads import WHOLE
from panj.publish import publish

PACKAGE = json.loads((DATA / "datapackage.json").read_text("utf8"))
BOOK = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
CHAPTER_PAGES = [page for page in PAGES if page.startswith("chapters/")]
SAID = {
    "COMMIT": "0123456789+",
    "SOURCE_DATE_EPOCH": "1798761600",  # 1 January 2027
    "BASEURL": "https://old.example/2026",
    "FROZEN": "https://new.example/book",
}


def build(folder, **env):
    """A small book of three pages, built in `folder` with these of `make`'s variables and no others; the folder of its site."""
    (folder / "chapters").mkdir()
    (folder / "chapters" / "cite.md").write_text((ROOT / "chapters" / "cite.md").read_text("utf8"))
    for name in ("ledger", "sources", "accessibility"):
        (folder / "chapters" / f"{name}.md").write_text(f"# {name.title()}\n\nText.\n")
    (folder / "chapters" / "index.md").write_text("# Book\n\nText.\n\n```{toctree}\ncite\nledger\nsources\naccessibility\n```\n")
    settings = {"extensions": ["myst_nb", "sphinx_design", "panj.book"], "html_theme": "panj", "root_doc": "chapters/index", "html_use_index": False}
    with pytest.MonkeyPatch.context() as patch:
        for name in SAID:
            patch.delenv(name, raising=False)
        for name, value in env.items():
            patch.setenv(name, value)
        Sphinx(folder, None, folder / "_build" / "html", folder / "_build" / "tree", "html", settings, status=None, warning=None).build()
    return folder / "_build" / "html"


def read(path):
    return BeautifulSoup(path.read_text("utf8"), "html.parser")


def part(name, start, end):
    """What stands between two marks of a built page, parsed: some pages are long. Nothing when the first is not there."""
    return BeautifulSoup((SITE / name).read_text("utf8").partition(start)[2].partition(end)[0], "html.parser")


@pytest.fixture(scope="module")
def frozen(tmp_path_factory):
    """An older edition, with all that `make` can say of it."""
    return build(tmp_path_factory.mktemp("frozen"), **SAID)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """The current edition, from a copy without history and without an address."""
    return build(tmp_path_factory.mktemp("bare"))


def test_a_page_that_is_taken_out_is_gone_from_the_site(tmp_path):
    site = build(tmp_path)
    left = [site / "chapters" / "gone.html", site / "_sources" / "chapters" / "gone.md"]
    for path in left:
        path.write_text("<p>Withdrawn.</p>")
    shutil.rmtree(tmp_path / "chapters")
    assert build(tmp_path) == site and (site / "chapters" / "cite.html").exists()
    assert [path for path in left if path.exists()] == []


# Editions


def test_an_older_edition_says_so_on_every_page_and_leads_to_the_current_one(frozen, bare):
    pages = [path for path in frozen.rglob("*.html") if path != frozen / "index.html"]  # that one only leads to the start page
    assert len(pages) == 7
    for path in pages:
        (banner,) = read(path).select("aside.panj-older")
        assert banner.get_text() == f"This is edition {PACKAGE['version']}. The current one is at https://new.example/book/."
        assert banner.a["href"] == "https://new.example/book/"
        assert read(bare / path.relative_to(frozen)).select(".panj-older") == []


def test_the_foot_of_a_page_names_edition_day_and_commit(frozen, bare):
    foot = {site: " ".join(read(site / "chapters" / "cite.html").footer.get_text().split()) for site in (frozen, bare)}
    version = PACKAGE["version"]
    assert f"Edition {version}, last changed on 1 January 2027 (commit 0123456789 and changes since)." in foot[frozen]
    as_of = date.fromisoformat(PACKAGE["edition"]["as_of"])
    assert f"Edition {version}, as of {as_of.day} {as_of:%B %Y}, from a copy that names no commit." in foot[bare]


@pytest.mark.parametrize("name", [page for page in PAGES if page != "index.html"])
def test_every_page_names_the_edition(name):
    assert f"Edition {PACKAGE['version']}, " in " ".join(part(name, "<footer", "</footer").get_text().split())


def test_an_edition_is_overdue_only_while_it_is_the_current_one():
    now, kept = edition({}), edition({"FROZEN": "https://new.example"})
    year, month = divmod(now.as_of.year * 12 + now.as_of.month - 1 + now.review_after, 12)
    last, next_ = date(year, month + 1, 28), date(year + month // 11, (month + 1) % 12 + 1, 1)
    assert not now.overdue(last) and now.overdue(next_)
    assert not kept.overdue(date(2999, 1, 1)) and kept.current == "https://new.example/"


@pytest.mark.parametrize("text", ["yes", "new.example/book", "https://new.example/ book", "javascript:alert(1)"])
def test_what_is_no_address_is_refused_with_what_to_write(text):
    with pytest.raises(ConfigError, match="FROZEN=.* is no address of a site. Write it in full: FROZEN=https://"):
        edition({"FROZEN": text})


def test_addresses_are_whole_where_the_address_is_known(frozen, bare):
    base = "https://old.example/2026/"
    page = read(frozen / "chapters" / "cite.html")
    assert page.select_one("link[rel=canonical]")["href"] == base + "chapters/cite.html"
    listed = [loc.text for loc in ElementTree.parse(frozen / "sitemap.xml").findall(".//{*}loc")]
    assert base + "chapters/cite.html" in listed and all(url.startswith(base) for url in listed)
    assert f"Sitemap: {base}sitemap.xml" in (frozen / "robots.txt").read_text("utf8")
    assert "https://" not in (bare / "robots.txt").read_text("utf8") + (bare / "sitemap.xml").read_text("utf8")


# Citing


def test_the_files_that_archives_read_are_up_to_date():
    """Mend: make cite."""
    for name, make in citation.FILES.items():
        assert (ROOT / name).read_text("utf8") == make(citation.work()), name


def test_every_form_of_the_citation_says_the_same(frozen):
    page = read(frozen / "chapters" / "cite.html")
    bibtex, ris = (pre.get_text() for pre in page.select(".panj-cite pre"))
    sentence = page.select_one("p.panj-cite").get_text()
    tags = dict(line.split("  - ", 1) for line in ris.splitlines())
    fields = {name: text.strip("{}") for name, text in re.findall(r"^  (\w+) = (\{.*\}),$", bibtex, re.M)}
    cff, codemeta = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf8")), json.loads((ROOT / "codemeta.json").read_text("utf8"))
    author, day = BOOK["author"], date.fromisoformat(PACKAGE["edition"]["as_of"])
    assert author in (ROOT / "LICENSE").read_text("utf8")
    assert {author} == {tags["AU"], fields["author"], cff["authors"][0]["name"], codemeta["author"][0]["name"]} and author in sentence
    assert {BOOK["title"]} == {tags["TI"], fields["title"], cff["title"], codemeta["name"], page.select_one("cite").get_text()}
    assert {PACKAGE["version"]} == {tags["ET"], fields["note"].removeprefix("Edition "), cff["version"], codemeta["version"]}
    assert {day.isoformat()} == {tags["DA"].replace("/", "-"), str(cff["date-released"]), codemeta["dateModified"]}
    assert (fields["year"], fields["month"]) == (str(day.year), str(day.month))
    assert {"https://old.example/2026/"} == {tags["UR"], fields["url"], page.select_one("p.panj-cite a")["href"]}
    assert [(frozen / "_static" / f"across-the-panj.{end}").read_text("utf8") for end in ("bib", "ris")] == [bibtex, ris]


def test_a_citation_is_copied_with_one_press(visit):
    page = visit("chapters/cite.html", permissions=["clipboard-read", "clipboard-write"]).page
    page.locator(".panj-cite").nth(1).hover()
    page.locator(".panj-copy").first.click()
    page.locator(".panj-copy", has_text="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == (SITE / "_static" / "across-the-panj.bib").read_text("utf8")


# What catalogues read


@pytest.mark.parametrize("name", CHAPTER_PAGES)
def test_a_page_describes_itself_with_what_stands_on_it(name):
    head, foot = part(name, "<head>", "</head>"), part(name, "<footer", "</footer")
    said = json.loads(head.select_one("script[type='application/ld+json']").string)
    h1 = re.sub(r"^\d+\. ", "", part(name, "<h1>", "<a ").get_text())
    start = name == "chapters/index.html"
    assert "LearningResource" in said["@type"] and said["@context"] == "https://schema.org"
    assert said["name"] == h1 and said["description"] == head.select_one("meta[name=description]")["content"]
    assert said["version"] == PACKAGE["version"] and said["license"] == PACKAGE["licenses"][0]["path"] and said["inLanguage"] == "en"
    assert said["author"]["name"] == BOOK["author"] and said["educationalLevel"] == "undergraduate"
    assert ("isPartOf" in said) is not start
    assert said["learningResourceType"] in {*learning.KINDS.values(), learning.PLAN, "module"}
    minutes = re.search(r"<strong>Time:</strong> (\d+) minutes", (SITE / name).read_text("utf8"))
    assert said.get("timeRequired") == (f"PT{minutes[1]}M" if minutes else None)
    assert said.get("teaches", []) == [" ".join(li.get_text().split()) for li in part(name, 'id="what-you-will-be-able-to-do"', "</section>").select("li")]
    changed = foot.time.get_text()
    assert changed == f"{int(said['dateModified'][8:])} {date.fromisoformat(said['dateModified']):%B %Y}"


def test_every_part_of_the_contents_has_its_kind():
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))["parts"]
    assert [part["caption"] for part in parts] == list(learning.KINDS)


# The folder for a host


@pytest.fixture(scope="module")
def host(tmp_path_factory):
    """The published folder, deep below the root of a host."""
    folder = tmp_path_factory.mktemp("host") / "some" / "path"
    folder.parent.mkdir()
    made = tmp_path_factory.mktemp("formats")
    for name in WHOLE:  # what they hold is a matter of test_formats.py
        (made / name).write_bytes(name.encode())
    publish(SITE, folder, made)
    return folder


def files(folder):
    return {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}


def test_the_folder_holds_all_that_pages_need_and_nothing_that_the_build_left(host):
    there = {path for path in files(host) if path.suffix != ".gz"}
    assert files(SITE) - there == {Path(".buildinfo"), Path(".built"), Path("objects.inv")}
    assert there - files(SITE) == {Path(".nojekyll"), *(Path("_downloads", name) for name in WHOLE)}
    linked = {a["href"].removeprefix("../") for page in CHAPTER_PAGES for a in part(page, "<footer", "</footer").select("a[download]")}
    assert {str(path) for path in there if path.parts[0] == "_sources"} == {link for link in linked if link.startswith("_sources/")}
    assert linked <= {str(path) for path in there}


def test_the_page_of_downloads_names_the_book_in_one_file(host):
    page = read(host / "chapters" / "downloads.html")
    assert {f"../_downloads/{name}" for name in WHOLE} <= {link["href"] for link in page.select("main a[download]")}
    assert gzip.decompress((host / "chapters" / "downloads.html.gz").read_bytes()).decode() == (host / "chapters" / "downloads.html").read_text("utf8")


def test_every_packed_file_unpacks_to_the_file_beside_it(host):
    packed = sorted(host.rglob("*.gz"))
    assert [path for path in packed if gzip.decompress(path.read_bytes()) != path.with_suffix("").read_bytes()] == []
    heavy = {path for end in ("html", "js", "mjs", "css", "svg", "wasm") for path in host.rglob(f"*.{end}") if path.stat().st_size > 1000}
    assert heavy <= {path.with_suffix("") for path in packed}
    assert all(path.stat().st_size < path.with_suffix("").stat().st_size for path in packed)


def test_the_folder_works_below_any_path(host, browser):
    with serve(Compressed, host.parent.parent) as server:
        address = f"http://127.0.0.1:{server.server_port}/some/path"
        context = browser.new_context()
        visit = Visit(context, address)
        visit.page.goto(f"{address}/")
        visit.page.wait_for_url("**/chapters/index.html")
        visit.page.locator("#book-nav a", has_text="Geography").click()
        visit.page.wait_for_load_state("networkidle")
        assert visit.page.url == f"{address}/chapters/geography.html"
        visit.page.locator(".panj-canvas img:visible").first.scroll_into_view_if_needed()
        visit.page.locator(".panj-canvas img:visible").first.evaluate("(picture) => picture.decode()")
        assert visit.page.evaluate("getComputedStyle(document.querySelector('.panj-bar')).display") == "flex"
        assert visit.errors == [] and visit.outside == []
        context.close()


@pytest.mark.parametrize(
    ("given", "answer"),
    [({}, "Name the address: make publish-dir BASEURL=https://"), ({"BASEURL": "https://a.example", "EDITION": "instructor"}, "is not for publishing: leave out EDITION")],
)
def test_what_cannot_be_published_is_refused_at_once(given, answer):
    env = {name: value for name, value in os.environ.items() if name not in (*SAID, "EDITION")}
    done = subprocess.run(["make", "publish-dir"], cwd=ROOT, env=env | given, capture_output=True, text=True)
    assert done.returncode and answer in done.stdout


def test_the_changelog_begins_with_this_edition():
    assert re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf8"), re.M)[1] == edition().version
