// `make plotly` runs this: plotly.js with the traces of this book alone, and its style sheet,
// made so that neither breaks a Content-Security-Policy without 'unsafe-inline'.
//
//     node build.mjs STATIC    (where plotly.js and esbuild are installed)

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const TRACES = ["bar", "choropleth", "heatmap", "pie", "sankey", "scatter", "scattergeo", "sunburst", "table"];

// Each sets a style attribute, which the policy forbids; the same through the style object is allowed.
const MENDED = {
  "src/lib/svg_text_utils.js": [
    ["if(nodeSpec.style) nodeAttrs.style = nodeSpec.style;", ""],
    ["d3.select(newNode).attr(nodeAttrs);\n\n        currentNode = nodeSpec.node", "d3.select(newNode).attr(nodeAttrs);\n        if(nodeSpec.style) newNode.style.cssText = nodeSpec.style;\n\n        currentNode = nodeSpec.node"],
  ],
  "src/components/colorbar/draw.js": [
    [".selectAll('rect.' + cn.cbfill)\n            .attr('style', '')", ".selectAll('rect.' + cn.cbfill)\n            .each(function() { this.style.cssText = ''; })"],
    [".classed(cn.cbfill, true)\n            .attr('style', '')", ".classed(cn.cbfill, true)"],
  ],
  "src/traces/heatmap/plot.js": [
    ["image3.attr('style', PIXELATED_IMAGE_STYLE);", "image3.each(function() { this.style.cssText = PIXELATED_IMAGE_STYLE; });"],
  ],
};

const here = process.cwd();
const require = createRequire(join(here, "build.mjs"));
const plotly = dirname(require.resolve("plotly.js/package.json"));
const { version } = require("plotly.js/package.json");
const source = (path) => readFileSync(join(plotly, path), "utf8");

function mended(path) {
  let text = source(path);
  for (const [old, better] of MENDED[path]) {
    if (text.split(old).length !== 2) throw new Error(`${path} of plotly.js ${version} no longer has once: ${old}`);
    text = text.replace(old, () => better);
  }
  return text;
}

const keepsThePolicy = {
  name: "keeps-the-policy",
  setup({ onLoad, onEnd }) {
    const left = new Set(Object.keys(MENDED));
    onLoad({ filter: /plotly\.js[\\/](src|build)[\\/].*\.js$/ }, ({ path }) => {
      const name = path.slice(plotly.length + 1).replaceAll("\\", "/");
      if (name === "build/plotcss.js") return { contents: "" }; // plotly.css has these rules
      return left.delete(name) ? { contents: mended(name) } : null;
    });
    onEnd(() => {
      if (left.size) throw new Error(`not in the bundle, so not mended: ${[...left]}`);
    });
  },
};

// plotly.js puts each new rule before the ones it has, so the last of its list comes first.
function styleSheet() {
  const rules = [];
  const Lib = { addStyleRule: (selector, style) => rules.unshift(`${selector}{${style}}`) };
  new Function("require", source("build/plotcss.js"))(() => Lib);
  return `/* The style sheet of plotly.js ${version}, MIT licence */\n${rules.join("\n")}\n`;
}

const { outputFiles } = await build({
  stdin: {
    contents: `module.exports = require("plotly.js/lib/core");
      module.exports.register([${TRACES.map((trace) => `require("plotly.js/lib/${trace}")`)}]);`,
    resolveDir: here,
  },
  plugins: [keepsThePolicy],
  banner: {
    js: `/**
* plotly.js ${version}, only: ${TRACES.join(", ")}
* Built by \`make plotly\`
* ${source("LICENSE").match(/Copyright.*/)[0]}
* Licensed under the MIT license
*/`,
  },
  define: { global: "window", "define.amd": "false" },
  loader: { ".css": "empty" }, // of tiled maps, which are not in this bundle
  bundle: true,
  charset: "utf8",
  format: "iife",
  globalName: "Plotly",
  legalComments: "eof",
  minify: true,
  target: "es2020",
  write: false,
});

const folder = process.argv[2];
for (const old of readdirSync(folder)) if (/^plotly-.*\.partial\.min\.js$/.test(old)) rmSync(join(folder, old));
writeFileSync(join(folder, `plotly-${version}.partial.min.js`), outputFiles[0].contents);
writeFileSync(join(folder, "plotly.css"), styleSheet());
