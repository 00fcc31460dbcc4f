"""Python in the reader's browser: the runtime that the site carries, and the controls at each cell.

- core.py fetches Pyodide, once, when the environment is set up
- runtime.py puts the runtime folder of the site together
- static/worker.mjs starts Python in a worker; session.py runs cells there
"""
