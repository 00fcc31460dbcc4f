// What a drawn chart shows, point by point, for those who read it with keys or by ear:
// panjPoints(plot) lists series of points, each with its words, its place, and what Plotly calls it.
window.panjPoints = (() => {
  const DAY = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const at = (value, i) => (Array.isArray(value) ? value[i] : value);
  const plain = (text) => String(text ?? "")
    .replace(/-<br>(?=[a-z])/g, "").replace(/<br\s*\/?>/g, " ").replace(/<[^>]*>/g, "")
    .replaceAll("&amp;", "&").replace(/\s+/g, " ").trim();
  const number = (value, grouped = true) =>
    Number(value).toLocaleString("en-GB", { maximumFractionDigits: 2, useGrouping: grouped });

  // A coordinate in words, as its axis prints it. An axis that prints nothing only places its marks.
  const named = (axis, value) => axis.tickmode === "array" && axis.ticktext && axis.tickvals.includes(value);
  const amount = (axis, value) => ["linear", "log"].includes(axis.type) && !named(axis, value);
  const ofYears = (axis) => axis.type === "linear" && axis.range.every((end) => end > 1500 && end < 2200);
  const coordinate = (axis, value) => {
    if (value == null || !axis.visible || !axis.showticklabels) return "";
    if (named(axis, value)) return plain(axis.ticktext[axis.tickvals.indexOf(value)]);
    if (axis.type === "date") return new Date(value).toLocaleDateString("en-GB", DAY);
    if (axis.type === "category") return plain(value);
    return plain(`${axis.tickprefix}${number(value, !ofYears(axis))}${axis.ticksuffix}`);
  };

  // What the author has the hover label say.
  const filled = (template, values) => template && plain(template
    .replace(/<extra>.*<\/extra>/s, "").replace(/%\{(\w+)[^}]*\}/g, (_, key) => values[key] ?? ""));
  // Whether a label such as "1,344 km" already says the value 1344.15.
  const says = (label, value) => label.replaceAll(",", "").match(/\d+(\.\d+)?/g)
    ?.some((found) => Math.abs(found - Math.abs(value)) <= Math.max(0.5, Math.abs(value) / 200));

  const onAxes = (plot, trace, cd, i) => {
    const axes = {}, words = {}, values = {};
    for (const c of "xy") {
      const axis = axes[c] = plot._fullLayout[trace[`${c}axis`].replace(c, `${c}axis`)];
      const value = values[c] = trace[c]?.[i] ?? cd[c];
      const spans = trace.type === "bar" && trace.base != null && (c === "x") === (trace.orientation === "h");
      words[c] = spans
        ? [cd.b, cd.b + cd.s].map((end) => coordinate(axis, axis.c2d(end))).join(" to ")
        : coordinate(axis, value);
    }
    const label = plain(at(trace.hovertext, i) || at(trace.text, i));
    const hover = filled(at(trace.hovertemplate, i), { ...words, text: label });
    const heard = "xy".split("").filter((c) => words[c] && (hover ? !hover.includes(words[c])
      : trace.hoverinfo !== "text" || axes[c].type === "category"));
    const titled = (c, between) => [plain(plot.layout[axes[c]._name]?.title?.text), words[c]].filter(Boolean).join(between);
    const places = heard.filter((c) => !amount(axes[c], values[c])).reverse().map((c) => titled(c, ": "));
    const amounts = heard.filter((c) => amount(axes[c], values[c]) && !says(hover || label, values[c])).map((c) => titled(c, " "));
    return {
      words: [places.join(", "), [hover || label, ...amounts].filter(Boolean).join(", ")].filter(Boolean).join(": "),
      subplot: trace.xaxis + trace.yaxis,
      point: trace.type === "bar" ? null : [axes.x._offset + axes.x.d2p(values.x), axes.y._offset + axes.y.d2p(values.y)],
    };
  };

  const read = {
    bar: onAxes,
    scatter: onAxes,
    scattergeo: (plot, trace, cd, i) => ({ words: plain(at(trace.hovertext, i) || at(trace.text, i)), subplot: trace.geo }),
    choropleth: (plot, trace, cd, i) => ({
      words: filled(trace.hovertemplate, { location: trace.locations[i], text: `: ${at(trace.text, i)}` }).replace(/ ?: *$/, "").replace(/ : /, ": "),
      subplot: trace.geo,
    }),
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
    const points = plot.calcdata[curve].flatMap((cd, i) => {
      if (missing(trace, cd)) return [];
      const found = marks.get(cd);
      return [{ ...read[trace.type](plot, trace, cd, i), node: found?.querySelector("path") ?? found, curve, index: i }];
    });
    if (trace.name && plot.data[curve].name && plot.data.filter((t) => t.name).length > 1)
      for (const point of points) point.words = `${plain(trace.name)}; ${point.words}`;
    return points;
  };

  // What is read when nothing else can be: the words written on the chart.
  const written = (plot) => [...plot.querySelectorAll(".annotation-text")]
    .map((node) => ({ words: plain(node.textContent), node }));

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
