"""Runs cells one after the other as a notebook does. Only in the browser: it stands in for what chapters use of IPython.

`Session(say).run(source, name)` calls say(JSON) for each output: {"output": in the form of a notebook's, "page": what only
the page needs of it, if anything}. Of a chart that is {"name", "html", "drawing"}, made as for a page of the book (markup.py);
of an error {"line"}, the line of this cell that it came from.
"""

import ast
import builtins
import json
import linecache
import os
import pprint
import sys
import traceback
import types
from pathlib import Path

HERE = "/book/chapters"
MIME = "application/vnd.plotly.v1+json"
PAGES = {"claim": "ledger.html", "source": "sources.html"}  # beside the chapter


class Session:
    def __init__(self, say):
        self.say, self.history, self.count, self.charts = say, [], 0, 0
        Path(HERE).mkdir(exist_ok=True)
        os.chdir(HERE)
        self._stand_in()
        self.fresh()

    def fresh(self):
        """Forget all variables, and how tables and charts are to be shown."""
        import pandas as pd  # not before IPython is there: pandas looks for it when it is imported
        import plotly.io

        self.names = {"__name__": "__main__"}
        plotly.io.renderers.default = "plotly_mimetype"
        pd.reset_option("display.(max|min|width|precision)")  # regular expression; others ask for more of IPython

    def run(self, source, name, fresh=False):
        """Run one cell; its value, if the last line is an expression, is its last output. An error is an output too."""
        if fresh:
            self.fresh()
        self.history.append(source)
        self.count += 1
        sys.stdout, sys.stderr = _Stream(self._out, "stdout"), _Stream(self._out, "stderr")
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        try:
            tree = ast.parse(source, name)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";") else None
            exec(compile(tree, name, "exec"), self.names)
            if last:
                value = eval(compile(ast.Expression(last.value), name, "eval"), self.names)
                if value is not None:
                    self._out("execute_result", data=bundle(value), metadata={}, execution_count=self.count)
        except BaseException as error:
            self._error(error, name)
        finally:
            sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__

    def _out(self, kind, page=None, **more):
        if MIME in more.get("data", {}):
            page = self._chart(more["data"][MIME])
        self.say(json.dumps({"output": {"output_type": kind, **more}, "page": page}))

    def _chart(self, spec):
        from panj.markup import anchor, figure
        from panj.style import drawing

        self.charts += 1
        name = f"mine-{self.charts}"
        made = figure(name, spec, lambda kind, key: anchor(PAGES[kind], kind, key))
        return {"name": name, "html": made, "drawing": drawing(spec)}

    def _error(self, error, name):
        """Only the reader's own cells stand in a traceback down to the error; how the book runs them does not."""
        told = traceback.TracebackException.from_exception(error)
        told.stack = traceback.StackSummary.from_list([frame for frame in told.stack if frame.filename != __file__])
        lines = [frame.lineno for frame in told.stack if frame.filename == name] or [getattr(error, "lineno", None)]
        self._out("error", ename=type(error).__name__, evalue=str(error), traceback="".join(told.format()).splitlines(), page={"line": lines[-1]})

    def display(self, *values, metadata=None, raw=False, **_):
        for value in values:
            self._out("display_data", data=value if raw else bundle(value), metadata=metadata or {})

    def _stand_in(self):
        shell = ZMQShell()
        shell.history_manager = types.SimpleNamespace(input_hist_raw=self.history)
        builtins.get_ipython = lambda: shell
        ipython, shown, nbformat = types.ModuleType("IPython"), types.ModuleType("IPython.display"), types.ModuleType("nbformat")
        ipython.get_ipython, ipython.display, ipython.version_info = lambda: shell, shown, (9, 0)
        shown.display, shown.HTML, shown.Markdown = self.display, _shows("_repr_html_"), _shows("_repr_markdown_")
        nbformat.__version__ = "5.10.4"  # plotly asks for it before it shows a figure, and uses nothing of it
        sys.modules |= {"IPython": ipython, "IPython.display": shown, "nbformat": nbformat}


def bundle(value):
    """What a notebook stores of a value: {MIME type: content}."""
    if hasattr(value, "to_plotly_json"):
        from panj.handin.plain import plain

        return {MIME: plain(value.to_plotly_json()), "text/plain": "a Plotly figure"}
    made = {"text/plain": _Printer(width=79, sort_dicts=False).pformat(value) if isinstance(value, (list, tuple, dict, set)) else repr(value)}
    for kind, method in {"text/html": "_repr_html_", "text/markdown": "_repr_markdown_"}.items():
        if getattr(value, method, None):
            made[kind] = getattr(value, method)()
    return made


class _Printer(pprint.PrettyPrinter):
    """As a notebook prints lists and dicts: lines of 79 characters, and no text cut in pieces."""

    _dispatch = {key: value for key, value in pprint.PrettyPrinter._dispatch.items() if key is not str.__repr__}


def _shows(method):
    class Shown:
        def __init__(self, data):
            self.data = data

        def __repr__(self):
            return f"<IPython.core.display.{'HTML' if 'html' in method else 'Markdown'} object>"

    setattr(Shown, method, lambda self: self.data)
    return Shown


class ZMQShell:
    """By this name and a kernel pandas knows that it is in a notebook, where tables are as wide as they are."""

    kernel = True


class _Stream:
    encoding = "utf-8"

    def __init__(self, out, name):
        self.out, self.name = out, name

    def write(self, text):
        if text:
            self.out("stream", name=self.name, text=text)
        return len(text)

    def flush(self):
        pass

    def isatty(self):
        return False
