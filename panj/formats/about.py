"""What the title page of a book says, from _config.yml and the contract of the data."""

import html
import json
import os
from datetime import datetime, timezone

import yaml

from ..data import DATA
from ..lists import day
from .articles import ROOT

ARTICLE = "V. Makwana, IndraStra Global, 2021"


def about():
    """{title, author, summary, licence, as_of, edition, modified, base}: plain text; `edition` is a date in words, `modified` the commit's time."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf8"))
    theme = config["sphinx"]["config"]["html_theme_options"]
    as_of = json.loads((DATA / "datapackage.json").read_text("utf8"))["edition"]["as_of"]
    modified = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", 0)), timezone.utc)
    base = os.environ.get("BASEURL", "")
    return {
        "title": config["title"],
        "author": config["author"],
        "summary": theme["summary"].partition(": ")[2],
        "licence": theme["licence"],
        "as_of": as_of,
        "edition": day(as_of),
        "modified": modified,
        "base": base.rstrip("/") + "/" if base else "",
    }


def title_page(told):
    """The title page as HTML: what the book is, of when, by whom, and what may be done with it."""
    says = {name: html.escape(str(value)) for name, value in told.items()}
    online = f'<p>Online at <a href="{says["base"]}">{says["base"]}</a></p>' if told["base"] else ""
    return (
        f'<section class="panj-title"><h1>{says["title"]}</h1><p class="panj-subtitle">{says["summary"][:1].upper()}{says["summary"][1:]}</p>'
        f'<p>Edition of {says["edition"]}</p><p>{says["author"]}</p>'
        f'<p class="panj-licence">{says["licence"]} The article under study ({ARTICLE}) is CC BY-NC-ND; this book states in its own words what the article says.</p>'
        f'<p class="panj-licence">Charts to explore, code to run and fields that check a number need the site.</p>{online}</section>'
    )
