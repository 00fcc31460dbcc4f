# The book's few commands. `make help` lists them; each sets up all that it needs.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/ready
# The instructors' edition also shows withheld answers and rubrics (make book EDITION=instructor).
export EDITION
# An instructor's own exercises and checks, kept elsewhere.
export PRIVATE
BUILT := _build$(if $(filter instructor,$(EDITION)),/instructor/_build)
SITE := $(BUILT)/html
# The commit on the pages, and its day: the same commit always gives the same bytes. A copy without history has neither.
ifneq ($(and $(wildcard .git),$(shell git rev-parse HEAD 2>/dev/null)),)
export COMMIT ?= $(shell git describe --always --exclude='*' --abbrev=10 --dirty=+)
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct)
endif
# Where the book will be published (make book BASEURL=https://…/): for canonical links, the card and the sitemap.
export BASEURL
# Where the edition stands that took the place of this one (make book FROZEN=https://…/): every page then says so.
export FROZEN
SOURCES := _config.yml _toc.yml $(shell find chapters data exercises panj vendor -type f -not -path '*/.*' -not -path '*/__pycache__/*' | sed 's/ /\\ /g')

.PHONY: book test publish-dir formats links stale serve lab check tidy chapter run handouts grade finish bench lock cite geo plotly editor clean help always
.DEFAULT_GOAL := help

book: $(SITE)/.built ## build the book into _build/html
	@echo "The book is in $(SITE)/index.html"

test: $(SITE)/.built ## build the book, then run every test (of one file: make test FILES=chapters/geography.ipynb)
	@sh tools/browsers.sh both
	@sh tools/epubcheck.sh
	$(BIN)/python -m pytest $(FILES)

publish-dir: ## write what a static host needs into _build/publish (make publish-dir BASEURL=https://your.host/path/)
	@test -n "$(BASEURL)" || { echo "Where will the book stand? Name the address: make publish-dir BASEURL=https://your.host/path/"; exit 1; }
	@test -z "$(EDITION)" || { echo "The instructors' edition holds withheld answers and is not for publishing: leave out EDITION."; exit 1; }
	@$(MAKE) -s book
	@$(BIN)/python -m panj.publish

formats: $(SITE)/.built ## the book in one file, three ways, into _build/formats: offline ZIP, EPUB, PDF
	@test -z "$(EDITION)" || { echo "The instructors' edition holds withheld answers and is not for giving away: leave out EDITION."; exit 1; }
	@$(BIN)/python -m panj.formats

links: $(SITE)/.built ## ask every page outside the book that it links to whether it still answers (needs the network)
	@$(BIN)/python -m panj.outside

stale: $(READY) ## say what in data/ is past its review or oldest, and what to do
	@$(BIN)/python -m panj.vintage

serve: $(SITE)/.built ## build, serve on 127.0.0.1:8000 and reload when a file is saved
	$(BIN)/jupyter-book config sphinx . >/dev/null
	$(BIN)/sphinx-autobuild --host 127.0.0.1 --port 8000 --ignore '*/_build/*' --ignore '*/.venv/*' --watch data --watch panj . $(SITE)

# tools/lab/ says how it starts: here alone, asking no other host, saving notebooks tidy.
lab: $(READY) ## edit the chapters in JupyterLab
	@JUPYTER_CONFIG_PATH="$(CURDIR)/tools/lab" $(BIN)/jupyter lab

check: $(READY) ## what contributors run most: all rules on all pages in seconds, and what changed is run again (ALL=1: everything; FILES=…)
	@$(BIN)/python -m panj.check $(if $(ALL),--all) $(FILES)

tidy: $(READY) ## put notebooks in the form in which they are kept (JupyterLab and git do it too)
	@$(BIN)/python -m panj.tidy

chapter: $(READY) ## begin a chapter from the template (make chapter NAME=rivers)
	@$(BIN)/python -m panj.chapter "$(NAME)"

run: $(READY) ## run every chapter and exercise and store the outputs (one: make run CHAPTER=geography, EXERCISE=geography-share)
	$(BIN)/python -m panj.run $(if $(EXERCISE),,chapters/$(or $(CHAPTER),*).ipynb) $(if $(CHAPTER),,exercises/$(or $(EXERCISE),*).ipynb)

handouts: $(READY) ## write the problem sets for students and instructors into _build/handouts (PRIVATE=folder adds your own)
	@$(BIN)/python -m panj.exercises.handouts

# What students handed in, the name of a problem set or chapter, and a folder of your own for the grades.
export SUBMISSIONS ASSIGNMENT OUT
grade: $(READY) ## grade what students handed in (make grade SUBMISSIONS=folder-or-zip ASSIGNMENT=ps1; OUT, PRIVATE: folders of yours)
	@$(BIN)/python -m panj.exercises.grade

finish: $(READY) ## once rubric.csv is filled: write final.csv and the feedback (make finish ASSIGNMENT=ps1)
	@$(BIN)/python -m panj.exercises.finish

bench: ## measure the book beside the same chapters built the stock way (needs Node)
	@for tool in npm openssl; do command -v $$tool >/dev/null || { echo "make bench needs $$tool: on Debian or Ubuntu, apt-get install npm openssl"; exit 1; }; done
	@$(MAKE) -s book
	@sh tools/browsers.sh
	$(BIN)/python tools/bench.py
	$(BIN)/python tools/bench_live.py
	$(BIN)/python tools/bench_grade.py

# What the pages say beyond their sources, and which sources there are: when it changes, they are written again.
SAID := $(COMMIT) $(SOURCE_DATE_EPOCH) $(BASEURL) $(FROZEN) $(shell echo '$(sort $(SOURCES))' | cksum)
$(BUILT)/said: always
	@mkdir -p $(@D); echo '$(SAID)' | cmp -s - $@ || echo '$(SAID)' > $@

$(SITE)/.built: $(READY) $(SOURCES) $(BUILT)/said
	@# A book without pictures is not finished: with a Chrome, the next run adds them.
	@# As old as its beginning, so that what is saved meanwhile is built next time.
	@mkdir -p $(SITE) && touch $(SITE)/.begun; sh tools/browsers.sh && pictures=yes; \
	$(BIN)/jupyter-book build . --path-output $(dir $(BUILT)) -W --keep-going -q && { test -z "$$pictures" || mv $(SITE)/.begun $@; }

$(READY): requirements.txt pyproject.toml panj/live/core.py
	@test -n "$(PYTHON)" || { echo "This book needs Python 3.11, 3.12 or 3.13: install one, or name it: make book PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv module is missing: on Debian or Ubuntu, apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m panj.live.core
	@# Notebooks go into commits tidy, unless this is no repository of its own or has other hooks.
	@! test -e .git || git config --get core.hooksPath >/dev/null || find "$$(git rev-parse --git-path hooks)" ! -type d ! -name '*.sample' 2>/dev/null | grep -q . || \
	git config core.hooksPath .githooks || true
	@touch $@

lock: $(BIN)/uv ## choose new versions: requirements.in -> requirements.txt (NEWEST=yes: also of what those bring along)
	$(BIN)/uv pip compile $(if $(NEWEST),--upgrade) --universal --python-version 3.11 --generate-hashes --no-header -q requirements.in -o requirements.txt

cite: $(READY) ## write CITATION.cff and codemeta.json, after a change of the edition
	$(BIN)/python -m panj.citation

geo: $(BIN)/uv ## rebuild data/geo/ from its pinned inputs
	$(BIN)/uv run -q tools/build_geo.py

# The bundle follows the plotly.js of plotly.py; Node is needed here and nowhere else.
plotly: $(READY) ## rebuild the part of plotly.js that the charts need (with Node)
	@set -e; build=$$(mktemp -d); trap 'rm -rf "$$build"' EXIT; cp tools/plotly/* "$$build"; \
	npm install --prefix "$$build" --no-audit --no-fund --ignore-scripts --omit-lockfile-registry-resolved --save-exact -s "plotly.js@$$($(BIN)/python -m panj.plotlyjs)"; \
	cp "$$build"/package*.json tools/plotly; \
	static=$$PWD/panj/static; cd "$$build"; node build.mjs "$$static"

editor: ## rebuild the editor of code cells (with Node)
	@set -e; build=$$(mktemp -d); trap 'rm -rf "$$build"' EXIT; cp tools/editor/* "$$build"; \
	npm install --prefix "$$build" --no-audit --no-fund --ignore-scripts --omit-lockfile-registry-resolved -s; \
	cp "$$build/package-lock.json" tools/editor; \
	"$$build/node_modules/.bin/esbuild" "$$build/editor.mjs" --bundle --minify --format=esm --charset=utf8 --legal-comments=none \
	  --banner:js='/* CodeMirror 6, MIT licence; built by make editor */' --outfile=panj/static/editor.mjs --log-level=warning

# For maintainers alone, so not in the lock that every reader installs.
$(BIN)/uv: $(READY)
	$(BIN)/python -m pip install -q --disable-pip-version-check uv==0.13.9

clean: ## delete what was built (the environment stays, and so do grades, where you have typed)
	@test ! -d _build || find _build -mindepth 1 -maxdepth 1 ! -name grades -exec rm -rf {} +

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 13
