"""No link leads nowhere: within the book every build sees to it, and `make links` asks the other hosts."""

import http.server
import io
import socket
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import PAGES, SITE
from serve import serve
from sphinx.application import Sphinx

from panj import links, outside
from panj.data import load

# Within the book


def test_no_link_of_the_built_book_leads_nowhere():
    assert links.broken(SITE) == []


def test_every_page_and_every_source_is_among_what_is_checked():
    assert set(links.read(SITE)) == set(PAGES)
    asked = links.outside(SITE)
    assert {url.partition("#")[0] for url in load("sources")["url"]} <= set(asked)
    assert "chapters/sources.html" in asked["https://www.naturalearthdata.com/"]


FAULTS = {
    '<a href="gone.html">x</a>': "page.html links to gone.html: there is no such file. Correct the link, or add the page to _toc.yml.",
    '<a href="other.html#gone">x</a>': "page.html links to other.html#gone: other.html has no such anchor. Correct it, or the heading it is made from.",
    '<a href="#gone">x</a>': "page.html links to #gone: page.html has no such anchor. Correct it, or the heading it is made from.",
    '<a href="../outside.html">x</a>': "page.html links to ../outside.html: there is no such file.",
    '<img src="gone.svg">': "page.html links to gone.svg: there is no such file.",
    '<source srcset="gone.svg">': "page.html links to gone.svg: there is no such file.",
    '<script src="gone.js"></script>': "page.html links to gone.js: there is no such file.",
    '<link rel="stylesheet" href="gone.css">': "page.html links to gone.css: there is no such file.",
    '<button data-figure="gone"></button>': "page.html links to _static/figures/gone.js: there is no such file.",
    '<button data-plotly="gone.js"></button>': "page.html links to _static/gone.js: there is no such file.",
}


@pytest.mark.parametrize(("html", "fault"), FAULTS.items())
def test_a_link_that_leads_nowhere_is_named(tmp_path, html, fault):
    site = tmp_path / "site"
    site.mkdir()
    (tmp_path / "outside.html").write_text("not of the site")
    (site / "other.html").write_text('<h1 id="here">x</h1>')
    (site / "page.html").write_text(html)
    (found,) = links.broken(site)
    assert found.startswith(fault)


@pytest.mark.parametrize("css", ['@import "gone";', "p { background: url(gone) }", "p { background: url( 'gone' ) }"])
def test_what_a_stylesheet_loads_is_there_too(tmp_path, css):
    (tmp_path / "book.css").write_text("p { background: url(book.css), url(data:image/png;base64,AA==) }" + css)
    (found,) = links.broken(tmp_path)
    assert found.startswith("book.css links to gone: there is no such file.")


def test_a_link_that_leads_somewhere_is_not(tmp_path):
    (tmp_path / "a b.html").write_text('<h1 id="ö">x</h1>')
    (tmp_path / "page.html").write_text(
        '<a id="top" href="#top"></a><a href="a%20b.html#%C3%B6"></a><a href="https://a.example/gone"></a><a href="mailto:a@a.example"></a><a href="page.html?q=1#top"></a>'
    )
    assert links.broken(tmp_path) == []
    assert links.outside(tmp_path) == {"https://a.example/gone": ["page.html"]}


def test_a_build_says_so_and_fails(tmp_path):
    """As `make book` builds: -W --keep-going."""
    (tmp_path / "index.md").write_text('# Book\n\n<a href="gone.html">x</a>\n')
    said = io.StringIO()
    app = Sphinx(tmp_path, None, tmp_path / "html", tmp_path / "tree", "html", {"extensions": ["myst_nb", "panj.links"]}, status=None, warning=said, warningiserror=True, keep_going=True)
    app.build()
    assert app.statuscode == 1 and "index.html links to gone.html: there is no such file." in said.getvalue()


# To other hosts


class Host(http.server.SimpleHTTPRequestHandler):
    """Answers /<code> with that code; 301 and 302 lead to /200 or to what follows a question mark, /loop to itself, and /shy knows no HEAD."""

    def do_HEAD(self):
        path, _, target = unquote(self.path, "latin-1").partition("?")  # as a header is sent
        code = {"loop": 302, "shy": 405}.get(path[1:]) or int(path[1:4])
        self.send_response(code)
        if code in (301, 302):
            self.send_header("Location", self.path if self.path == "/loop" else target or "/200")
        self.end_headers()

    def do_GET(self):
        if self.path != "/shy":
            return self.do_HEAD()
        self.send_response(200)
        self.end_headers()

    def log_message(self, *said):
        pass


@pytest.fixture(scope="module")
def host():
    with serve(Host, SITE) as server:
        yield f"http://127.0.0.1:{server.server_port}"


def free_port():
    """A port at which nobody answers."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def test_each_answer_of_a_host_has_its_verdict(host):
    found = outside.check([f"{host}/{path}" for path in ("200", "301", "302", "404", "410", "403", "500", "shy", "loop")], timeout=5, pause=0)
    said = {address.rpartition("/")[2]: verdict for address, (verdict, _) in found.items()}
    assert said == {
        "200": "fine", "302": "fine", "shy": "fine", "301": "moved", "404": "dead", "410": "dead", "403": "unclear", "500": "unclear", "loop": "unclear",
    }
    assert found[f"{host}/301"][1] == f"{host}/200"


@pytest.mark.parametrize("target", [Path(__file__).as_uri(), "data:text/plain,x", "ftp://127.0.0.1/x"])
def test_a_link_that_leads_off_the_web_is_not_followed(host, target):
    assert outside.ask(f"{host}/302?{target}", 5) == ("unclear", f"leads to {target}", True)


@pytest.mark.parametrize("raw", ["%C3%A4", "%E4"], ids=["UTF-8", "Latin-1"])
def test_a_redirection_in_raw_bytes_is_followed_to_those_bytes(host, raw):
    assert outside.ask(f"{host}/301?/200{raw}", 5) == ("moved", f"{host}/200{raw}", True)


def test_without_a_network_nothing_is_said_to_be_wrong(tmp_path, capsys):
    (tmp_path / "page.html").write_text(f'<a href="http://127.0.0.1:{free_port()}/x">x</a>')
    assert outside.main(tmp_path, timeout=2, pause=0) == 0
    assert capsys.readouterr().out.startswith("No network: none of the 1 links to other hosts was checked. Nothing is wrong with the book")


def test_the_report_says_what_to_do_and_offers_a_copy_of_the_day_we_read_it(tmp_path, host, capsys, monkeypatch):
    dead = f"{host}/404"
    monkeypatch.setattr(outside, "load", lambda name: load(name).head(1).assign(url=dead, accessed="2026-11-23"))
    (tmp_path / "page.html").write_text(f'<a href="{dead}">x</a><a href="{host}/301">x</a><a href="{host}/200">x</a>')
    assert outside.main(tmp_path, timeout=5, pause=0) == 1
    said = capsys.readouterr().out
    assert f"1 dead: mend the link, or cite a copy\n  {dead}\n    404 · on page.html\n    copy: https://web.archive.org/web/20261123/{dead}" in said
    assert f"1 moved for good: write the new address\n  {host}/301\n    to {host}/200 · on page.html" in said
    assert said.endswith("3 links asked, 1 are fine.\n")


def test_a_host_is_asked_for_one_page_at_a_time_with_a_pause(host, monkeypatch):
    done = []  # pages asked for, and pauses
    ask = outside.ask
    monkeypatch.setattr(outside, "ask", lambda address, timeout: done.append(address.removeprefix(host)) or ask(address, timeout))
    monkeypatch.setattr(outside.time, "sleep", done.append)
    outside.check([f"{host}/200", f"{host}/200?2", f"{host}/200?3"], timeout=5, pause=7)
    assert done == ["/200", 7, "/200?2", 7, "/200?3"]


def test_an_unbuilt_book_is_said_to_be_so(tmp_path, capsys):
    assert outside.main(tmp_path) == 1
    assert "run `make book` first" in capsys.readouterr().out


def test_every_source_was_read_on_a_day_for_which_a_copy_can_be_asked():
    for read in load("sources")["accessed"]:
        assert outside.copy("https://a.example/", read) == f"https://web.archive.org/web/{date.fromisoformat(read):%Y%m%d}/https://a.example/"
