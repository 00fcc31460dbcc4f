"""`show()`: the one way a chapter puts a chart on the page.

It turns a Plotly figure into one deterministic output, so that the same code and
data always give the same bytes (nbval compares them), and it refuses a chart that
a reader could not check: no title, unit, date, alternative text, or a row in the
data table that cites neither a claim nor a source.
"""

import html

from IPython.display import display

from . import style
from .data import load
from .handin.plain import plain

MIME = "application/vnd.plotly.v1+json"
CITING = ("claim_id", "source_id")


def show(fig, *, alt, table, units, as_of, note=""):
    """Display a figure with everything a reader needs to check it.

    Parameters
    ----------
    fig : plotly.graph_objects.Figure
        With a title that states the finding.
    alt : str
        What the chart shows, for someone who cannot see it: one or two full sentences.
    table : pandas.DataFrame
        The plotted numbers, one row per mark. A column ``claim_id`` or ``source_id``
        (or both) holds the ids each row rests on, separated by spaces.
    units : str
        Measure and unit, e.g. "share of the population, per cent".
    as_of : str
        The date or period the numbers hold for, e.g. "2021".
    note : str, optional
        A caveat that belongs under the chart.

    Raises
    ------
    ValueError
        With one sentence that names what is missing and how to add it.
    """
    title = fig.layout.title.text
    _require(title, 'a title: px.bar(..., title="...") or fig.update_layout(title="...")')
    _require(units, 'units: show(..., units="length in km")')
    _require(as_of, 'an as-of date: show(..., as_of="October 2021")')
    _require(alt and len(alt.split()) >= 8, "alt text of at least eight words that says what the chart shows")
    _require(len(table), "a data table with at least one row: show(..., table=df)")
    columns, rows, cited = _cited_table(table)

    spec = plain(fig.to_plotly_json())
    for trace in spec["data"]:
        trace.pop("uid", None)
    spec["layout"]["meta"] = {
        "panj": {
            "title": title,
            "units": units,
            "as_of": as_of,
            "alt": alt,
            "note": note,
            "columns": columns,
            "rows": rows,
            "cited": cited,
        }
    }
    spec = {"data": spec["data"], "layout": spec["layout"]}
    display({MIME: spec, "text/html": _html_table(columns, rows, cited, title), "text/plain": alt}, raw=True)


def _require(given, what):
    if not given:
        raise ValueError(f"This chart cannot be shown: it needs {what}.")


def _cited_table(table):
    """Split a table into what is read (columns, rows) and what each row cites.

    Returns columns (list of str), rows (list of lists of str or numbers), and cited:
    per row a list of [kind, id], kind being "claim" or "source".
    """
    ids = [name for name in CITING if name in table.columns]
    _require(ids, "a claim_id or source_id column in its table, so that every row can be traced")
    known = {"claim": set(load("claims")["claim_id"]), "source": set(load("sources")["source_id"])}
    rows, cited = [], []
    shown = table.drop(columns=ids)
    for number, (values, record) in enumerate(zip(shown.itertuples(index=False), table[ids].to_dict("records")), 1):
        cites = []
        for name in ids:
            kind = name.removesuffix("_id")
            for key in str(record[name] if record[name] == record[name] else "").split():
                if key not in known[kind]:
                    raise ValueError(
                        f"This chart cannot be shown: row {number} of its table cites the {kind} {key!r}, "
                        f"which is not in data/{kind}s.csv. Correct the id or add the row there."
                    )
                cites.append([kind, key])
        _require(cites, f"a claim_id or source_id in row {number} of its table")
        rows.append(["" if v is None or v != v else plain(v) for v in values])
        cited.append(cites)
    return [str(c) for c in shown.columns], rows, cited


def _html_table(columns, rows, cited, title):
    """The data as a plain HTML table, for viewers that cannot draw the chart."""
    head = "".join(f"<th>{html.escape(c)}</th>" for c in [*columns, "rests on"])
    body = "".join(
        "<tr>"
        + "".join(f"<td>{html.escape(str(v))}</td>" for v in row)
        + f"<td>{html.escape(', '.join(key for _, key in cites))}</td></tr>"
        for row, cites in zip(rows, cited)
    )
    return f"<table><caption>{html.escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


style.use()
