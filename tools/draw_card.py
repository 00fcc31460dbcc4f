"""Draw the card that messages and social networks show for a link: panj/static/card.png, 1200 x 630.

Run after `make book`, when the map of the start page or the book's title has changed:
.venv/bin/python tools/draw_card.py
"""

from pathlib import Path

from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright
from serve import CHROMIUM

from panj.pictures import browser

ROOT = Path(__file__).parent.parent
SITE = ROOT / "_build" / "html" / "chapters"
CARD = """<style>
  body { margin: 0; width: 1200px; height: 630px; display: flex; overflow: hidden; background: #fff; color: #1c2733; }
  div { width: 500px; padding: 70px 20px 0 60px; box-sizing: border-box; }
  h1 { margin: 0 0 30px; font: 600 76px/1.1 "Liberation Serif", Georgia, serif; }
  p { font: 30px/1.4 "Liberation Sans", Arial, sans-serif; color: #55616d; }
  svg { zoom: 1.46; margin: -20px 0 0; }
</style><div><h1>%s</h1><p>%s</p></div>%s"""

page = BeautifulSoup((SITE / "index.html").read_text("utf8"), "html.parser")
title = page.h1.find(string=True)
line = "Tajikistan and the return of the Taliban, read with data"
picture = (SITE / page.select_one(".panj-light img")["src"]).resolve().read_text("utf8")

with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=browser(), args=CHROMIUM)
    sheet = chromium.new_page(viewport={"width": 1200, "height": 630})
    sheet.set_content(CARD % (title, line, picture))
    sheet.screenshot(path=ROOT / "panj" / "static" / "card.png")
    chromium.close()
