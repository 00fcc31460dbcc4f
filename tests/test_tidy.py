"""Notebooks have one form: what JupyterLab adds is taken away, and the git hook does it unasked."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT

from panj.tidy import Unreadable, notebooks, text, whole

TEMPLATE = ROOT / "chapters" / "template.ipynb"


@pytest.mark.parametrize("path", notebooks(), ids=lambda p: p.stem)
def test_what_is_kept_is_tidy(path):
    stored = path.read_text("utf8")
    assert text(stored, path.name) == stored


def noisy():
    """The template as JupyterLab would save it without help."""
    notebook = json.loads(TEMPLATE.read_text("utf8"))
    notebook["metadata"] = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}, "language_info": {"name": "python", "version": "3.13.1"}}
    for n, cell in enumerate(notebook["cells"]):
        cell["metadata"] |= {"editable": True, "jupyter": {"outputs_hidden": True}, "trusted": True, "tags": []}
        if cell["cell_type"] == "code":
            cell["execution_count"] = 40 + n
            cell["metadata"]["execution"] = {"iopub.status.busy": "2026-01-01"}
            for output in cell["outputs"]:
                if "application/vnd.plotly.v1+json" in output["data"]:
                    output["data"]["image/png"] = "iVBORw0KGgo="
                if "execution_count" in output:
                    output["execution_count"] = 40 + n
    return notebook


def test_noise_is_taken_away_and_nothing_else():
    assert text(json.dumps(noisy()), "template.ipynb") == TEMPLATE.read_text("utf8")


def test_a_cell_keeps_its_id_for_life_and_a_new_one_gets_the_next():
    notebook = noisy()
    notebook["cells"].insert(1, {"cell_type": "markdown", "id": "5f0c-new", "metadata": {}, "source": "New."})
    notebook["cells"].append({"cell_type": "markdown", "id": "cell-7", "metadata": {}, "source": "Not one of ours."})
    before = [cell["id"] for cell in json.loads(TEMPLATE.read_text("utf8"))["cells"]]
    ids = [cell["id"] for cell in json.loads(text(json.dumps(notebook), "template.ipynb"))["cells"]]
    assert ids == [before[0], f"cell-{len(before) + 1:02d}", *before[1:], f"cell-{len(before) + 2:02d}"]


def test_whole_numbers_and_split_streams_are_written_one_way():
    assert json.dumps(whole({"x": [60.0, 0.5, True, None, "60.0"], "y": 1e300})) == json.dumps({"x": [60, 0.5, True, None, "60.0"], "y": int(1e300)})
    notebook = noisy()
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": part} for part in ("one\n", "two\n")]
    tidied = json.loads(text(json.dumps(notebook), "template.ipynb"))
    assert next(c for c in tidied["cells"] if c["cell_type"] == "code")["outputs"] == [{"name": "stdout", "output_type": "stream", "text": ["one\n", "two\n"]}]


BROKEN = ["", "<<<<<<< HEAD\n", "{}", '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}', '{"nbformat": 4, "nbformat_minor": null, "metadata": {}, "cells": []}', b"{}\xff\xfe"]


@pytest.mark.parametrize("written", BROKEN)
def test_what_is_no_notebook_is_named(written):
    with pytest.raises(Unreadable, match=r"^chapters/x.ipynb: is not a notebook that can be read \(.+\)\.$"):
        text(written, "chapters/x.ipynb")


@pytest.fixture
def repository(tmp_path):
    """A repository with the package, the hook and one chapter, and a function that runs git in it."""
    shutil.copytree(ROOT / "panj", tmp_path / "panj", ignore=shutil.ignore_patterns("static", "__pycache__"))
    shutil.copytree(ROOT / ".githooks", tmp_path / ".githooks")
    (tmp_path / "chapters").mkdir()
    shutil.copy(TEMPLATE, tmp_path / "chapters")
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")

    def git(*command):
        own = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.hooksPath=.githooks"]
        return subprocess.run(["git", *own, *command], cwd=tmp_path, capture_output=True, text=True)

    git("init", "-q", "-b", "main")
    git("add", "chapters")
    return tmp_path / "chapters" / "template.ipynb", git


def untidy(chapter):
    """Change a word as somebody without JupyterLab's hook would."""
    notebook = noisy()
    notebook["cells"][0]["source"] = "# Changed\n"
    chapter.write_text(json.dumps(notebook), "utf8")


def test_the_hook_tidies_what_is_committed(repository):
    chapter, git = repository
    assert git("commit", "-qm", "first").returncode == 0
    untidy(chapter)
    git("add", "chapters")
    done = git("commit", "-m", "second")
    assert done.returncode == 0 and "tidied chapters/template.ipynb" in done.stdout + done.stderr
    changed = [line for line in git("diff", "HEAD~1").stdout.splitlines() if line[0] in "+-" and line[:3] not in ("+++", "---")]
    assert changed and all("A chapter to copy" in line or "Changed" in line or "admonition" in line or line[0] == "-" for line in changed) and len(changed) < 14
    assert git("status", "--short", "chapters").stdout == "", "the file is as it was committed"


def test_the_hook_refuses_what_it_cannot_tidy(repository):
    chapter, git = repository
    chapter.write_text(json.dumps(noisy()), "utf8")
    git("add", "chapters")
    chapter.write_text(json.dumps(noisy()) + " ", "utf8")
    half = git("commit", "-qm", "half")
    assert half.returncode and "part of it is staged, so it cannot be tidied for you: make tidy, then git add chapters/template.ipynb" in half.stderr
    chapter.write_text("{", "utf8")
    git("add", "chapters")
    broken = git("commit", "-qm", "broken")
    assert broken.returncode and "chapters/template.ipynb: the staged version cannot be read (" in broken.stderr


@pytest.mark.parametrize(("staged", "again"), [(False, ["chapters/template.ipynb"]), (True, ["chapters/template.ipynb"]), (True, [])])
def test_a_commit_of_named_files_is_asked_for_twice_and_leaves_nothing_behind(repository, staged, again):
    """What the hook adds to such a commit, git forgets afterwards."""
    chapter, git = repository
    git("commit", "-qm", "first")
    untidy(chapter)
    if staged:
        git("add", "chapters")
    first = git("commit", "-qm", "second", "chapters/template.ipynb")
    assert first.returncode and "chapters/template.ipynb is tidy now: commit again" in first.stderr
    assert git("commit", "-qm", "second", *again).returncode == 0
    assert git("show", "HEAD:chapters/template.ipynb").stdout == chapter.read_text("utf8") == text(chapter.read_text("utf8"), "x")
    assert git("status", "--short", "chapters").stdout == ""


@pytest.mark.parametrize(("spoilt", "what"), [(b"<<<<<<< HEAD\n", "Extra data in line "), (b"\xff\xfe", "byte ")])
def test_advice_destroys_no_mend(repository, spoilt, what):
    """What is staged cannot be read, the file can; and only what was committed can be restored."""
    chapter, git = repository
    whole = chapter.read_bytes()

    def tidied():
        return subprocess.run([".venv/bin/python", "-m", "panj.tidy"], cwd=chapter.parent.parent, capture_output=True, text=True).stderr

    chapter.write_bytes(whole + spoilt)
    assert tidied().startswith("chapters/template.ipynb: is not a notebook that can be read (") and "git" not in tidied()
    chapter.write_bytes(whole)
    git("commit", "-qm", "first")
    chapter.write_bytes(whole + spoilt)
    assert tidied().endswith("). Restore it: git checkout HEAD -- chapters/template.ipynb\n")
    git("add", "chapters")
    chapter.write_bytes(whole)
    said = git("commit", "-qm", "second").stderr
    assert said.startswith(f"chapters/template.ipynb: the staged version cannot be read ({what}") and said.endswith("): mend the file, then git add chapters/template.ipynb\n")


# Setting up


@pytest.fixture
def fresh(tmp_path):
    """A folder that `make` believes to set up, in a path with a space: its environment is a stub. And a function that runs a command there."""
    folder = tmp_path / "a copy"
    for name in ("requirements.txt", "pyproject.toml", "panj/live/core.py", "_config.yml", "_toc.yml", "chapters/x.md", ".venv/bin/python", ".venv/bin/jupyter"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text('#!/bin/sh\necho "$JUPYTER_CONFIG_PATH" "$@"\n')
        (folder / name).chmod(0o755)
    shutil.copy(ROOT / "Makefile", folder)

    def run(*command):
        own = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1"}
        return subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True)

    return folder, run


def hooks(run):
    assert run("make", ".venv/ready", "PYTHON=true").returncode == 0
    return run("git", "config", "core.hooksPath").stdout.strip()


def test_setting_up_switches_the_hook_on(fresh):
    _, run = fresh
    run("git", "init", "-q")
    assert hooks(run) == ".githooks"


@pytest.mark.parametrize("own", ["pre-push", "link"])
def test_setting_up_leaves_hooks_of_ones_own_alone(fresh, own):
    folder, run = fresh
    run("git", "init", "-q")
    hook = folder / ".git" / "hooks" / own
    hook.symlink_to("/elsewhere/hook") if own == "link" else hook.write_text("#!/bin/sh\n")
    assert hooks(run) == ""


def test_setting_up_a_copy_leaves_the_repository_around_it_alone(fresh):
    folder, run = fresh
    run("git", "init", "-q", "..")
    assert hooks(run) == ""


def test_a_space_in_a_path_is_no_hindrance(fresh):
    folder, run = fresh
    (folder / "chapters" / "my map.svg").write_text("<svg/>")
    hooks(run)
    assert run("make", "-s", "lab").stdout == f"{folder}/tools/lab lab\n"
    planned = run("make", "-n", "book")
    assert planned.returncode == 0 and "jupyter-book build" in planned.stdout, planned.stderr


def test_a_commit_does_not_wait_for_a_grammar_that_nothing_needs():
    code = "import sys, panj.check.__main__, frictionless; print([name for name in sys.modules if name.startswith(('lark', 'rfc3987_syntax.'))])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
