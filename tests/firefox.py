"""Firefox as readers have it, driven over WebDriver BiDi, with the few commands that the tests need.

Playwright drives a Firefox of its own making, which no package registry has. Of the book's server Firefox knows two
names: 127.0.0.1, and SCHOOL, which stands for a host in a local network: plain http, so not a secure context.
"""

import itertools
import json
import os
import re
import shutil
import subprocess
import time
from contextlib import contextmanager

import websocket

SCHOOL = "school.example"
ENTER, SHIFT, CONTROL, HOME = "\ue007", "\ue008", "\ue009", "\ue011"
PREFERENCES = {
    "network.dns.localDomains": SCHOOL,
    "app.update.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.disable_open_during_load": False,
}


def path():
    """Where Firefox is, or None. ``FIREFOX_PATH`` names one outright."""
    return os.environ.get("FIREFOX_PATH") or shutil.which("firefox-esr") or shutil.which("firefox")


@contextmanager
def firefox(folder, width, height):
    """A page in a new profile in `folder`, `width` by `height` CSS pixels."""
    (folder / "user.js").write_text("".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in PREFERENCES.items()))
    log = folder / "firefox.log"
    command = [path(), "--headless", "--no-remote", "--profile", folder, "--remote-debugging-port=0"]
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            yield Page(_address(log), width, height)
        finally:
            process.terminate()


def _address(log):
    for _ in range(600):
        if found := re.search(r"WebDriver BiDi listening on (\S+)", log.read_text("utf8")):
            return f"{found[1]}/session"
        time.sleep(0.1)
    raise TimeoutError(f"Firefox did not start in a minute: {log.read_text('utf8')[-500:]}")


class Page:
    """One page. `asked` holds the address of each request it made, `said` what it wrote on its console and what failed."""

    def __init__(self, address, width, height):
        self.numbers, self.asked, self.said = itertools.count(), [], []
        self.socket = websocket.create_connection(address, timeout=180, suppress_origin=True)
        self.send("session.new", capabilities={})
        self.context = self.send("browsingContext.getTree")["contexts"][0]["context"]
        self.send("session.subscribe", events=["network.beforeRequestSent", "log.entryAdded"])
        self.send("browsingContext.setViewport", context=self.context, viewport={"width": width, "height": height})

    def send(self, method, **params):
        """The result of one command; events that come first are noted. RuntimeError when Firefox refuses."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self.socket.recv())).get("id") != number:
            event = answer.get("params", {})
            if answer.get("method") == "network.beforeRequestSent":
                self.asked.append(event["request"]["url"])
            elif answer.get("method") == "log.entryAdded":
                self.said.append(event["text"])
        if answer["type"] == "error":
            raise RuntimeError(f"{method}: {answer['error']}: {answer['message']}")
        return answer["result"]

    def goto(self, url):
        self.send("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def evaluate(self, script):
        """The value of a JavaScript expression, as JSON carries it."""
        expression = f"(async () => JSON.stringify((await ({script})) ?? null))()"
        answer = self.send("script.evaluate", expression=expression, target={"context": self.context}, awaitPromise=True)
        if answer["type"] == "exception":
            raise RuntimeError(f"{answer['exceptionDetails']['text']} in {script}")
        return json.loads(answer["result"]["value"])

    def wait(self, script, seconds=120):
        """Until an expression becomes true. TimeoutError when it does not in time."""
        end = time.monotonic() + seconds
        while not self.evaluate(f"Boolean({script})"):
            if time.monotonic() > end:
                raise TimeoutError(f"In {seconds} s this did not become true: {script}")
            time.sleep(0.1)

    def click(self, element):
        """Press what the JavaScript expression `element` gives, with the pointer, as a reader does."""
        at = f"(() => {{ const e = {element}; e.scrollIntoView({{block: 'center', behavior: 'instant'}}); const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; }})()"
        x, y = map(round, self.evaluate(at))
        moves = [{"type": "pointerMove", "x": x, "y": y}, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self.send("input.performActions", context=self.context, actions=[{"type": "pointer", "id": "mouse", "actions": moves}])

    def press(self, *keys):
        """Keys held together: press(CONTROL, "a")."""
        moves = [{"type": "keyDown", "value": k} for k in keys] + [{"type": "keyUp", "value": k} for k in reversed(keys)]
        self.send("input.performActions", context=self.context, actions=[{"type": "key", "id": "keys", "actions": moves}])

    def type(self, text):
        for letter in text:
            self.press(ENTER if letter == "\n" else letter)
