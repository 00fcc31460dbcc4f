"""Python in the reader's browser: the runtime is what it says, it agrees with the book, and a reader can use it."""

import importlib.metadata
import json
import re
import zipfile
from urllib.parse import urlsplit

import firefox
import pytest
from conftest import ROOT, SITE, Visit
from firefox import SCHOOL
from serve import CHROMIUM, Compressed, serve
from test_axe import violations

from panj.data import DATA
from panj.exercises import marks
from panj.exercises.grade import grade
from panj.exercises.source import everything
from panj.live import runtime
from panj.pictures import browser as browser_path

PYTHON = SITE / "_static" / "python"
NOTEBOOKS = [*sorted((ROOT / "chapters").glob("*.ipynb")), *sorted((ROOT / "exercises").glob("*.ipynb"))]
EXERCISES, _ = everything()


def test_the_wheels_in_vendor_are_pyodides_own():
    found = runtime.checksums()
    assert len(found) == len(runtime.WHEELS) == len(list(runtime.VENDOR.glob("*.whl")))
    assert all(held == stated for held, stated in found.values())


def test_the_book_and_the_browser_run_the_same_versions():
    with zipfile.ZipFile(PYTHON / "packages.zip") as archive:
        versions = dict(re.findall(r"^([\w.-]+)-([\w.]+)\.dist-info/METADATA$", "\n".join(archive.namelist()), re.M))
    versions |= dict(re.findall(r"^([\w]+)-([\w.]+)-[\w.-]+\.whl$", "\n".join(path.name for path in PYTHON.glob("*.whl")), re.M))
    names = {*runtime.PACKAGES, *runtime.WHEELS}
    assert {name.replace("-", "_") for name in names} == versions.keys()
    assert {name: importlib.metadata.version(name) for name in names} == {name: versions[name.replace("-", "_")] for name in names}


def test_the_runtime_is_the_same_to_the_byte_each_time(tmp_path):
    runtime.assemble(tmp_path / "again")
    files = {path.name: path.read_bytes() for path in PYTHON.iterdir()}
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "again").iterdir()}
    sizes = json.loads(files["runtime.json"])["bytes"]
    assert 24.5e6 < sum(sizes.values()) < 26.5e6, "pages and README say 25 MB"
    assert sizes == {name: len(content) for name, content in files.items() if name not in ("runtime.json", "NOTICE.md")}


def test_no_withheld_answer_is_in_the_runtime():
    with zipfile.ZipFile(PYTHON / "book.zip") as archive:
        assert not any(name.endswith(".ipynb") for name in archive.namelist())
        text = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith((".py", ".json")))
    hidden = [c["source"].splitlines()[0] for e in EXERCISES.values() for c in e.parts("check") if "hidden" in c["tags"]]
    assert hidden and not [line for line in hidden if line in text]


# One worker for a file of notebooks: a page that talks to it as live.js does.
TALK = """([cells, files]) => new Promise((done, failed) => {
    const worker = window.worker ??= new Worker("_static/python/worker.mjs", { type: "module" });
    const outputs = cells.map(() => []);
    worker.onerror = (event) => failed(new Error(event.message));
    worker.onmessage = ({ data }) => {
        if (data.failed) failed(new Error(data.failed));
        if (data.output && data.id >= 0) outputs[data.id].push(data);
        if (data.done && data.id === cells.length - 1) done(outputs);
    };
    worker.postMessage({ run: -1, source: `import json, pathlib\\nfor path, text in json.loads(${JSON.stringify(JSON.stringify(files))}).items():\\n    pathlib.Path(path).parent.mkdir(exist_ok=True)\\n    pathlib.Path(path).write_text(text, "utf8")`, name: "files" });
    cells.forEach((source, n) => worker.postMessage({ run: n, source, name: `cell ${n + 1}`, fresh: n === 0 }));
})"""


@pytest.fixture(scope="module")
def talk(browser, address):
    """talk(cells, files) runs cells in the browser's Python and gives what each puts out: {output, page}."""
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{address}/search.html")
    yield lambda cells, files: page.evaluate(TALK, [cells, files])
    page.close()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_the_browser_agrees_with_the_book(talk, path):
    """Every notebook once more, in the browser's Python: each output against the stored one."""
    cells = [c for c in json.loads(path.read_text("utf8"))["cells"] if c["cell_type"] == "code"]
    files = {file.name: file.read_text("utf8") for file in [path] if path.parent.name == "exercises"}
    files["../exercises/rubric.yml"] = (ROOT / "exercises" / "rubric.yml").read_text("utf8")
    found = talk(["".join(c["source"]) for c in cells], files)
    for number, (cell, outputs) in enumerate(zip(cells, found), 1):
        assert told([o["output"] for o in outputs]) == told(cell["outputs"]), f"{path.name}, code cell {number}"


def told(outputs):
    """Outputs as data that can be compared: joined streams, without counters, floats to twelve digits (sums of the
    two machines may differ in the last one)."""
    made = []
    for output in outputs:
        if output["output_type"] == "stream":
            text = "".join(output["text"])
            if made and made[-1][0] == output["name"]:
                made[-1] = (output["name"], made[-1][1] + text)
            else:
                made.append((output["name"], text))
        elif output["output_type"] == "error":
            made.append(("error", output["ename"], output["evalue"], output["traceback"]))
        else:
            data = {mime: "".join(part) if isinstance(part, list) and "json" not in mime else part for mime, part in output["data"].items()}
            made.append((output["output_type"], shortened(data), output["metadata"]))
    return made


def shortened(value):
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, list):
        return [shortened(item) for item in value]
    return {key: shortened(item) for key, item in value.items()} if isinstance(value, dict) else value


def test_the_comparison_sees_a_difference():
    stored = {"output_type": "execute_result", "data": {"text/plain": ["27"]}, "metadata": {}, "execution_count": 1}
    assert told([stored]) == told([stored | {"data": {"text/plain": "27"}, "execution_count": 9}])
    assert told([stored]) != told([stored | {"data": {"text/plain": ["28"]}}]) and told([stored]) != told([])
    assert shortened(0.1 + 0.2) == 0.3 and shortened([27.0]) != shortened([27.0001])


# A reader at the page. Python starts in some seconds; a busy machine takes longer.
PATIENCE = 120_000


@pytest.fixture
def chapter(visit):
    def open_page(name="geography", **options):
        seen = visit(f"chapters/{name}.html", **options)
        seen.page.set_default_timeout(PATIENCE)
        return seen

    return open_page


def status(cell, text):
    cell.locator(".panj-live [role=status]", has_text=text).wait_for()


def write(page, cell, text):
    """Put `text` into a cell's editor as a reader does, with the keyboard."""
    cell.locator(".cm-content").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


@pytest.fixture
def cut_off(playwright, tmp_path):
    """A page in a new profile, in a browser that can reach no host but the book's, by a name and over plain http, as in a school.

    Afterwards the log that the browser itself keeps of its network must name no other host.
    """
    log = tmp_path / "network.json"
    rules = f"--host-resolver-rules=MAP {SCHOOL} 127.0.0.1, MAP * ~NOTFOUND"
    with serve(Compressed, SITE.parent) as server:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=browser_path(), args=[*CHROMIUM, rules, f"--log-net-log={log}"]
        )
        address = f"http://{SCHOOL}:{server.server_port}/html"
        seen = Visit(context, address, refuse=False)
        seen.page.set_default_timeout(PATIENCE)
        seen.page.goto(f"{address}/chapters/geography.html")
        yield seen
        context.close()
    asked = hosts(json.loads(log.read_text("utf8")))
    assert asked == {SCHOOL}


def hosts(log):
    """The hosts in the network log of Chromium that pages asked for something; the browser asks its maker for things of its own."""
    kinds = {number: name for name, number in log["constants"]["logEventTypes"].items()}
    asked = [event["params"] for event in log["events"] if kinds[event["type"]] == "URL_REQUEST_START_JOB" and "url" in event.get("params", {})]
    return {urlsplit(request["url"]).hostname for request in asked if request["initiator"] != "not an origin"}


def test_a_reader_runs_changes_breaks_mends_solves_and_hands_in(cut_off, tmp_path):
    """The whole way, with a fresh profile and no network: from a first run to full points."""
    seen, page = cut_off, cut_off.page
    page.wait_for_load_state("networkidle")
    assert not any("/python/" in url or "editor" in url for url in seen.requests), "nothing is loaded before a reader asks"
    assert not page.evaluate("isSecureContext")

    cell = page.locator(".cell:has(.panj-figure)", has_text="twice = set(firm")
    book = cell.locator(".cell_output")
    rows = book.locator(".panj-data tbody tr").count()
    cell.get_by_role("button", name="Run", exact=True).click()
    status(cell, "Done in")
    mine = cell.locator(".panj-mine")
    assert rows and not book.first.is_visible()
    parts = ("figcaption", ".panj-data tbody", ".panj-rests")
    assert [mine.locator(part).inner_html() for part in parts] == [book.locator(part).inner_html() for part in parts]
    assert mine.get_by_text(book.locator("img").first.get_attribute("alt"), exact=True).is_visible(), "a chart without a picture is described"

    cell.get_by_role("button", name="Edit").click()
    cell.locator(".cm-content").wait_for()
    source = cell.locator("pre").first.text_content()
    write(page, cell, 'both = both[both["km"] > 1340]\n' + source)
    page.keyboard.press("Shift+Enter")
    mine.get_by_text("from your version").wait_for()
    assert 0 < mine.locator(".panj-data tbody tr").count() < rows
    mine.locator(".panj-plot .main-svg").first.wait_for()
    assert page.evaluate("document.activeElement.className") == "panj-editor", "the chart takes no focus away"
    assert violations(page, ".panj-mine") == {} == violations(page, ".panj-editor")

    write(page, cell, "total = 1\ntotal / 0")
    page.keyboard.press("Shift+Enter")
    error = mine.locator(".panj-error")
    error.wait_for()
    assert "ZeroDivisionError" in error.text_content() and "line 2" in error.text_content() and "session.py" not in error.text_content()
    status(cell, "An error in line 2")
    assert cell.locator(".cm-wrong").text_content() == "total / 0"
    assert violations(page, ".panj-editor") == {}

    cell.get_by_role("button", name="Reset").click()
    assert book.first.is_visible() and not mine.is_visible() and cell.locator("pre").first.is_visible()

    box = page.locator("#exercise-geography-share")
    box.get_by_text("Code to begin with").click()
    exercise = EXERCISES["geography-share"]
    fold = box.locator(".panj-fold:has(.panj-live)")
    fold.get_by_role("button", name="Edit").click()
    fold.locator(".cm-content").wait_for()
    write(page, fold, exercise.text("setup") + "\n\n" + exercise.text("solution"))
    fold.get_by_role("button", name="Check").click()
    fold.locator(".panj-checked").wait_for()
    assert "✓" in fold.locator(".panj-checked").text_content() and "○" not in fold.locator(".panj-checked").text_content()
    with page.expect_download() as download:
        fold.get_by_role("button", name="Download my notebook").click()
    (tmp_path / "in").mkdir()
    download.value.save_as(tmp_path / "in" / "geography.ipynb")
    grade(tmp_path / "in", "geography", tmp_path / "out")
    (row,) = [r for r in marks.read(tmp_path / "out" / "grades.csv", marks.GRADES) if r["exercise"] == exercise.id]
    assert row["status"] == "graded" and row["points"] == row["of"] == "3"
    assert seen.errors == []


def test_the_networks_log_would_tell():
    log = {"constants": {"logEventTypes": {"URL_REQUEST_START_JOB": 7, "OTHER": 8}}}
    page = {"initiator": "http://school.example"}
    told = [
        {"type": 7, "params": page | {"url": "http://school.example/x"}},
        {"type": 7, "params": {"url": "https://maker.example/", "initiator": "not an origin"}},
        {"type": 8, "params": page | {"url": "http://unasked.example/"}},
        {"type": 7},
    ]
    assert hosts(log | {"events": told}) == {"school.example"}
    assert hosts(log | {"events": [*told, {"type": 7, "params": page | {"url": "https://cdn.example/y"}}]}) == {"school.example", "cdn.example"}


def test_a_cell_below_a_changed_one_runs_anew(chapter):
    page = chapter("scratch").page
    cells = page.locator(".cell")
    first = cells.count()
    for text in ("n = 1", "n = n + 1", "n"):
        page.get_by_role("button", name="Add a cell").click()
        write(page, cells.last, text)
    last = cells.nth(first + 2)
    last.get_by_role("button", name="Run", exact=True).click()
    status(last, "Done in")
    assert last.locator(".panj-mine pre").text_content() == "2"
    write(page, cells.nth(first), "n = 5")
    page.keyboard.press("Shift+Enter")
    status(cells.nth(first), "Done in")
    last.get_by_role("button", name="Run", exact=True).click()
    last.get_by_text("6", exact=True).wait_for()

    write(page, cells.nth(first), "m = 5")
    last.get_by_role("button", name="Run all above").click()
    status(last, f"cell {first + 2} above did not run")  # all begins anew, so n is known no more
    assert "NameError" in cells.nth(first + 1).locator(".panj-error").text_content()
    assert cells.nth(first + 1).locator(".cm-wrong").text_content() == "n = n + 1"


def test_firefox_runs_it_too(tmp_path):
    """On a screen as wide as a phone, in a school's network: run, see, change, break, stop, check."""
    if not firefox.path():
        pytest.skip("no Firefox here: install one (Debian, Ubuntu: apt-get install firefox-esr), or name it in FIREFOX_PATH")
    with serve(Compressed, SITE.parent) as server, firefox.firefox(tmp_path, 390, 844) as page:
        address = f"http://{SCHOOL}:{server.server_port}/html"
        page.goto(f"{address}/chapters/geography.html")
        assert not page.evaluate("isSecureContext") and not any("/python/" in url for url in page.asked)
        cell = "[...document.querySelectorAll('.cell')].find((c) => c.querySelector('.panj-figure') && c.textContent.includes('twice = set(firm'))"
        rows = f"{cell}.querySelectorAll('.panj-mine .panj-data tbody tr').length"
        says = f"{cell}.querySelector('.panj-live [role=status]').textContent"
        press = lambda name, where=cell: page.click(f"[...{where}.querySelectorAll('button')].find((b) => b.textContent === '{name}')")
        press("Run")
        page.wait(f"{says}.includes('Done in')")
        all_rows = page.evaluate(rows)
        page.wait(f"{cell}.querySelector('.panj-mine .panj-plot .main-svg')")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        press("Edit")
        page.wait(f"{cell}.querySelector('.panj-editor')")
        page.press(firefox.CONTROL, firefox.HOME)
        page.type('both = both[both["km"] > 1340]\n')
        page.press(firefox.SHIFT, firefox.ENTER)
        page.wait(f"{cell}.querySelector('.panj-mine').textContent.includes('from your version')")
        assert 0 < page.evaluate(rows) < all_rows

        page.press(firefox.CONTROL, firefox.HOME)
        page.type("1 / 0\n")
        page.press(firefox.SHIFT, firefox.ENTER)
        page.wait(f"{says}.includes('An error in line 1')")
        assert page.evaluate(f"{cell}.querySelector('.panj-editor').shadowRoot.querySelector('.cm-wrong').textContent") == "1 / 0"

        page.press(firefox.CONTROL, "a")
        page.type("while True: pass")
        page.press(firefox.SHIFT, firefox.ENTER)
        page.wait(f"{says} === 'Running'")
        press("Stop")
        page.wait(f"{says}.startsWith('Stopped')")
        press("Reset")
        assert page.evaluate(f"{cell}.querySelector('.cell_output').checkVisibility() && !{cell}.querySelector('.panj-editor')")

        box = "document.querySelector('#exercise-geography-share')"
        page.click(f"[...{box}.querySelectorAll('summary')].find((s) => s.textContent === 'Code to begin with')")
        press("Check", box)
        page.wait(f"{box}.querySelector('.panj-checked')")
    assert all(url.startswith((address, "data:", "blob:")) for url in page.asked), page.asked
    assert page.said == []


def test_an_endless_loop_is_stopped_and_the_page_goes_on(chapter):
    page = chapter("capstone").page
    cell = page.locator(".cell").first
    cell.get_by_role("button", name="Edit").click()
    cell.locator(".cm-content").wait_for()
    write(page, cell, "print('on and on')\nwhile True: pass")
    page.keyboard.press("Shift+Enter")
    status(cell, "Running")
    page.locator(".panj-theme").click()
    assert page.locator(".panj-theme").get_attribute("aria-pressed") == "true", "the page answers while Python runs"
    cell.get_by_role("button", name="Stop").click()
    status(cell, "Stopped")
    cell.get_by_role("button", name="Reset").click()
    cell.get_by_role("button", name="Run", exact=True).click()
    status(cell, "Done in")


def test_what_a_reader_wrote_comes_back_and_hides_no_correction(chapter):
    seen = chapter("capstone")
    page = seen.page
    cell = page.locator(".cell").first
    cell.get_by_role("button", name="Edit").click()
    cell.locator(".cm-content").wait_for()
    write(page, cell, "my_own = 1")
    page.reload()
    cell.locator(".cm-content", has_text="my_own = 1").wait_for()
    page.evaluate("for (const key of Object.keys(localStorage)) if (key.startsWith('panj-cells')) localStorage[key] = localStorage[key].replace('\"book\":\"', '\"book\":\"older ')")
    page.reload()
    page.get_by_text("The book has changed this cell").wait_for()
    assert cell.locator("pre").first.is_visible() and cell.locator(".cm-content").count() == 0
    page.get_by_role("button", name="Take mine").click()
    cell.locator(".cm-content", has_text="my_own = 1").wait_for()
    page.get_by_role("button", name="Forget all I wrote").click()
    assert cell.locator("pre").first.is_visible()
    page.reload()
    page.wait_for_load_state("networkidle")
    assert cell.locator(".cm-content").count() == 0 and page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('panj-cells')).length") == 0


def test_the_keyboard_gets_into_the_editor_and_out(chapter):
    page = chapter("capstone", viewport={"width": 390, "height": 844}).page
    cell = page.locator(".cell").first
    cell.get_by_role("button", name="Edit").focus()
    page.keyboard.press("Enter")
    cell.locator(".cm-content").wait_for()
    status(cell, "Escape and then Tab leaves the editor")
    assert page.evaluate("document.activeElement.className") == "panj-editor"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "panj-editor", "Tab indents"
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") != "panj-editor"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_page_from_a_folder_says_how_to_serve_it(chapter):
    page = chapter("capstone", folder=True).page
    cell = page.locator(".cell").first
    cell.get_by_role("button", name="Run", exact=True).click()
    status(cell, "python3 -m http.server")


def test_python_runs_under_the_policy_that_hosts_send(browser):
    """`_headers` as a host sends it, with every answer, also with the worker's own."""
    policy = re.search(r"Content-Security-Policy: (.+)", (SITE / "_headers").read_text("utf8"))[1]

    class Strict(Compressed):
        def end_headers(self):
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

    with serve(Strict, SITE.parent) as server:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE)
        said = []
        page.on("console", lambda message: said.append(message.text))
        page.goto(f"http://127.0.0.1:{server.server_port}/html/chapters/capstone.html")
        cell = page.locator(".cell").first
        cell.get_by_role("button", name="Run", exact=True).click()
        status(cell, "Done in")
        page.close()
    assert said == []


def test_the_page_that_is_the_readers_grows_and_remembers(chapter):
    page = chapter("scratch").page
    cells = page.locator(".cell")
    printed = cells.count()
    page.get_by_role("button", name="Add a cell").click()
    cells.nth(printed).locator(".cm-content").wait_for()
    write(page, cells.nth(printed), "len(tables)")
    page.keyboard.press("Shift+Enter")
    status(cells.nth(printed), "Done in")
    assert cells.nth(printed).locator(".panj-mine pre").text_content() == str(len(list(DATA.glob("*.csv"))))
    write(page, cells.nth(printed), 'import plotly.express as px\npx.bar(x=["a", "b"], y=[1, 2], title="Mine")')
    page.route("**/explore.js", lambda route: route.abort(), times=1)  # the network fails once, when the chart is to be drawn
    page.keyboard.press("Shift+Enter")
    status(cells.nth(printed), "explore.js did not come. Look at your network and run once more")
    page.keyboard.press("Shift+Enter")
    cells.nth(printed).locator(".panj-plot .main-svg").first.wait_for()
    assert cells.nth(printed).locator("figcaption").text_content() == "Mine" and cells.nth(printed).get_by_text("Shown without show()").is_visible()
    write(page, cells.nth(printed), "len(tables)")
    page.reload()
    cells.nth(printed).locator(".cm-content", has_text="len(tables)").wait_for()
    page.get_by_role("button", name="Forget all I wrote").click()
    page.reload()
    page.wait_for_load_state("networkidle")
    assert cells.count() == printed
