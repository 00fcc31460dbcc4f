// What a drawn chart shows, point by point, for those who read it with keys or by ear:
// panjPoints(plot) lists series of points, each with its words, its place, and what Plotly calls it.
window.panjPoints = (() => {
  const DAY = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const day = (date) => new Date(date).toLocaleDateString("en-GB", DAY);
  const at = (value, i) => (Array.isArray(value) ? value[i] : value);
  const plain = (text) => String(text ?? "")
    .replace(/-<br>(?=[a-z])/g, "").replace(/<br\s*\/?>/g, " ").replace(/<[^>]*>/g, "")
    .replaceAll("&amp;", "&").replace(/\b\d{4}-\d\d-\d\d\b/g, day).replace(/\s+/g, " ").trim();
  const number = (value) => Number(value).toLocaleString("en-GB", { maximumFractionDigits: 2 });

  // Tick labels either print the values, perhaps in thousands, or name rows and columns.
  const scale = (axis) => {
    const pairs = axis.tickvals.map((value, i) => [value, Number(plain(axis.ticktext[i]).replaceAll(",", ""))])
      .filter(([value, printed]) => value && printed).map(([value, printed]) => printed / value);
    return pairs.length > 1 && pairs.every((one) => Math.abs(one / pairs[0] - 1) < 0.01) ? pairs[0] : null;
  };
  const columns = (axis) => labelled(axis) && !scale(axis);
  const labelled = (axis) => axis.tickmode === "array" && axis.ticktext && axis.tickvals;
  const named = (axis, value) => {
    if (!columns(axis)) return "";
    const off = axis.tickvals.map((tick) => (tick === value ? 0 : Math.abs(tick - value)));
    const i = off.findIndex((distance) => distance < 0.5 && distance === Math.min(...off.filter((d) => !isNaN(d))));
    return i < 0 ? "" : plain(axis.ticktext[i]);
  };

  // A coordinate in words, as its axis prints it. An axis that prints nothing only places its marks.
  const printed = (axis) => axis.visible && axis.showticklabels;
  const ofYears = (axis) => axis.type === "linear" && axis.range.every((end) => end > 1500 && end < 2200);
  const amount = (axis, value) => ["linear", "log"].includes(axis.type) && !ofYears(axis) && !named(axis, value);
  const coordinate = (axis, value) => {
    if (value == null) return "";
    if (named(axis, value)) return named(axis, value);
    if (axis.type === "date") return day(value);
    if (axis.type === "category") return plain(value);
    if (ofYears(axis)) return `${Math.floor(value)}`;
    const times = (labelled(axis) && scale(axis)) || 1;
    return plain(`${axis.tickprefix ?? ""}${number(value * times)}${axis.ticksuffix ?? ""}`);
  };

  // What the author has the hover label say.
  const filled = (template, values) => template && plain(template
    .replace(/<extra>.*<\/extra>/s, "").replace(/%\{(\w+)[^}]*\}/g, (_, key) => values[key] ?? ""));
  // Whether a label such as "1,344 km" already says the value 1344.15.
  const says = (label, value) => label.replaceAll(",", "").match(/\d+(\.\d+)?/g)
    ?.some((found) => Math.abs(found - Math.abs(value)) <= Math.max(0.5, Math.abs(value) / 200));

  // Where rows have no axis, their names are written beside them.
  const row = (plot, trace, axis, y) => {
    if (printed(axis)) return "";
    const beside = (plot.layout.annotations ?? []).filter((a) => a.xref === "paper" && (a.yref ?? "y") === trace.yaxis)
      .concat(plot._fullData.filter((t) => t.mode === "text" && t.hoverinfo !== "skip" && t.yaxis === trace.yaxis)
        .flatMap((t) => t.y.map((at, i) => ({ y: at, text: t.text[i] }))))
      .map((a) => ({ off: Math.abs(a.y - y), text: plain(a.text) })).sort((a, b) => a.off - b.off);
    return beside[0]?.text ?? "";
  };

  const onAxes = (plot, trace, cd, i) => {
    const axes = {}, words = {}, values = {}, middle = {};
    for (const c of "xy") {
      const axis = axes[c] = plot._fullLayout[trace[`${c}axis`].replace(c, `${c}axis`)];
      const value = values[c] = trace[c]?.[i] ?? cd[c];
      const long = trace.type === "bar" && (c === "x") === (trace.orientation === "h");
      middle[c] = trace.type !== "bar" ? cd[c] : long ? cd.b + cd.s / 2 : cd.p;
      words[c] = !printed(axis) && !long ? ""
        : long && (columns(axis) || !printed(axis)) ? number(cd.s) // whatever the bar starts at
          : long && trace.base != null ? [cd.b, cd.b + cd.s].map((end) => coordinate(axis, end)).join(" to ")
            : coordinate(axis, value);
    }
    const label = plain(at(trace.hovertext, i) || at(trace.text, i));
    const template = at(trace.hovertemplate, i);
    const hover = /^\w+=%/.test(template) ? "" : filled(template, { ...words, text: label }); // names of columns tell nothing
    const name = row(plot, trace, axes.y, values.y);
    const text = name.includes(hover || label) ? "" : hover || label;
    const heard = ["x", "y"].filter((c) => words[c] && (hover ? !hover.includes(words[c])
      : trace.hoverinfo !== "text" || axes[c].type === "category"));
    const titled = (c, between) => [plain(plot.layout[axes[c]._name]?.title?.text), words[c]].filter(Boolean).join(between);
    const isAmount = (c) => amount(axes[c], values[c]);
    const placing = heard.filter((c) => !isAmount(c) || (c === "x" && trace.type !== "bar" && isAmount("y"))).reverse();
    const said = (c) => ofYears(axes[c]) && [text, words[c === "x" ? "y" : "x"]].some((other) => other.includes(words[c]));
    const places = name ? [name] : placing.filter((c) => !said(c)).map((c) => titled(c, isAmount(c) ? " " : ": "));
    const amounts = hover ? [] : heard.filter((c) => isAmount(c) && (name || !placing.includes(c))
      && !text.includes(words[c]) && !says(label, values[c])).map((c) => titled(c, " "));
    return {
      words: [places.join(", "), [text, ...amounts].filter(Boolean).join(", ")].filter(Boolean).join(": "),
      subplot: trace.xaxis + trace.yaxis,
      places: ["x", "y"].map((c) => [axes[c], middle[c]]),
      at: ["x", "y"].map((c) => axes[c]._offset + axes[c].c2p(middle[c])),
    };
  };

  const read = {
    bar: onAxes,
    scatter: onAxes,
    scattergeo: (plot, trace, cd, i) => ({ words: plain(at(trace.hovertext, i) || at(trace.text, i)), subplot: trace.geo, lonlat: cd.lonlat }),
    choropleth: (plot, trace, cd, i) => ({ words: [trace.locations[i], plain(at(trace.text, i))].filter(Boolean).join(": "), lonlat: cd.ct }),
    pie: (plot, trace, cd) => ({ words: `${plain(cd.label)}: ${number(cd.v)}` }),
  };
  const missing = (trace, cd) => ({
    bar: () => !cd.s,
    scatter: () => cd.x === undefined || cd.y === undefined,
    scattergeo: () => cd.lonlat?.[0] === undefined,
  })[trace.type]?.();

  const drawn = (plot) => [...plot.querySelectorAll(".main-svg :is(path, g, text)")].filter((node) => node.__data__);

  // A band has its nodes, then its links; Plotly keeps neither in calcdata.
  const flows = (plot, trace, curve) => ["node", "link"].map((kind) => drawn(plot)
    .filter((node) => node.matches(`.sankey-${kind}`)).map((node) => {
      const made = node.__data__[kind];
      const called = (end) => plain(end.label || at(trace.node.customdata, end.pointNumber));
      const words = kind === "node" ? called(made)
        : `${plain(made.label)}: from ${called(made.source)} to ${called(made.target)}, ${number(made.value)}`;
      return { words, node, curve };
    }));

  const serial = (plot, trace, curve) => {
    const marks = new Map(drawn(plot).reverse().map((node) => [node.__data__, node]));
    const several = trace.name && plot.data[curve].name && plot.data.filter((one) => one.name).length > 1;
    const points = plot.calcdata[curve].flatMap((cd, i) => {
      if (missing(trace, cd)) return [];
      const found = marks.get(cd);
      const point = { ...read[trace.type](plot, trace, cd, i), node: found?.querySelector("path") ?? found, curve, index: i };
      point.words = `${several ? `${plain(trace.name)}; ` : ""}${point.words.replace(/\.$/, "")}`;
      return [point];
    });
    return points.sort(inReadingOrder(plot, trace));
  };

  // Rows from the top, anything else from the left; places on a map as the author lists them.
  const inReadingOrder = (plot, trace) => {
    const centre = ({ node, at }) => {
      const box = node?.getBoundingClientRect();
      return box ? [box.left + box.width / 2, box.top + box.height / 2] : at;
    };
    if (!trace.xaxis) return () => 0;
    const axis = plot._fullLayout[trace.yaxis.replace("y", "yaxis")];
    const rows = trace.orientation === "h" || axis.type === "category" || !printed(axis) || columns(axis);
    return (one, other) => {
      const [a, b] = [centre(one), centre(other)];
      const [across, down] = [a[0] - b[0], a[1] - b[1]];
      return rows ? (Math.abs(down) > 2 ? down : across) : (Math.abs(across) > 2 ? across : down);
    };
  };

  // What is read when nothing else can be: the words written on the chart.
  const written = (plot) => (plot.layout.annotations ?? []).map((note, i) => {
    const column = note.xref === undefined ? named(plot._fullLayout.xaxis, note.x) : "";
    return { words: [column, plain(note.text)].filter(Boolean).join(": "), node: plot.querySelector(`.annotation[data-index="${i}"]`) };
  });

  return (plot) => {
    const traces = plot._fullData.map((trace, curve) => ({ trace, curve })).filter(({ trace }) => trace.visible === true);
    // Lines and names only accompany marks; alone, they are what there is to read.
    const silent = ({ trace }) => trace.hoverinfo === "skip";
    const marked = ({ trace }) => !["lines", "text"].includes(trace.mode);
    for (const kept of [(t) => !silent(t) && marked(t), (t) => !silent(t)]) {
      const series = traces.filter(kept).flatMap(({ trace, curve }) =>
        (trace.type === "sankey" ? flows(plot, trace, curve) : read[trace.type] ? [serial(plot, trace, curve)] : []));
      if (series.flat().length) return series.filter((points) => points.length);
    }
    return [written(plot)].filter((points) => points.length);
  };
})();
