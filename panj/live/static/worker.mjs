// Python in a worker, so that an endless loop freezes no page: the page ends the worker and starts another.
// Asked { run: id, source, name, fresh } it answers { id, output, page } for each output (session.py), then { id, done }.
import { loadPyodide } from "./pyodide.mjs";

const here = new URL("./", import.meta.url);
const ask = self.fetch.bind(self);
let loaded = 0;

// Every byte of the runtime comes through here, and is counted.
const counted = async (...request) => {
  const answer = await ask(...request);
  if (!answer.ok) throw new Error(`${answer.status}: ${answer.url}`);
  const count = new TransformStream({ transform(chunk, out) { loaded += chunk.byteLength; postMessage({ loaded }); out.enqueue(chunk); } });
  return new Response(answer.body.pipeThrough(count), { headers: { "Content-Type": answer.headers.get("Content-Type") ?? "" } });
};
self.fetch = counted;

const start = async () => {
  const plan = await (await ask(new URL("runtime.json", here))).json();
  postMessage({ total: Object.values(plan.bytes).reduce((sum, n) => sum + n, 0) });
  const zips = ["packages.zip", "book.zip", "session.py"].map((name) => counted(new URL(name, here)).then((answer) => answer.arrayBuffer()));
  const python = await loadPyodide({ indexURL: here.href, lockFileURL: new URL("pyodide-lock.json", here).href, packages: plan.packages, env: { HOME: "/home/pyodide" } });
  const [packages, book, session] = await Promise.all(zips);
  postMessage({ starting: true });
  python.unpackArchive(packages, "zip", { extractDir: python.runPython("import site; site.getsitepackages()[0]") });
  python.unpackArchive(book, "zip", { extractDir: "/book" });
  python.FS.writeFile("/book/session.py", new Uint8Array(session));
  python.runPython("import sys; sys.path.insert(0, '/book')");
  return python.pyimport("session").Session;
};

let session = null;
let current;
const ready = start()
  .then((Session) => { session = Session((output) => postMessage({ id: current, ...JSON.parse(output) })); })
  .then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error) }));

onmessage = async ({ data: { run, source, name, fresh } }) => {
  await ready;
  if (!session) return;
  current = run;
  session.run(source, name, fresh ?? false);
  postMessage({ id: run, done: true });
};
