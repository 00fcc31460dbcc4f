"""Ask every address that the book links to whether it still answers: ``python -m panj.outside`` (make links).

It needs the network and the built book, and nothing else waits for it. Of each host it asks for one page at a time, with a
pause between, and for the head of the page alone where the host allows that. A link that is dead or has moved is reported
with the pages that have it; a dead one also with the address of a copy at the Internet Archive near the day we read it.
"""

import http.client
import socket
import sys
import time
import urllib.error
import urllib.request
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

from . import links
from .data import load

SITE = Path(__file__).parent.parent / "_build" / "html"
AGENT = "Mozilla/5.0 (compatible; link check of an open textbook, one page at a time)"
TIMEOUT, PAUSE, AT_ONCE, HOPS = 20, 1.0, 16, 8  # seconds, seconds, hosts, redirections
SAFE = ":/?#[]@!$&'()*+,;=%~"
GONE = (404, 410)
MEANING = {
    "dead": "dead: mend the link, or cite a copy",
    "moved": "moved for good: write the new address",
    "unclear": "unclear: open it in a browser (many hosts turn programs away)",
}


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirection is an answer like any other, so that its code can be seen."""

    def redirect_request(self, *told):
        return None


OPENER = urllib.request.build_opener(Stay)


def status(address, timeout):
    """(code, where a redirection leads) of one address. OSError or HTTPException when there is no answer."""
    for method in ("HEAD", "GET"):  # some hosts answer only the second
        request = urllib.request.Request(quote(address, safe=SAFE), headers={"User-Agent": AGENT}, method=method)
        try:
            with OPENER.open(request, timeout=timeout) as answer:
                return answer.status, ""
        except urllib.error.HTTPError as error:
            code, where = error.code, error.headers.get("Location", "")
            error.close()
        if code < 400:
            break
    return code, urljoin(address, quote(where.encode("latin-1"), safe=SAFE))  # the very bytes that were sent


def ask(address, timeout=TIMEOUT):
    """What became of one address: (fine, moved, dead or unclear; why or where to; whether anything answered at all)."""
    here, for_good, answered = address, True, False
    try:
        for _ in range(HOPS):
            if urlsplit(here).scheme not in ("http", "https"):
                return "unclear", f"leads to {here}", answered
            code, where = status(here, timeout)
            answered = True
            if code in GONE:
                return "dead", f"{code}", True
            if code >= 400:
                return "unclear", f"{code}", True
            if code < 300:
                return ("moved", here, True) if for_good and here != address else ("fine", "", True)
            for_good = for_good and code in (301, 308)
            here = where
        return "unclear", "redirected without end", True
    except (OSError, http.client.HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        return ("dead" if isinstance(reason, socket.gaierror) else "unclear"), str(reason) or type(reason).__name__, answered


def check(addresses, timeout=TIMEOUT, pause=PAUSE):
    """{address: (verdict, why)}; empty when no host at all could be reached, as the first of each tell."""
    hosts = defaultdict(list)
    for address in addresses:
        hosts[urlsplit(address).netloc].append(address)

    def visit(own):
        found = {}
        for number, address in enumerate(own):
            if address not in known:
                time.sleep(pause if number else 0)
            found[address] = known.get(address) or ask(address, timeout)
        return found

    with ThreadPoolExecutor(AT_ONCE) as pool:
        first = [own[0] for own in hosts.values()][:AT_ONCE]
        known = dict(zip(first, pool.map(lambda address: ask(address, timeout), first)))
        if not any(answered for _, _, answered in known.values()):
            return {}
        return {address: told[:2] for found in pool.map(visit, hosts.values()) for address, told in found.items()}


def copy(address, read):
    """Where the Internet Archive shows a page as it was nearest to a day (YYYY-MM-DD)."""
    return f"https://web.archive.org/web/{read.replace('-', '')}/{address}"


def report(found, pages, read):
    """The lines to print: every address that is not fine, by what is to be done. `read`: {address: day on which we read it}."""
    for verdict, meaning in MEANING.items():
        chosen = {address: why for address, (said, why) in found.items() if said == verdict}
        if chosen:
            yield f"\n{len(chosen)} {meaning}"
        for address, why in sorted(chosen.items()):
            yield f"  {address}\n    {'to ' if verdict == 'moved' else ''}{why} · on {', '.join(pages[address])}"
            if verdict == "dead":
                yield f"    copy: {copy(address, read.get(address, '2'))}"


def main(site=SITE, **patience):
    """Check the links of the built site and print the report; gives 1 when one is dead, else 0."""
    pages = links.outside(site)
    if not pages:
        print("The book is not built, or links to no other host: run `make book` first.")
        return 1
    found = check(pages, **patience)
    if not found:
        print(f"No network: none of the {len(pages)} links to other hosts was checked. Nothing is wrong with the book; try again online.")
        return 0
    sources = load("sources")
    print(*report(found, pages, dict(zip(sources["url"], sources["accessed"]))), sep="\n")
    print(f"\n{len(found)} links asked, {sum(verdict == 'fine' for verdict, _ in found.values())} are fine.")
    return int(any(verdict == "dead" for verdict, _ in found.values()))


if __name__ == "__main__":
    sys.exit(main())
