"""What the title page of the book in one file says: the work as it asks to be cited (citation.py), and its date."""

import html
import os
from datetime import UTC, datetime

import yaml

from ..citation import ROOT, work
from ..edition import address, written

ARTICLE = "V. Makwana, IndraStra Global, 2021"


def about(env=os.environ):
    """{title, author, summary, licence, version, as_of, edition, modified, base}: text, but `modified`, the commit's time in UTC.

    `base` is the address where the book is published, with a slash at its end, or "". ConfigError when BASEURL is no address.
    """
    base = address("BASEURL", env.get("BASEURL", ""))
    this = work(base)
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))["sphinx"]["config"]
    return {
        "title": this.title,
        "author": this.author,
        "summary": this.summary.partition(": ")[2],
        "licence": settings["html_theme_options"]["licence"],
        "version": this.version,
        "as_of": this.day.isoformat(),
        "edition": written(this.day),
        "modified": datetime.fromtimestamp(int(env.get("SOURCE_DATE_EPOCH") or datetime.combine(this.day, datetime.min.time(), UTC).timestamp()), UTC),
        "base": base,
    }


def title_page(told):
    """The title page as HTML: what the book is, of when, by whom, and what may be done with it."""
    says = {name: html.escape(str(value)) for name, value in told.items()}
    online = f'<p>Online at <a href="{says["base"]}">{says["base"]}</a></p>' if told["base"] else ""
    return (
        f'<section class="panj-title"><h1>{says["title"]}</h1><p class="panj-subtitle">{says["summary"][:1].upper()}{says["summary"][1:]}</p>'
        f'<p>Edition {says["version"]}, as of {says["edition"]}</p><p>{says["author"]}</p>'
        f'<p class="panj-licence">{says["licence"]} The article under study ({ARTICLE}) is CC BY-NC-ND; this book states in its own words what the article says.</p>'
        f'<p class="panj-licence">Charts to explore, code to run and fields that check a number need the site.</p>{online}</section>'
    )
