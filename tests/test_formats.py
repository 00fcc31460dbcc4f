"""The book in other forms: the folder to carry, the EPUB, the PDF, the data, the notebooks; and the page that offers them."""

import hashlib
import html
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

import pandas
import pikepdf
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, SITE, Visit, soup

from panj.archive import checksums, pack
from panj.data import DATA, load
from panj.exercises.handouts import Notes
from panj.formats import articles, data, downloads, epub, notebooks, offline, pdf
from panj.formats.__main__ import MAKERS, make
from panj.formats.about import about

BASE = "https://book.example/2026/"
EPOCH = 1798761600  # 1 January 2027
TOLD = about({"BASEURL": BASE, "SOURCE_DATE_EPOCH": str(EPOCH)})
ARTICLES = [name for name, _, _ in articles.order()]
BOOK = [f"{name}.html" for name in ARTICLES]
NOTEBOOKS = sorted(SITE.glob("_downloads/across-the-panj-*.zip"))
NOTEBOOKS = [path for path in NOTEBOOKS if path.name != data.NAME]
PACKAGE = json.loads((DATA / "datapackage.json").read_text("utf8"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder with the book in one file, three ways, made as a publisher makes it."""
    folder = tmp_path_factory.mktemp("formats")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BASEURL", BASE)
        patch.setenv("SOURCE_DATE_EPOCH", str(EPOCH))
        with ThreadPoolExecutor() as apart:  # Playwright runs once in a thread, and the tests' browser may be open in this one
            apart.submit(make, SITE, folder).result()
    return folder


def holds(archive, sums="SHA256SUMS", below=""):
    """Whether a ZIP holds exactly the files that its list of checksums names, each with that checksum."""
    told = dict(reversed(line.split("  ", 1)) for line in archive.read(below + sums).decode().splitlines())
    there = {name.removeprefix(below): hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    there.pop(sums)
    return there == told


# The folder to carry


@pytest.fixture(scope="module")
def folder(made, tmp_path_factory):
    """The archive, unpacked."""
    where = tmp_path_factory.mktemp("stick")
    with zipfile.ZipFile(made / "across-the-panj-offline.zip") as archive:
        archive.extractall(where)
    return where / offline.TOP


def test_the_archive_holds_site_handouts_and_data_with_checksums(made, folder):
    with zipfile.ZipFile(made / "across-the-panj-offline.zip") as archive:
        assert holds(archive, below=offline.TOP + "/")
    site = {str(path.relative_to(SITE)) for path in SITE.rglob("*") if path.is_file() and not path.name.startswith(".")}
    there = {str(path.relative_to(folder / "site")) for path in (folder / "site").rglob("*") if path.is_file()}
    assert there == site
    assert [name for name in site if (folder / "site" / name).read_bytes() != (SITE / name).read_bytes()] == ["chapters/downloads.html"]
    assert {path.name for path in (folder / "data").iterdir()} >= {"claims.csv", "datapackage.json", "codebook.md", "LICENCE.txt"}
    assert {path.name for path in (folder / "handouts").iterdir()} >= {"ps1"}
    assert {path.name for path in folder.iterdir()} == {"site", "handouts", "data", "README.md", "SHA256SUMS"}


def test_no_answer_for_instructors_is_in_the_archive(folder):
    names = [str(path.relative_to(folder)) for path in folder.rglob("*")]
    assert [name for name in names if "instructor" in name or "rubric" in name or name.endswith((".xml", ".imscc")) and "sitemap" not in name] == []
    secret = [line for path in (ROOT / "exercises").glob("*.ipynb") for line in withheld(path)]
    text = "\n".join(path.read_text("utf8") for path in (folder / "handouts").rglob("*.*") if path.suffix in (".ipynb", ".md", ".json", ".py"))
    assert secret and [line for line in secret if line in text or json.dumps(line)[1:-1] in text] == []


def withheld(path):
    """Lines of an exercise that only instructors get, long enough to be found again."""
    for cell in json.loads(path.read_text("utf8"))["cells"]:
        if {"rubric", "instructor"} & set(cell["metadata"].get("tags", [])):
            yield from (line.strip() for line in cell["source"] if len(line.strip()) > 60)


def test_from_the_folder_a_chart_the_search_and_a_download_work(folder, browser):
    base = (folder / "site").as_uri()
    context = browser.new_context()
    seen = Visit(context, base)
    page = seen.page
    page.goto(f"{base}/index.html")
    page.wait_for_url("**/chapters/index.html")
    page.goto(f"{base}/chapters/ethnicity.html")
    page.locator(".panj-explore").first.click()
    page.locator(".panj-plot .main-svg").first.wait_for()
    page.locator(".panj-bar input").fill("Kulob")
    page.keyboard.press("Enter")
    page.locator(".search-summary", has_text="found").wait_for()
    page.goto(f"{base}/chapters/downloads.html")
    assert "You are reading the offline folder" in page.locator("main").inner_text()
    with page.expect_download() as loading:
        page.locator(f"a[href$='{data.NAME}']").click()
    with zipfile.ZipFile(loading.value.path()) as archive:
        assert holds(archive)
    assert seen.errors == [] and seen.outside == []
    context.close()


# The EPUB


@pytest.fixture(scope="module")
def book(made):
    """{path in the EPUB: bytes}"""
    with zipfile.ZipFile(made / "across-the-panj.epub") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def xhtml(book, name):
    return BeautifulSoup(book[f"book/{name}.xhtml"], "lxml-xml")


def epubcheck():
    """The command, as a list; None where it is not installed. Debian's is a bare jar."""
    found = shutil.which("epubcheck")
    if not found:
        return None
    return ["java", "-jar", os.path.realpath(found)] if Path(found).read_bytes()[:2] == b"PK" else [found]


@pytest.mark.skipif(not epubcheck(), reason="epubcheck is not installed (tools/epubcheck.sh)")
def test_epubcheck_has_nothing_to_say(made):
    done = subprocess.run([*epubcheck(), made / "across-the-panj.epub", "--json", "-", "--quiet"], capture_output=True, text=True)
    said = json.loads(done.stdout[done.stdout.index("{") :])
    assert said["messages"] == [] and said["checker"]["nFatal"] == said["checker"]["nError"] == said["checker"]["nWarning"] == 0


def test_the_epub_begins_with_its_mimetype_and_says_what_it_is(made, book):
    assert (made / "across-the-panj.epub").read_bytes()[30:58] == b"mimetypeapplication/epub+zip"
    package = BeautifulSoup(book["book/package.opf"], "lxml-xml")
    assert package.find("dc:title").text == "Across the Panj" and package.find("dc:language").text == "en"
    assert package.find("dc:date").text == PACKAGE["edition"]["as_of"]
    assert package.find("meta", property="dcterms:modified").text == "2027-01-01T00:00:00Z"
    assert [item["idref"].removesuffix(".xhtml") for item in package.find_all("itemref")] == ["title", "nav", *(Path(name).name for name in ARTICLES)]
    assert PACKAGE["version"] in xhtml(book, "title").get_text() and BASE in xhtml(book, "title").get_text()


@pytest.mark.parametrize("page", BOOK)
def test_every_page_keeps_its_words_pictures_tables_and_exercises(book, page):
    site, there = soup(page).select_one("main > article"), xhtml(book, Path(page).stem)
    pictures = site.select(".panj-light img")
    assert [image["alt"] for image in there.select("figure.panj-figure img")] == [image["alt"] for image in pictures]
    assert all(f"book/{image['src']}" in book and image["alt"] for image in there.select("img"))
    assert len(there.select("table")) == len(site.select("table"))
    assert [" ".join(p.get_text().split()) for p in there.select("table caption")] == [" ".join(p.get_text().split()) for p in site.select("table caption")]
    assert len(there.select(".panj-exercise, .panj-quiz")) == len(site.select(".panj-exercise, .panj-quiz"))
    assert there.select("script, button, form, input") == []
    heads = [" ".join(head.get_text().removesuffix("#").split()) for head in site.select("section > h2")]
    assert [" ".join(head.get_text().split()) for head in there.select("section > h2")] == heads + ["Notes"] * bool(there.select(".panj-notes"))


@pytest.mark.parametrize("page", BOOK)
def test_a_link_to_the_evidence_has_a_note_and_the_note_leads_back(book, page):
    site, there = soup(page).select_one("main > article"), xhtml(book, Path(page).stem)
    stated = {(link["href"].rpartition("#")[2], html.unescape(link["title"])) for link in site.select("a.panj-claim[title], a.panj-source[title]")}
    notes = there.select("li[role=doc-endnote]")
    marks = there.select("a[role=doc-noteref]")
    assert len(marks) == len(site.select("a.panj-claim[title], a.panj-source[title]"))
    own = f"{Path(page).stem}.xhtml#"
    assert {mark["href"] for mark in marks} == {own + note["id"] for note in notes}
    for note in notes:
        back = note.find("a", role="doc-backlink")["href"].removeprefix(own)
        assert there.find(id=back)["href"] == own + note["id"]
    told = {(note.find("a", role=None)["href"].rpartition("#")[2], note.get_text().rpartition(" · ")[0]) for note in notes}
    assert told == {(anchor, title.replace("\n", " · ")) for anchor, title in stated}


def test_the_contents_name_every_page_and_lead_to_every_section(book):
    nav = xhtml(book, "nav")
    targets = [link["href"] for link in nav.select("a")]
    assert [target for target in targets if "#" not in target] == [f"{Path(name).name}.xhtml" for name in ARTICLES]
    ids = {f"{Path(name).name}.xhtml": set(re.findall(r' id="([^"]+)"', book[f"book/{Path(name).name}.xhtml"].decode())) for name in ARTICLES}
    for name, _, anchor in (target.partition("#") for target in targets):
        assert not anchor or anchor in ids[name], (name, anchor)


@pytest.mark.parametrize("page", ["chapters/geography.html", "chapters/ledger.html"])
def test_a_page_of_the_epub_says_how_old_its_sources_are(book, page):
    assert soup(page).select_one(".panj-vintage").get_text() in xhtml(book, Path(page).stem).get_text()


# The PDF


@pytest.fixture(scope="module")
def paper(made):
    with pikepdf.open(made / "across-the-panj.pdf") as opened:
        yield opened


def elements(node):
    """Every element of the tree of tags."""
    if isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        node = node.get("/K", [])
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        yield from elements(node)


def test_the_pdf_says_what_it_is(paper):
    assert paper.Root.Lang == "en"
    assert paper.Root.MarkInfo.Marked and paper.Root.ViewerPreferences.DisplayDocTitle
    with paper.open_metadata() as meta:
        assert meta["dc:title"] == "Across the Panj" and meta["dc:creator"] == [TOLD["author"]] and meta["dc:rights"] == TOLD["licence"]
    assert str(paper.docinfo["/CreationDate"]).startswith("D:20270101000000+00")


def test_the_pdf_is_tagged_with_headings_tables_lists_and_described_pictures(paper):
    found = {}
    for element in elements(paper.Root.StructTreeRoot):
        found.setdefault(str(element.S), []).append(element)
    assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/L", "/LI", "/Link", "/Figure"} <= set(found)
    tables = sum(len(soup(page).select("main > article table")) for page in BOOK)
    assert len(found["/Table"]) == tables
    alts = [image["alt"] for page in BOOK for image in soup(page).select("main > article :is(.panj-light img, :not(picture) > img)")]
    assert [str(figure.Alt) for figure in found["/Figure"] if "/Alt" in figure] == alts and len(found["/Figure"]) == len(alts)


def test_the_bookmarks_name_every_page(paper):
    with paper.open_outline() as outline:
        names = [item.title for item in outline.root]
    told = [" ".join(soup(page).select_one("h1").get_text().removesuffix("#").split()) for page in BOOK]
    assert names == ["Across the Panj", "Contents", *told]


def test_every_link_within_the_pdf_leads_somewhere_and_outside_ones_are_whole(paper):
    inner, outer = set(), set()
    for page in paper.pages:
        for link in page.get("/Annots", []):
            if "/Dest" in link:
                inner.add(str(link.Dest))
            elif "/A" in link and "/URI" in link.A:
                outer.add(str(link.A.URI))
    assert inner and inner <= set(map(str, paper.Root.Dests.keys()))
    assert outer and [address for address in outer if not re.match(r"https?://", address)] == []
    assert {unquote(url).lower() for url in load("sources")["url"]} <= {unquote(address).lower() for address in outer}


def test_every_sheet_is_a4_and_none_is_empty(paper):
    for number, page in enumerate(paper.pages, 1):
        assert [round(float(side)) for side in page.mediabox] == [0, 0, 595, 842], number
        # A sheet with nothing but its running head and number draws fewer than this.
        assert len(page.Contents.read_bytes() if not isinstance(page.Contents, pikepdf.Array) else b"".join(part.read_bytes() for part in page.Contents)) > 1500, number


def test_nothing_is_wider_than_the_sheet(browser, tmp_path):
    """What stands over the edge of the sheet is cut by the printer."""
    _, text = pdf.laid_out(SITE, TOLD)
    (tmp_path / "book.html").write_text(text({}), "utf8")
    page = browser.new_page(viewport={"width": 627, "height": 900})  # 16.6 cm, the width of the text
    page.emulate_media(media="print")
    page.goto((tmp_path / "book.html").as_uri())
    wide = page.evaluate(
        """() => [...document.querySelectorAll('table, td, th, pre, img, p, li, h1, h2, h3')].filter(e => e.getBoundingClientRect().right > 628 || e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display != 'inline')
        .map(e => `${e.closest('.panj-sheet, nav, section')?.id} ${e.tagName} ${Math.round(e.getBoundingClientRect().right)} ${e.scrollWidth} ${e.clientWidth}: ${e.textContent.slice(0, 60)}`)"""
    )
    page.close()
    assert wide == []


# The data


def lines_of_the_page(language):
    """The code that the page of downloads shows in a language."""
    return re.search(rf"```{language}\n(.*?)```", (ROOT / "chapters" / "downloads.md").read_text("utf8"), re.S)[1]


def test_the_data_package_holds_every_table_and_layer_with_licence_and_checksums():
    with zipfile.ZipFile(SITE / "_downloads" / data.NAME) as archive:
        assert holds(archive)
        names = set(archive.namelist())
        for resource in PACKAGE["resources"]:
            assert archive.read(resource["path"]) == (DATA / resource["path"]).read_bytes()
        codebook, licence = (archive.read(name).decode() for name in ("codebook.md", "LICENCE.txt"))
    assert names - {resource["path"] for resource in PACKAGE["resources"]} == {"datapackage.json", "README.md", "LICENCE.txt", "codebook.md", "SHA256SUMS"}
    fields = [field["name"] for resource in PACKAGE["resources"] for field in resource.get("schema", {}).get("fields", [])]
    assert [name for name in fields if f"| `{name}` |" not in codebook] == []
    assert all(words in licence for words in ("CC BY 4.0", "Natural Earth", "GeoNames"))


def test_the_line_of_frictionless_works():
    command = lines_of_the_page("sh").split()
    assert command[0] == "frictionless"
    done = subprocess.run([sys.executable, "-m", *command], cwd=SITE / "_downloads", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_lines_of_pandas_give_the_table(monkeypatch):
    monkeypatch.chdir(SITE / "_downloads")
    scope = {}
    exec(lines_of_the_page("python"), scope)
    pandas.testing.assert_frame_equal(scope["claims"], load("claims"), check_dtype=False)


def test_page_and_readme_of_the_data_show_the_same_lines():
    readme = data.files()["README.md"]
    for language in ("sh", "python", "r"):
        line = lines_of_the_page(language).strip().splitlines()[-1]
        assert re.sub(r"^claims (=|<-) ", "", line) in readme, line


# The notebooks


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem.removeprefix("across-the-panj-"))
def test_a_notebook_runs_on_its_own(path, tmp_path):
    """Unpacked far from the book, with its own data and code; and its text is plain Markdown."""
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    cells = json.loads((folder / f"{folder.name}.ipynb").read_text("utf8"))["cells"]
    script = ["import panj, os", "assert panj.__file__.startswith(os.getcwd()), panj.__file__"]
    script += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    script += ["import panj.data", "assert str(panj.data.DATA).startswith(os.getcwd())"]
    done = subprocess.run([Path(sys.executable).with_name("ipython"), "--no-banner", "--colors=NoColor", "-c", "\n".join(script)], cwd=folder, capture_output=True, text=True, env=os.environ | {"IPYTHONDIR": str(tmp_path)})
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    assert re.findall(r"\{\w[\w:]*\}`|^:::|^```\{.*|\]\([^)#h][^)]*\.(?:ipynb|md)", text, re.M) == []
    for target in re.findall(r"\]\((?!https?:|#)([^)]+)\)", text):
        assert (folder / target).exists(), target
    assert {"README.md", "requirements.txt"} <= {file.name for file in folder.iterdir()}


def test_what_the_book_puts_in_place_is_told_and_any_other_block_stays():
    for block, there in {"```{exercises} aral-sea\n```": notebooks.MADE["exercises"](""), "```{quiz}\n```": notebooks.MADE["quiz"](""), "```{tableofcontents}\n```": "```{tableofcontents}\n```"}.items():
        assert notebooks.plain(block, "aral-sea", {}, Notes(), "") == there


def test_every_page_with_code_offers_its_notebook_and_no_page_a_bare_one():
    names = [path.stem for path in (ROOT / "chapters").glob("*.ipynb")]
    assert sorted(path.stem.removeprefix("across-the-panj-") for path in NOTEBOOKS) == sorted(names)
    for name in names:
        links = [link["href"] for link in soup(f"chapters/{name}.html").select("footer a[download]")]
        assert links == [f"../_downloads/across-the-panj-{name}.zip"]
    assert list(SITE.rglob("*.ipynb")) == []


# The same bytes


def test_the_same_state_gives_the_same_bytes(made, tmp_path):
    for name, maker in MAKERS.items():
        if maker is not pdf:
            maker.make(SITE, tmp_path / name, TOLD)
            assert (tmp_path / name).read_bytes() == (made / name).read_bytes(), name


def test_a_packed_file_has_no_date_of_its_own_and_a_name_only_once(tmp_path):
    one, two = io.BytesIO(), io.BytesIO()
    pack(one, {"b.txt": "b" * 99, "a.zip": b"a" * 99})
    pack(two, {"a.zip": b"a" * 99, "b.txt": "b" * 99})
    assert one.getvalue() == two.getvalue()
    with zipfile.ZipFile(one) as archive:
        assert [(entry.filename, entry.date_time[0], entry.compress_type) for entry in archive.infolist()] == [("a.zip", 1980, 0), ("b.txt", 1980, 8)]


def test_checksums_are_read_by_sha256sum(tmp_path):
    (tmp_path / "a b.txt").write_text("x")
    (tmp_path / "SHA256SUMS").write_text(checksums({"a b.txt": "x"}))
    assert subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path, capture_output=True).returncode == 0


def test_without_a_commit_the_day_of_the_edition_is_the_date():
    assert about({})["modified"] == datetime.fromisoformat(PACKAGE["edition"]["as_of"]).replace(tzinfo=UTC) and about({})["base"] == ""


# The page that offers them


@pytest.fixture
def copy(tmp_path):
    """As much of the site as is offered."""
    for name in ("chapters/downloads.html", "_downloads"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (shutil.copytree if (SITE / name).is_dir() else shutil.copy)(SITE / name, tmp_path / name)
    return tmp_path


def offered(page):
    """{file: size} of every file that a page of downloads offers."""
    rows = BeautifulSoup(page.read_text("utf8"), "html.parser").select("main tr:has(td)")
    return {row.a["href"].rpartition("/")[2]: row.select_one("td").get_text().replace("\N{NO-BREAK SPACE}", " ") for row in rows}


def test_what_is_published_is_offered_with_its_size_and_checksum(made, copy):
    downloads.offer(copy, made)
    files = {path.name: path for path in (copy / "_downloads").iterdir() if path.is_file()}
    told = offered(copy / "chapters" / "downloads.html")
    assert set(told) == set(files) >= {*MAKERS, data.NAME, "SHA256SUMS", "across-the-panj-geography.zip"}
    assert {name: downloads.size(path.stat().st_size) for name, path in files.items() if name != "SHA256SUMS"} == {name: size for name, size in told.items() if name != "SHA256SUMS"}
    assert subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=copy / "_downloads").returncode == 0
    assert {line.split("  ")[1] for line in files["SHA256SUMS"].read_text().splitlines()} == set(files) - {"SHA256SUMS"}


def test_a_copy_that_was_not_published_says_who_makes_the_files():
    page = soup("chapters/downloads.html")
    assert "make formats" in page.select_one(".panj-whole").get_text() and page.select(f"a[href$='{data.NAME}']")


def test_what_is_missing_is_named_with_its_mend(made, copy, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileNotFoundError, match="offline.zip is not in .*: make it with `make formats`"):
        downloads.offer(copy, tmp_path / "empty")
    downloads.offer(copy, made)
    with pytest.raises(FileNotFoundError, match="begin from a fresh copy of the site"):
        downloads.offer(copy, made)


def test_without_a_chrome_the_pdf_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf.pictures, "browser", lambda: None)
    with pytest.raises(RuntimeError, match="apt-get install chromium"):
        pdf.make(SITE, tmp_path / "x.pdf", TOLD)


@pytest.mark.parametrize(("count", "text"), [(10, "1 kB"), (4_400, "4 kB"), (999_499, "999 kB"), (3_140_000, "3.1 MB")])
def test_sizes_are_said_in_a_few_figures(count, text):
    assert downloads.size(count) == text


PICTURES = {"map ä.png": "image/png", "map.JPG": "image/jpeg", "b.jpeg": "image/jpeg", "c.gif": "image/gif", "d.webp": "image/webp"}


@pytest.fixture
def illustrated(tmp_path, monkeypatch):
    """A site of one page, with pictures of every kind; Sphinx quotes their names."""
    site = tmp_path / "site"
    for name in ("_static/pygments.css", "_static/panj.css", *(f"_images/{name}" for name in PICTURES)):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(name)
    images = "".join(f'<img src="../_images/{quote(name)}" alt="x">' for name in PICTURES)
    (site / "chapters").mkdir()
    (site / "chapters" / "one.html").write_text(f"<main><article><h1>One</h1>{images}</article></main><footer></footer>")
    monkeypatch.setattr(articles, "order", lambda: [("chapters/one", "", 0)])
    return site


def test_a_picture_of_any_name_and_kind_is_in_the_epub(illustrated, tmp_path):
    epub.make(illustrated, tmp_path / "x.epub", TOLD)
    with zipfile.ZipFile(tmp_path / "x.epub") as archive:
        images = BeautifulSoup(archive.read("book/one.xhtml"), "lxml-xml").select("img")
        assert [archive.read(f"book/{image['src']}").decode() for image in images] == [f"_images/{name}" for name in PICTURES]
        items = BeautifulSoup(archive.read("book/package.opf"), "lxml-xml").select("item")
    assert [next(item["media-type"] for item in items if item["href"] == image["src"]) for image in images] == [*PICTURES.values()]
    assert [item["id"] for item in items if not re.fullmatch(r"[\w.-]+", item["id"], re.A)] == []


def test_a_picture_of_any_name_is_on_the_sheet(illustrated):
    (article,) = articles.take(illustrated, lambda name, anchor: "")
    images = BeautifulSoup(pdf.whole(illustrated, article), "html.parser").select("img")
    assert [unquote(image["src"]) for image in images] == [f"file://{illustrated}/_images/{name}" for name in PICTURES]


def test_the_picture_of_a_chart_keeps_what_it_draws():
    """Of an SVG only the paths without a course go, which draw nothing."""
    drawn = sorted((SITE / "_static" / "figures").glob("*-wide-light.svg"))
    assert drawn
    for path in drawn[:5]:
        before, after = (re.findall(r"<(?!/)(\w+)", text) for text in (path.read_text("utf8"), epub.drawing(path)))
        assert [tag for tag in before if tag != "path"] == [tag for tag in after if tag != "path"]
        assert len(re.findall(r'<path[^>]*\sd="', path.read_text("utf8"))) == after.count("path")
