"""What runs on other machines: the workflows, Binder, Codespaces. None of them can be run here, so they are read."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner
from conftest import ROOT

BIN = Path(sys.executable).parent
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
MAKEFILE = (ROOT / "Makefile").read_text("utf8")
PYTHONS = re.search(r"for p in ((?:python3\.\d+ )+)", MAKEFILE)[1].replace("python", "").split()


def made(text):
    """The targets of make that a text calls."""
    return set(re.findall(r"\bmake ([\w./-]+)", text))


def test_an_attacker_finds_nothing_in_the_workflows():
    done = subprocess.run([BIN / "zizmor", "--offline", "--no-progress", "--persona=pedantic", ROOT / ".github"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", WORKFLOWS),
        ("github-issue-forms", FORMS),
        ("dependabot", [ROOT / ".github" / "dependabot.yml"]),
        ("citation-file-format", [ROOT / "CITATION.cff"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_files_for_other_services_keep_their_schemas(schema, files):
    assert files
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", f"vendor.{schema}", *map(str, files)])
    assert done.exit_code == 0, done.output


def test_every_action_is_pinned_to_one_commit_and_names_its_version():
    used = {}
    for workflow in WORKFLOWS:
        for line in re.findall(r"uses: (.+)", workflow.read_text("utf8")):
            name, pin = re.fullmatch(r"([\w./-]+)@([0-9a-f]{40} # v\d+\.\d+\.\d+)", line).groups()
            used.setdefault(name, set()).add(pin)
    assert used and all(len(pins) == 1 for pins in used.values()), used


def test_the_workflows_run_the_commands_of_the_makefile_on_every_python():
    targets = set(re.findall(r"^([\w-]+):", MAKEFILE, re.M))
    for workflow in WORKFLOWS:
        assert made(workflow.read_text("utf8")) <= targets
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "book.yml").read_text("utf8"))["jobs"]
    assert sorted(jobs["test"]["strategy"]["matrix"]["python"]) == sorted(PYTHONS)
    assert jobs["build"]["needs"] == "test" and jobs["deploy"]["needs"] == "build", "nothing is published before it is tested"


def test_only_the_job_that_publishes_may_write_and_it_runs_no_code_of_the_book():
    for workflow in WORKFLOWS:
        said = yaml.safe_load(workflow.read_text("utf8"))
        assert said["permissions"] == {}
        for name, job in said["jobs"].items():
            if "write" in job["permissions"].values():
                assert name == "deploy" and not any("run" in step for step in job["steps"])


def test_the_lock_holds_what_was_chosen():
    """Mend: make lock."""
    chosen, locked = (dict(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / f"requirements.{end}").read_text("utf8"), re.M)) for end in ("in", "txt"))
    assert chosen and {name: locked.get(name) for name in chosen} == chosen


def test_binder_and_codespaces_install_what_is_locked():
    binder = ROOT / ".binder"
    (line,) = (binder / "requirements.txt").read_text("utf8").splitlines()
    assert (binder / line.removeprefix("-r ")).resolve() == ROOT / "requirements.txt"
    assert (binder / "runtime.txt").read_text("utf8").strip().removeprefix("python-") in PYTHONS
    assert os.access(binder / "postBuild", os.X_OK)
    install = re.search(r"pip install .*(--no-deps .+)", (binder / "postBuild").read_text("utf8"))[1]
    assert install in MAKEFILE
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf8"))
    assert re.fullmatch(r"mcr\.microsoft\.com/devcontainers/python:(3\.\d+)-\w+", container["image"])[1] in PYTHONS
    assert made(container["onCreateCommand"]) == {".venv/ready"}
    assert set(map(int, container["portsAttributes"])) == set(container["forwardPorts"])
