// Builds src/bocage/static/build: stable names, and manifest.json that gives each file its content hash (?v=…).
import { createHash } from "node:crypto";
import { copyFile, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "src", "bocage", "static", "build");

const shared = {
  absWorkingDir: here,
  bundle: true,
  minify: true,
  sourcemap: false,
  outdir: out,
  logLevel: "info",
  legalComments: "linked",
};

const scripts = {
  ...shared,
  entryPoints: { page: "src/page.ts", map: "src/map.ts", chart: "src/chart.ts", console: "src/console.ts" },
  format: "esm",
  splitting: true,
  target: "es2022",
  chunkNames: "chunk-[hash]",
};

const styles = {
  ...shared,
  entryPoints: { app: "css/app.css", map: "css/map.css" },
  loader: { ".woff2": "file" },
  assetNames: "[name]",
  target: ["chrome111", "firefox113", "safari16.4"],
};

async function writeManifest() {
  const manifest = {};
  for (const name of (await readdir(out)).sort()) {
    if (!/\.(js|mjs|css|woff2)$/.test(name)) continue;
    manifest[name] = createHash("sha256").update(await readFile(join(out, name))).digest("hex").slice(0, 12);
  }
  await writeFile(join(out, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");
}

// New files are written first and old ones removed last: a site that is running never misses one.
async function removeStale(outputs) {
  const kept = new Set([...outputs.map((path) => basename(path)), "maplibre-gl-worker.mjs"]);
  for (const name of await readdir(out)) {
    if (!name.startsWith(".") && !kept.has(name)) await rm(join(out, name));
  }
}

// MapLibre's worker is a module of its own, served from this origin: the content policy forbids blob workers made of code.
async function copyWorker() {
  const name = "maplibre-gl-worker.mjs";
  await copyFile(join(here, "node_modules", "maplibre-gl", "dist", name), join(out, name));
}

if (process.argv.includes("--watch")) {
  const contexts = await Promise.all([scripts, styles].map((options) => esbuild.context(options)));
  await Promise.all(contexts.map((context) => context.watch()));
  await copyWorker();
} else {
  const built = await Promise.all([scripts, styles].map((options) => esbuild.build({ ...options, metafile: true })));
  await copyWorker();
  await removeStale(built.flatMap((one) => Object.keys(one.metafile.outputs)));
  await writeManifest();
}
