"""A contributor's first edit, for real: `make lab`, a cell changed, all run, saved, checked, and on the page."""

import json
import os
import re
import shutil
import signal
import subprocess
import time

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, clone

CHAPTER = "chapters/ethnicity.ipynb"
OLD, NEW = "people in 100 are not", "people in a hundred are not"


@pytest.fixture
def repository(tmp_path):
    """A copy of the repository, and the environment in which its commands run as a contributor's do."""
    folder = clone(tmp_path / "copy")
    own = {name: str(tmp_path / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")}
    return folder, os.environ | own | {"PYTHONPATH": str(folder)}


@pytest.fixture
def lab(repository, tmp_path):
    """The address that `make lab` would open in the contributor's browser."""
    folder, env = repository
    opened, opener = tmp_path / "opened", tmp_path / "browser"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > "{opened}"\n', "utf8")
    opener.chmod(0o755)
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(["make", "-s", "lab"], cwd=folder, env=env | {"BROWSER": f"{opener} %s"}, stdout=log, stderr=log, start_new_session=True)
        try:
            until(lambda: opened.exists() and opened.read_text("utf8"), 60)
            yield opened.read_text("utf8")
        finally:
            for stop in (signal.SIGINT, signal.SIGINT, signal.SIGTERM):  # twice: JupyterLab asks after the first
                try:
                    os.killpg(server.pid, stop)
                    server.wait(3)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    continue


def until(holds, seconds):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"not within {seconds} seconds"
        time.sleep(0.1)


def edit(browser, address, path):
    """Open the chapter, change a title in its first chart, run all, look at the chart, save; what was asked of other hosts."""
    page, outside = browser.new_page(viewport={"width": 1280, "height": 1000}), []
    page.on("request", lambda r: None if re.match(r"https?://127\.0\.0\.1:|file:|data:|blob:", r.url) else outside.append(r.url))
    page.goto(address)
    page.locator(".jp-DirListing-item", has_text="ethnicity.ipynb").first.dblclick()
    line = page.locator(".cm-line", has_text=OLD)
    told = line.inner_text(timeout=60_000)
    line.click(timeout=60_000)  # scrolls there, once the notebook has come to rest
    page.keyboard.press("Home")
    page.keyboard.press("Shift+End")
    page.keyboard.insert_text(told.replace(OLD, NEW).strip())
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    chart = page.locator(".jp-RenderedPlotly", has=page.locator(".gtitle", has_text=NEW))
    chart.wait_for(timeout=60_000)
    page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").wait_for(timeout=60_000)
    chart.scroll_into_view_if_needed(timeout=60_000)
    chart.locator(".barlayer .point path").first.hover(force=True)
    chart.locator(".hoverlayer text", has_text="per cent").wait_for()
    page.keyboard.press("Control+s")
    until(lambda: NEW in path.read_text("utf8"), 20)
    assert page.locator(".jp-Dialog").count() == 0, "nothing asks, neither about news nor about the kernel"
    page.close()
    return outside


def test_a_chapter_is_edited_in_jupyterlab_and_stays_whole(repository, lab, browser):
    folder, env = repository
    path = folder / CHAPTER
    before = json.loads(path.read_text("utf8"))
    assert edit(browser, lab, path) == [], "no other host is asked"

    after = json.loads(path.read_text("utf8"))
    assert after["metadata"] == before["metadata"]
    changed = [n for n, (old, new) in enumerate(zip(before["cells"], after["cells"], strict=True), 1) if old != new]
    assert len(changed) == 1
    cell = after["cells"][changed[0] - 1]
    assert NEW in "".join(cell["source"]) and NEW in json.dumps(cell["outputs"])
    lines = [(old, new) for old, new in zip(*(text(n).splitlines() for n in (before, after)), strict=True) if old != new]
    assert lines and all(new.replace(NEW, OLD) == old for old, new in lines), "no line differs but by the words that were typed"

    checked = subprocess.run(["make", "-s", "check", f"FILES={CHAPTER}"], cwd=folder, env=env, capture_output=True, text=True)
    assert checked.returncode == 0 and "1 notebooks run, no faults" in checked.stdout, checked.stdout + checked.stderr
    tested = subprocess.run([".venv/bin/python", "-m", "pytest", CHAPTER], cwd=folder, env=env, capture_output=True, text=True)  # make test FILES=…
    assert tested.returncode == 0 and " passed" in tested.stdout, tested.stdout

    toc = {"format": "jb-book", "root": "chapters/how-to-read", "parts": [{"numbered": True, "chapters": [{"file": "chapters/ethnicity"}]}]}
    (folder / "_toc.yml").write_text(json.dumps(toc), "utf8")  # this chapter alone, with the pictures there are, so that the test is short
    shutil.copytree(ROOT / "_build" / "pictures", folder / "_build" / "pictures")
    subprocess.run([".venv/bin/jupyter-book", "build", ".", "-q"], cwd=folder, env=env, capture_output=True, check=True)
    html = BeautifulSoup((folder / "_build" / "html" / "chapters" / "ethnicity.html").read_text("utf8"), "html.parser")
    assert any(NEW in title.get_text() for title in html.select(".panj-figure figcaption strong"))
    assert OLD not in html.get_text()


def text(notebook):
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)


def test_the_settings_of_this_jupyterlab_are_read():
    """The names in tools/lab/ are JupyterLab's own: a plugin that is gone would be switched off for nothing."""
    disabled = json.loads((ROOT / "tools" / "lab" / "labconfig" / "page_config.json").read_text("utf8"))["disabledExtensions"]
    built = "\n".join(p.read_text("utf8") for p in (ROOT / ".venv" / "share" / "jupyter" / "lab" / "static").glob("*.js") if "announcements" in p.read_text("utf8"))
    assert disabled and all(name in built for name in disabled)
