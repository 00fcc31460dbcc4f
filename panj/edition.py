"""Which edition of the book this is, on which day of which commit, and whether a newer one has taken its place.

Version, day and review stand in data/datapackage.json and nowhere else. `make` says what it alone knows:
COMMIT (a "+" behind it stands for changes that are in none), SOURCE_DATE_EPOCH (its second) and FROZEN.
"""

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sphinx.errors import ConfigError

from . import data


@dataclass(frozen=True)
class Edition:
    version: str  # as readers cite it: 2026.11
    as_of: date  # up to this day the evidence was looked for
    review_after: int  # months
    changed: date  # the day of the commit; as_of where that is unknown
    commit: str  # short name of the commit; "" in a copy without history
    touched: bool  # whether something was changed that is in no commit
    current: str  # where the edition stands that took the place of this one; "" while this is the current one

    def overdue(self, today):
        """Whether somebody should have looked for newer evidence by `today`. A frozen edition never is."""
        months = (today.year - self.as_of.year) * 12 + today.month - self.as_of.month
        return not self.current and months > self.review_after


def edition(env=os.environ):
    """The edition of this copy of the book.

    It is frozen when the description of the data says so (edition.frozen holds the address of the current
    edition), or when it is built so: `make book FROZEN=https://…`. ConfigError when that is no address.
    """
    package = json.loads((data.DATA / "datapackage.json").read_text("utf8"))
    about, epoch, commit = package["edition"], env.get("SOURCE_DATE_EPOCH"), env.get("COMMIT", "")
    as_of = date.fromisoformat(about["as_of"])
    return Edition(
        version=package["version"],
        as_of=as_of,
        review_after=about["review_after_months"],
        changed=datetime.fromtimestamp(int(epoch), UTC).date() if epoch else as_of,
        commit=commit.removesuffix("+"),
        touched=commit.endswith("+"),
        current=address("FROZEN", env.get("FROZEN") or about["frozen"]),
    )


def address(name, text):
    """`text` with a slash at its end, "" when it is empty; ConfigError when it is no address of a site."""
    if text and not re.fullmatch(r"https?://[^\s?#]+", text):
        raise ConfigError(f"{name}={text} is no address of a site. Write it in full: {name}=https://your.host/path/")
    return text.rstrip("/") + "/" if text else ""


def written(day):
    """A day as the pages write it: 24 November 2026."""
    return f"{day.day} {day:%B %Y}"


def note_edition(app, config):
    config.panj_edition = edition()


def setup(app):
    app.add_config_value("panj_edition", None, "html")  # a page is written again when it changes
    app.connect("config-inited", note_edition)
