// Charts on demand. Pages read well without this file.
(() => {
  const root = new URL("./", document.currentScript.src);
  const figures = {};
  const loading = {};
  const charts = new Map(); // by button: the chart it opened
  const mouse = matchMedia("(pointer: fine)");
  const dark = () => document.documentElement.dataset.theme === "dark";

  window.panjFigure = (name, figure, version) => { figures[name] = { ...figure, version }; };

  // Tags, not fetch(): they also work for a page opened from a folder.
  const load = (path) => loading[path] ??= new Promise((done, failed) => {
    const style = path.endsWith(".css");
    const tag = document.createElement(style ? "link" : "script");
    tag[style ? "href" : "src"] = new URL(path, root);
    if (style) tag.rel = "stylesheet";
    // By this name and class Plotly knows that it need not write its style into the page.
    if (path === "plotly.css") Object.assign(tag, { id: "plotly.js-style-global", className: "no-inline-styles" });
    tag.onload = () => done(window.Plotly);
    tag.onerror = () => { delete loading[path]; tag.remove(); failed(new Error(path)); };
    document.head.append(tag);
  });

  // Plotly asks a server for a world map unless it finds one; ours are in the figures.
  window.PlotlyGeoAssets = { topojson: { world_110m: { type: "Topology", objects: {}, arcs: [] } } };

  const recolour = (value) => {
    if (typeof value === "string") return window.panjDark[value.toLowerCase()] ?? value;
    if (Array.isArray(value)) return value.map(recolour);
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, recolour(v)]));
    return value;
  };

  class Chart {
    constructor(button, Plotly) {
      this.button = button;
      this.figure = button.closest("figure");
      this.canvas = this.figure.querySelector(".panj-canvas");
      this.status = button.parentElement.querySelector("[role=status]");
      this.Plotly = Plotly;
      this.plot = document.createElement("div");
      this.plot.className = "panj-plot";
      this.plot.tabIndex = 0;
      this.plot.role = "application";
      for (const size of ["wide", "narrow"]) this.plot.style.setProperty(`--${size}`, `${this.canvas.dataset[size]}px`);
      this.ring = document.createElement("div");
      this.ring.className = "panj-ring";
      this.ring.hidden = true;
      this.canvas.append(this.plot);
      this.here = -1; // the point that the keys are at
    }

    async draw() {
      const { plot, button, Plotly } = this;
      const { data, layout } = structuredClone(dark() ? recolour(figures[button.dataset.figure]) : figures[button.dataset.figure]);
      const ink = getComputedStyle(plot).color;
      const zoom = layout.geo ? ["zoomInGeo", "zoomOutGeo", "resetGeo"] : layout.xaxis ? ["zoomIn2d", "zoomOut2d", "resetScale2d"] : [];
      const more = { autosize: true, height: plot.clientHeight, modebar: { bgcolor: "rgba(0,0,0,0)", color: ink, activecolor: ink } };
      if (!mouse.matches) more.dragmode = false; // a finger on the chart scrolls the page
      await Plotly.react(plot, data, { ...layout, ...more }, {
        responsive: true, displaylogo: false, displayModeBar: zoom.length > 0, modeBarButtons: [zoom],
        typesetMath: false, scrollZoom: false, doubleClick: false, showAxisDragHandles: false, showTips: false, // some phones make a tap two clicks
      });
    }

    read = () => {
      this.series = window.panjPoints(this.plot);
      this.points = this.series.flat();
      this.plot.append(this.ring);
      // A mouse is told what a screen reader is: of one point, Plotly calls the template of its label ht.
      for (const { words, subplot, curve, index } of this.points)
        if (subplot && this.plot.calcdata[curve][index]) this.plot.calcdata[curve][index].ht = `${words.replace(/(?=.{36})(.{1,36}) /g, "$1<br>")}<extra></extra>`;
      if (this.here >= 0) this.mark();
    };

    async open(quiet) {
      await this.draw();
      this.read();
      const { plot, status } = this;
      const count = this.points.length;
      const title = [...this.figure.querySelector("figcaption").children].map((part) => part.textContent).join(". "); // and what is shown, in what unit
      const keys = count ? `Arrow keys move between its ${count} point${count > 1 ? "s" : ""}; Escape returns to the button.` : "Escape returns to the button.";
      plot.setAttribute("aria-label", `${title}. ${keys}`);
      status.textContent = `Interactive chart shown. ${mouse.matches || !count ? keys : "Tap a mark to read it."}`;
      this.button.textContent = this.button.dataset.back ?? "Back to the picture";
      this.canvas.addEventListener("keydown", this.key);
      plot.on("plotly_click", ({ points: [hit] }) =>
        this.go(this.points.findIndex((p) => p.curve === hit.curveNumber && `${p.index}` === `${hit.pointNumber}`)));
      plot.on("plotly_afterplot", this.read);
      if (!quiet) plot.focus({ preventScroll: true });
    }

    close() {
      this.canvas.removeEventListener("keydown", this.key);
      this.Plotly.purge(this.plot);
      this.plot.remove();
      this.button.textContent = "Explore this chart";
      this.status.textContent = "Picture shown.";
      charts.delete(this.button);
      this.button.focus();
    }

    key = (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === "Escape") { event.preventDefault(); return this.close(); }
      if (event.target !== this.plot || !this.series.length) return;
      const { here, points, series } = this;
      let next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: points.length - 1 }[event.key];
      const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (way && (here < 0 || series.length === 1)) next = here + way;
      else if (way) {
        const from = series.findIndex((one) => one.includes(points[here]));
        const to = series[from + way];
        next = to ? points.indexOf(to[Math.min(series[from].indexOf(points[here]), to.length - 1)]) : here;
      }
      if (next === undefined) return;
      event.preventDefault();
      this.go(Math.max(0, Math.min(next, points.length - 1)));
    };

    go(next) {
      if (next < 0) return;
      this.here = next;
      this.mark();
      this.follow(this.points[next]);
      this.ring.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
      this.status.textContent = `${this.points[next].words}. Point ${next + 1} of ${this.points.length}.`;
    }

    // After zooming in, keys may lead out of view; then the view goes along.
    follow({ places, lonlat }) {
      const change = {};
      for (const [axis, value] of places ?? []) {
        const [to, all] = [axis.c2p(value), axis._length];
        const view = [to - all / 2, to + all / 2].map((pixel) => axis.p2r(pixel));
        if (to < -1 || to > all + 1) change[`${axis._name}.range`] = axis._id[0] === "x" ? view : view.reverse();
      }
      if (lonlat && this.ring.hidden) [change["geo.center.lon"], change["geo.center.lat"]] = lonlat;
      if (Object.keys(change).length) this.Plotly.relayout(this.plot, change);
    }

    mark() {
      const { plot, ring, Plotly } = this;
      const { node, at, subplot, curve, index } = this.points[this.here];
      const frame = plot.getBoundingClientRect();
      const box = node?.getBoundingClientRect() ?? new DOMRect(frame.left + at[0] - 8, frame.top + at[1] - 8, 16, 16);
      const outside = box.right < frame.left || box.left > frame.right || box.bottom < frame.top || box.top > frame.bottom;
      const [left, right] = [box.left, box.right].map((x) => Math.max(0, Math.min(x - frame.left, frame.width)));
      const [top, bottom] = [box.top, box.bottom].map((y) => Math.max(0, Math.min(y - frame.top, frame.height)));
      Object.assign(ring.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
      ring.hidden = outside;
      if (subplot) Plotly.Fx.hover(plot, [{ curveNumber: curve, pointNumber: index }], subplot);
      else Plotly.Fx.unhover(plot);
    }
  }

  // The part of plotly.js that the book's charts need, unless a reader's own chart has other traces.
  const enough = async ({ data }) => {
    await load("palette.js");
    const { part, whole, traces } = window.panjPlotly;
    return data.every(({ type = "scatter" }) => traces.includes(type)) ? part : whole;
  };

  const explore = async (button, quiet = false) => {
    if (charts.has(button)) return charts.get(button)?.close();
    const { figure, plotly } = button.dataset;
    const own = figures[figure]; // drawn by the reader's own code
    const status = button.parentElement.querySelector("[role=status]");
    const fail = (why) => {
      charts.delete(button);
      status.textContent = `${why} The picture and the data below stay.`;
    };
    charts.set(button, null); // on its way: a second click does nothing
    status.textContent = "Loading the chart…";
    let Plotly;
    try {
      const needed = [plotly ?? (await enough(own)), "plotly.css", "explore.css", "palette.js", "points.js"];
      [Plotly] = await Promise.all([...needed, ...(own ? [] : [`figures/${figure}.js`])].map(load));
    } catch (error) {
      return fail(`The chart could not be loaded (${error.message}).`);
    }
    if (!own && Plotly.version !== figures[figure].version)
      return fail(`The chart was made for version ${figures[figure].version} of Plotly, but version ${Plotly.version} was loaded.`);
    const chart = new Chart(button, Plotly);
    charts.set(button, chart);
    await chart.open(quiet);
  };

  const offer = (button) => {
    button.hidden = false;
    button.addEventListener("click", () => explore(button));
  };
  document.querySelectorAll(".panj-explore").forEach(offer);
  // A reader's own chart has no picture, so it is drawn at once, and the focus stays where the reader is.
  window.panjDraw = (button) => { offer(button); explore(button, true); };
  new MutationObserver(() => { for (const chart of charts.values()) chart?.draw(); })
    .observe(document.documentElement, { attributeFilter: ["data-theme"] });
})();
