// What a drawn chart shows, point by point, for those who read it with keys or by ear:
// panjPoints(plot) lists series of points, each with its words, its place, and what Plotly calls it.
window.panjPoints = (() => {
  const DAY = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  const day = (date) => new Date(date).toLocaleDateString("en-GB", DAY);
  const month = (date) => new Date(date).toLocaleDateString("en-GB", { ...DAY, day: undefined });
  const at = (value, i) => (Array.isArray(value) ? value[i] : value);
  const plain = (text) => String(text ?? "")
    .replace(/-<br>(?=[a-z])/g, "").replace(/<br\s*\/?>/g, " ").replace(/<[^>]*>/g, "")
    .replaceAll("&amp;", "&").replace(/\b\d{4}-\d\d-\d\d\b/g, day).replace(/\b\d{4}-(0[1-9]|1[0-2])\b/g, month)
    .replace(/\s+/g, " ").trim();
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

  // What the author has the hover label say: it is all there is to say, but for the series. Names of columns, from plotly.express, tell nothing.
  const filled = (template, values) => (!template || /^\w+=%/.test(template) ? "" : plain(template
    .replace(/<extra>.*<\/extra>/s, "").replace(/%\{([\w.]+)(?:\[(\d+)\])?[^}]*\}/g, (_, key, n) => {
      const value = n === undefined ? values[key] : values[key]?.[n];
      return typeof value === "number" ? number(value) : value ?? "";
    })));
  // Whether a label such as "1,344 km" already says the value 1344.15.
  const says = (label, value) => label.replaceAll(",", "").match(/\d+(\.\d+)?/g)
    ?.some((found) => Math.abs(found - Math.abs(value)) <= Math.max(0.5, Math.abs(value) / 200));

  // Where rows have no axis, their names are written beside them.
  const row = (plot, trace, axis, y) => {
    if (printed(axis)) return "";
    const beside = (plot.layout.annotations ?? []).filter((a) => a.xref === "paper" && (a.yref ?? "y") === trace.yaxis)
      .map((a) => ({ off: Math.abs(a.y - y), text: plain(a.text) })).sort((a, b) => a.off - b.off);
    return beside[0]?.text ?? "";
  };

  const onAxes = (plot, trace, cd, i) => {
    const axes = {}, words = {}, values = {}, middle = {}, stated = {};
    for (const c of "xy") {
      const axis = axes[c] = plot._fullLayout[trace[`${c}axis`].replace(c, `${c}axis`)];
      const value = values[c] = trace[c]?.[i] ?? cd[c];
      const long = trace.type === "bar" && (c === "x") === (trace.orientation === "h");
      middle[c] = trace.type !== "bar" ? cd[c] : long ? cd.b + cd.s / 2 : cd.p;
      words[c] = !printed(axis) && !long ? ""
        : long && (columns(axis) || !printed(axis)) ? number(cd.s) // whatever the bar starts at
          : long && trace.base != null ? [cd.b, cd.b + cd.s].map((end) => coordinate(axis, end)).join(" to ")
            : coordinate(axis, value);
      stated[c] = words[c] || coordinate(axis, value);
    }
    const label = plain(at(trace.hovertext, i) || at(trace.text, i));
    const hover = filled(at(trace.hovertemplate, i), { ...stated, text: at(trace.text, i), hovertext: label, customdata: at(trace.customdata, i) });
    const name = row(plot, trace, axes.y, values.y);
    const text = name.includes(label) ? "" : label;
    const heard = ["x", "y"].filter((c) => words[c] && (trace.hoverinfo !== "text" || axes[c].type === "category"));
    const titled = (c, between) => [plain(plot.layout[axes[c]._name]?.title?.text), words[c]].filter(Boolean).join(between);
    const isAmount = (c) => amount(axes[c], values[c]);
    const placing = heard.filter((c) => !isAmount(c) || (c === "x" && trace.type !== "bar" && isAmount("y"))).reverse();
    const said = (c) => ofYears(axes[c]) && [text, words[c === "x" ? "y" : "x"]].some((other) => other.includes(words[c]));
    const places = name ? [name] : placing.filter((c) => !said(c)).map((c) => titled(c, isAmount(c) ? " " : ": "));
    const amounts = heard.filter((c) => isAmount(c) && (name || !placing.includes(c))
      && !text.includes(words[c]) && !says(label, values[c])).map((c) => titled(c, " "));
    return {
      words: hover || [places.join(", "), [text, ...amounts].filter(Boolean).join(", ")].filter(Boolean).join(": "),
      subplot: trace.xaxis + trace.yaxis,
      places: ["x", "y"].map((c) => [axes[c], middle[c]]),
      at: ["x", "y"].map((c) => axes[c]._offset + axes[c].c2p(middle[c])),
    };
  };

  const read = {
    bar: onAxes,
    scatter: onAxes,
    scattergeo: (plot, trace, cd, i) => ({
      words: filled(at(trace.hovertemplate, i), { text: at(trace.text, i), hovertext: at(trace.hovertext, i), customdata: at(trace.customdata, i) })
        || plain(at(trace.hovertext, i) || at(trace.text, i)),
      subplot: trace.geo, lonlat: cd.lonlat,
    }),
    choropleth: (plot, trace, cd, i) => ({ words: [trace.locations[i], plain(at(trace.text, i))].filter(Boolean).join(": "), lonlat: cd.ct }),
    pie: (plot, trace, cd, i) => ({
      words: filled(at(trace.hovertemplate, i), { label: cd.label, value: cd.v, customdata: at(trace.customdata, cd.pts?.[0] ?? i) }) || `${plain(cd.label)}: ${number(cd.v)}`,
    }),
  };
  read.sunburst = (plot, trace, cd) => {
    const parent = plain(plot.calcdata[trace.index].find((one) => cd.pid && one.id === cd.pid)?.label);
    return { words: [[parent, plain(cd.label)].filter(Boolean).join(", "), cd.v == null ? "" : number(cd.v)].filter(Boolean).join(": ") };
  };
  const missing = (trace, cd) => ({
    bar: () => !cd.s,
    scatter: () => cd.x === undefined || cd.y === undefined,
    scattergeo: () => cd.lonlat?.[0] === undefined,
    sunburst: () => !cd.label, // what Plotly puts in the middle of several
  })[trace.type]?.();

  const drawn = (plot) => [...plot.querySelectorAll(".main-svg :is(path, g, text)")].filter((node) => node.__data__);

  // A band has its nodes, then its links; Plotly keeps neither in calcdata.
  const flows = (plot, trace, curve) => ["node", "link"].map((kind) => drawn(plot)
    .filter((node) => node.matches(`.sankey-${kind}`)).map((node) => {
      const made = node.__data__[kind];
      const called = (end) => plain(end.label || at(trace.node.customdata, end.pointNumber));
      const words = kind === "node" ? called(made)
        : filled(at(trace.link.hovertemplate, made.pointNumber), { label: made.label, value: made.value,
          "source.customdata": called(made.source), "target.customdata": called(made.target) })
          || `${plain(made.label)}: from ${called(made.source)} to ${called(made.target)}, ${number(made.value)}`;
      return { words, node, curve };
    }));

  // A heat map is read by rows, and so is a table, of which Plotly draws the cells in view.
  const squares = (plot, trace, curve) => {
    const [x, y] = ["x", "y"].map((c) => plot._fullLayout[trace[`${c}axis`].replace(c, `${c}axis`)]);
    const [{ z, xCenter, yCenter }] = plot.calcdata[curve];
    return z.map((row, j) => [...row].flatMap((value, i) => (value == null || isNaN(value) ? [] : [{
      words: `${coordinate(y, trace.y?.[j] ?? yCenter[j])}, ${coordinate(x, trace.x?.[i] ?? xCenter[i])}: ${number(value)}`,
      places: [[x, xCenter[i]], [y, yCenter[j]]], at: [x._offset + x.c2p(xCenter[i]), y._offset + y.c2p(yCenter[j])],
      subplot: trace.xaxis + trace.yaxis, curve, index: [j, i],
    }])));
  };
  const cells = (plot, trace, curve) => {
    const { l, t, w, h } = plot._fullLayout._size;
    const found = drawn(plot).filter((node) => node.matches(".column-cell") && node.parentNode.__data__.type === "cells");
    return trace.cells.values[0].map((_, row) => trace.cells.values.map((column, i) => ({
      words: [plain(at(trace.header.values[i], 0)), plain(column[row])].join(": "), at: [l + w / 2, t + h / 2], curve,
      node: found.find(({ __data__: cell }) => cell.rowNumber === row && cell.column.specIndex === i),
    })));
  };

  const serial = (plot, trace, curve) => {
    const marks = new Map(drawn(plot).reverse().map((node) => [node.__data__.data?.data ?? node.__data__, node]));
    const several = plot.data[curve].name && new Set(plot.data.map((one) => one.name).filter(Boolean)).size > 1 && plain(trace.name);
    const points = plot.calcdata[curve].flatMap((cd, i) => {
      if (missing(trace, cd)) return [];
      const found = marks.get(cd);
      const point = { ...read[trace.type](plot, trace, cd, i), node: found?.querySelector("path") ?? found, curve, index: i };
      const told = `${at(trace.hovertemplate, i)}`.includes(trace.name); // the series, by the author
      point.words = `${several && !told ? `${several}; ` : ""}${point.words.replace(/\.$/, "")}`;
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
        ({ sankey: flows, heatmap: squares, table: cells })[trace.type]?.(plot, trace, curve)
          ?? (read[trace.type] ? [serial(plot, trace, curve)] : []));
      if (series.flat().length) return series.filter((points) => points.length);
    }
    return [written(plot)].filter((points) => points.length);
  };
})();
