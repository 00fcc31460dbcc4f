// Python in the reader's browser: the cells of a page can be run and changed. Nothing is loaded before a reader asks.
(() => {
  const root = new URL("./", document.currentScript.src);
  const chapter = location.pathname.split("/").pop().replace(/\.html$/, "");
  const FIGURE = "application/vnd.plotly.v1+json";
  const megabytes = (n) => (n / 1e6).toFixed(1);
  const make = (tag, properties = {}, ...children) => {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  };

  // What the reader has written, by cell: { book, mine }. Kept on this device, for this page alone.
  const kept = {
    key: `panj-cells:${location.pathname}`,
    read() { try { return JSON.parse(localStorage.getItem(this.key)) ?? {}; } catch { return {}; } },
    write(all) {
      try { Object.keys(all).length ? localStorage.setItem(this.key, JSON.stringify(all)) : localStorage.removeItem(this.key); } catch { /* storage can be switched off */ }
      forget.hidden = !Object.keys(all).length;
    },
  };
  const forget = make("button", { type: "button", className: "panj-forget", textContent: "Forget all I wrote on this page", hidden: true });

  // One Python for the page, in a worker.
  const python = {
    worker: null, ready: null, asked: new Map(), number: 0,
    start(says) {
      return this.ready ??= new Promise((ready, failed) => {
        let total = 0;
        const fail = (why) => { this.end(); failed(new Error(why)); };
        try { this.worker = new Worker(new URL("python/worker.mjs", root), { type: "module" }); } catch (error) { return fail(error.message); }
        this.worker.onerror = (event) => fail(event.message ?? "the worker could not be loaded");
        this.worker.onmessage = ({ data }) => {
          if (data.total) total = data.total;
          if (data.loaded) says(`Starting Python: ${megabytes(data.loaded)} of ${megabytes(total)} MB`, Math.min(1, data.loaded / total));
          if (data.starting) says("Starting Python: unpacking");
          if (data.ready) ready();
          if (data.failed) fail(data.failed);
          if (data.output) this.asked.get(data.id)?.show(data.output, data.page);
          if (data.done) { this.asked.get(data.id)?.done(true); this.asked.delete(data.id); }
        };
      });
    },
    run(source, name, show, fresh = false) {
      return new Promise((done) => {
        this.asked.set(++this.number, { show, done });
        this.worker.postMessage({ run: this.number, source, name, fresh });
      });
    },
    // An endless loop cannot be asked to stop, only ended, and its variables with it.
    end() {
      this.worker?.terminate();
      this.worker = this.ready = null;
      for (const { done } of this.asked.values()) done(false);
      this.asked.clear();
      for (const cell of cells) cell.ran = null;
    },
  };

  class Cell {
    constructor(node, pre, exercise) {
      this.node = node;
      this.block = pre.parentElement; // the code as the book prints it
      this.book = pre.querySelector(":scope > code")?.textContent ?? pre.textContent;
      this.book = this.book.replace(/\n$/, "");
      this.text = this.book;
      this.exercise = exercise;
      this.ran = null; // the text that ran last in the Python of now
      this.results = []; // of the last run: { output, page }, see session.py
      this.wrong = 0; // the line that an error came from
      this.printed = [...node.querySelectorAll(":scope > .cell_output")];
      this.status = make("span", { role: "status" });
      this.progress = make("progress", { max: 1, hidden: true });
      this.progress.setAttribute("aria-label", "Loading Python");
      this.bar = make("div", { className: "panj-live" });
      const button = (name, act, hidden = false) => {
        const made = make("button", { type: "button", textContent: name, hidden });
        made.addEventListener("click", act);
        this.bar.append(made);
        return made;
      };
      this.runs = button("Run", () => this.run());
      if (!exercise && cells.length) this.above = button("Run all above", () => this.run(true));
      if (exercise) this.checks = button("Check", () => this.check());
      this.edits = button("Edit", () => this.edit());
      this.resets = button("Reset", () => this.reset(), true);
      this.stops = button("Stop", () => { python.end(); this.say("Stopped. Python starts anew with the next run; its variables are gone."); }, true);
      if (exercise) this.saves = button("Download my notebook", () => this.download(), true);
      this.bar.append(this.progress, this.status);
      this.mine = make("div", { className: "panj-mine", hidden: true });
      (exercise ? this.block.closest(".highlight-python, [class*=highlight-]") : node.querySelector(".cell_input")).after(this.bar, this.mine);
    }

    get number() { return cells.indexOf(this) + 1; }
    get name() { return this.exercise ?? `cell ${this.number}`; }

    say(text, share) {
      this.status.textContent = text;
      this.progress.hidden = share === undefined;
      if (share !== undefined) this.progress.value = share;
    }

    busy(is) {
      this.stops.hidden = !is;
      for (const button of [this.runs, this.above, this.checks]) if (button) button.disabled = is;
    }

    // Start Python where need be; false when it cannot be.
    async start() {
      if (!location.protocol.startsWith("http")) {
        this.say("A page opened from a folder cannot run Python. In the book's folder type python3 -m http.server and open http://localhost:8000.");
        return false;
      }
      this.busy(true);
      this.say("Starting Python", 0);
      try {
        await python.start((text, share) => this.say(text, share ?? 1));
        return true;
      } catch (error) {
        this.busy(false);
        this.say(`Python could not be started (${error.message}).`);
        return false;
      }
    }

    async run(all = false) {
      if (!(await this.start())) return false;
      try {
        return await this.through(all);
      } catch (error) { // a file of the page, such as the editor's, did not come
        this.say(`The result cannot be shown: ${error.message}. Look at your network and run once more.`);
        return false;
      } finally {
        this.busy(false);
      }
    }

    async through(all) {
      const before = this.exercise ? [] : cells.slice(0, this.number - 1).filter((cell) => !cell.exercise && (all || cell.ran !== cell.text));
      for (const cell of before) {
        this.say(`Running ${cell.name} of ${this.number}`);
        if (await cell.now(all || cell.text !== cell.book, all && cell === before[0])) continue;
        if (python.ready) this.say(`${cell.name} above did not run; look at its message.`);
        return false;
      }
      this.say("Running");
      const began = performance.now();
      const went = await this.now(true);
      if (went) this.say(`Done in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
      return went;
    }

    // Run this cell alone; whether it ended without an error.
    async now(shown, fresh = false) {
      const text = this.text;
      if (this.ran !== text && !this.exercise) // what ran after this cell may rest on what it was
        for (const later of cells.slice(this.number)) if (!later.exercise) later.ran = null;
      this.results = [];
      const done = await python.run(text, this.name, (output, page) => this.results.push({ output, page }), fresh);
      const error = this.results.find(({ output }) => output.output_type === "error");
      this.ran = done && !error ? text : null;
      this.wrong = error?.page.line ?? 0;
      if (done && (shown || error)) await this.show();
      if (this.wrong) await this.open();
      this.editor?.mark(this.wrong);
      if (error) this.say(`An error${this.wrong ? ` in line ${this.wrong}` : ""}: the last line of the message says what it is.`);
      return done && !error;
    }

    async show() {
      if (this.results.some(({ page }) => page?.drawing)) await charts();
      const back = make("button", { type: "button", textContent: this.printed.length ? "Back to the book’s result" : "Hide" });
      back.addEventListener("click", () => this.hide());
      this.mine.replaceChildren(make("p", { className: "panj-note" }, this.text === this.book ? "Computed here just now. " : "Computed here, from your version. ", back), ...rendered(this.results));
      this.mine.hidden = false;
      for (const output of this.printed) output.hidden = true;
      this.resets.hidden = false;
      for (const button of this.mine.querySelectorAll(".panj-explore")) {
        button.dataset.back = "Close this chart";
        window.panjDraw(button);
      }
    }

    hide() {
      this.mine.hidden = true;
      this.mine.replaceChildren();
      for (const output of this.printed) output.hidden = false;
      this.resets.hidden = this.text === this.book;
      this.say("The book’s result is shown.");
    }

    async edit() {
      await this.open();
      this.editor.focus();
    }

    open() { return this.opening ??= this.load().catch((error) => { this.opening = null; throw error; }); }

    async load() {
      const { editor } = await import(new URL("editor.mjs", root));
      this.holder = make("div", { className: "panj-editor" });
      this.block.hidden = true;
      this.block.after(this.holder);
      this.editor = editor(this.holder.attachShadow({ mode: "open" }), this.text, `Code of ${this.name}`, {
        run: () => this.run(),
        changed: (text) => { this.text = text; this.keep(); },
      });
      this.say("Tab indents; Escape and then Tab leaves the editor; Shift and Enter runs.");
    }

    keep() {
      const all = kept.read();
      if (this.text === this.book) delete all[this.name]; else all[this.name] = { book: this.book, mine: this.text };
      kept.write(all);
      this.resets.hidden = this.text === this.book && this.mine.hidden;
    }

    // What was kept from an earlier visit; a cell that the book has changed since is never hidden by it.
    recall({ book, mine } = {}) {
      if (mine === undefined) return;
      const take = () => { this.text = mine; this.keep(); return this.open(); };
      if (book === this.book) return take();
      const show = make("button", { type: "button", textContent: "Take mine" });
      const drop = make("button", { type: "button", textContent: "Forget mine" });
      const note = make("p", { className: "panj-note" }, "The book has changed this cell since you did. ", show, " ", drop);
      show.addEventListener("click", async () => { note.remove(); await take(); this.editor.focus(); });
      drop.addEventListener("click", () => { note.remove(); this.keep(); });
      this.bar.before(note);
    }

    reset() {
      this.text = this.book;
      this.editor?.destroy();
      this.holder?.remove();
      this.editor = this.holder = this.opening = null;
      this.block.hidden = false;
      this.keep();
      this.hide();
      this.say("The book’s version is back.");
    }

    // The form of the answers, by the checks of the handout: what a receipt would say.
    async check() {
      if (!(await this.run())) return;
      this.busy(true);
      let text = "";
      await python.run(`${HANDIN}handin.check(${JSON.stringify(this.exercise)})`, "check", (output) => { text += output.text ?? `${output.ename}: ${output.evalue}\n`; });
      this.busy(false);
      this.mine.append(make("p", {}, "The form of your answers (whether they are right, your instructor’s grading says):"), make("pre", { className: "panj-checked", textContent: text }));
      this.saves.hidden = false;
      this.say(text.includes("✗") || text.includes("○") ? "Checked: something is missing; see below." : "Checked: the form is right.");
    }

    // All exercises of this page that have run, with the receipt that the grader reads.
    async download() {
      if (!(await this.start())) return;
      const own = cells.filter((cell) => cell.exercise && cell.ran !== null);
      const source = `${HANDIN}handin.hand_in()`;
      const receipt = [];
      await python.run(source, "hand in", (output) => receipt.push(output));
      this.busy(false);
      const code = (text, outputs, count) => ({ cell_type: "code", execution_count: count, id: `cell-${count}`, metadata: {}, source: text, outputs });
      const notebook = {
        cells: [
          { cell_type: "markdown", id: "cell-0", metadata: {}, source: `# ${document.querySelector("h1").firstChild.textContent.trim()}: exercises, done in the book` },
          ...own.map((cell, n) => code(cell.ran, cell.results.map(({ output }) => output), n + 1)), code(source, receipt, own.length + 1),
        ],
        metadata: { kernelspec: { display_name: "Python 3", language: "python", name: "python3" }, language_info: { name: "python" } }, nbformat: 4, nbformat_minor: 5,
      };
      const link = make("a", { href: URL.createObjectURL(new Blob([JSON.stringify(notebook, null, 1)], { type: "application/x-ipynb+json" })), download: `${chapter}.ipynb` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      this.say(`${receipt[0]?.data?.["text/plain"]?.split("\n")[0] ?? "No receipt could be made"} The file ${chapter}.ipynb is yours to hand in.`);
    }
  }

  const HANDIN = `from pathlib import Path\nfrom panj import handin\nhandin.HERE = Path("/book/handin/${chapter}")\n`;

  // What draws charts; a page that has none of its own did not load it.
  const charts = () => window.panjDraw ? null : new Promise((done, failed) => {
    const script = make("script", { src: new URL("explore.js", root), onload: done, onerror: () => { script.remove(); failed(new Error("explore.js did not come")); } });
    document.head.append(script);
  });

  // Outputs as nodes of the page. What they hold is text, tables and charts, never markup to be run.
  const rendered = (results) => {
    const made = [];
    for (const { output: { output_type: type, data = {}, text, traceback }, page } of results) {
      if (type === "stream") {
        if (made.at(-1)?.dataset.stream) made.at(-1).textContent += text;
        else { made.push(make("pre", { textContent: text })); made.at(-1).dataset.stream = "yes"; }
      } else if (type === "error") made.push(make("pre", { className: "panj-error", textContent: traceback.join("\n") }));
      else if (page?.drawing) { window.panjFigure(page.name, page.drawing); made.push(...plain(page.html, "figure")); }
      else if (data["text/html"]) made.push(...(table(data["text/html"]) ?? [make("pre", { textContent: data["text/plain"] })]));
      else if (data["text/plain"]) made.push(make("pre", { textContent: data["text/plain"] }));
    }
    return made.length ? made : [make("p", {}, "It ran, and shows nothing.")];
  };

  // The elements that match, copied with what is harmless of them: these elements, these attributes, links within the book.
  const ELEMENTS = /^(TABLE|CAPTION|THEAD|TBODY|TFOOT|TR|TH|TD|FIGURE|FIGCAPTION|DIV|P|SPAN|STRONG|TIME|BUTTON|DETAILS|SUMMARY|UL|LI|A)$/;
  const ATTRIBUTES = /^(class|id|lang|dir|colspan|rowspan|scope|role|tabindex|type|hidden|open|aria-label|data-(figure|wide|narrow))$/;
  const plain = (html, wanted) => {
    const unstyled = html.replace(/<style[^]*?<\/style>| style="[^"]*"/g, ""); // the page's policy refuses styles even where they are only read
    const copy = (node) => {
      if (!ELEMENTS.test(node.nodeName)) return node.textContent;
      const made = make(node.nodeName.toLowerCase(), {}, ...[...node.childNodes].map(copy));
      for (const { name, value } of node.attributes)
        if (ATTRIBUTES.test(name) || (name === "href" && /^(ledger|sources)\.html#[\w-]+$/.test(value))) made.setAttribute(name, value);
      return made;
    };
    return [...new DOMParser().parseFromString(unstyled, "text/html").querySelectorAll(wanted)].map(copy);
  };

  const table = (html) => {
    const [found] = plain(html, "table");
    if (!found) return null;
    found.removeAttribute("class");
    for (const head of found.querySelectorAll("th:not([scope])")) head.scope = head.closest("thead") ? "col" : "row";
    const box = make("div", { className: "panj-scroll", tabIndex: 0, role: "region" }, found);
    box.setAttribute("aria-label", "Your table");
    return [box];
  };

  const cells = [];
  for (const pre of document.querySelectorAll("article :is(.cell_input, .panj-exercise) pre")) {
    const exercise = pre.closest(".panj-exercise");
    const fold = pre.closest(".panj-fold")?.querySelector("summary").textContent;
    if (exercise && fold !== "Code to begin with") continue;
    cells.push(new Cell(exercise ? pre.closest(".panj-fold") : pre.closest(".cell"), pre, exercise?.id.replace("exercise-", "")));
  }
  if (!cells.length) return;

  // The page that is all the reader's has as many cells as one wants.
  const before = kept.read();
  if (chapter === "scratch") {
    const add = make("button", { type: "button", className: "panj-forget", textContent: "Add a cell" });
    const another = () => {
      const pre = make("pre");
      const node = make("div", { className: "cell" }, make("div", { className: "cell_input" }, make("div", { className: "highlight" }, pre)));
      add.before(node);
      cells.push(new Cell(node, pre));
      return cells.at(-1);
    };
    document.querySelector("article").append(add);
    add.addEventListener("click", () => another().edit());
    while (before[`cell ${cells.length + 1}`]) another();
  }
  for (const cell of cells) cell.recall(before[cell.name]);
  forget.addEventListener("click", () => { for (const cell of cells) cell.reset(); kept.write({}); });
  forget.hidden = !Object.keys(before).length;
  document.querySelector("article").append(forget);
})();
