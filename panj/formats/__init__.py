"""The book in other forms than a site.

With the site come a ZIP of each notebook that runs on its own (notebooks.py) and the data package (data.py);
downloads.py puts both there and prints the page that offers them. `make formats` makes the whole book in one file:
a folder to carry (offline.py), an EPUB (epub.py) and a PDF (pdf.py), the last two from the built pages (articles.py).
"""
