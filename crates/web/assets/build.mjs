// Bundles the style sheet and the script, and copies the icons, into dist/.
// Output names are plain: the Rust side puts a hash of the content into the URL,
// so this file needs no manifest.
//
//   node build.mjs          write dist/
//   node build.mjs --sizes  also print the compressed sizes and fail over budget

import { build } from 'esbuild';
import { copyFile, mkdir, readFile, readdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = new URL('.', import.meta.url);
const at = (path) => new URL(path, root);
const read = (path) => readFile(at(path), 'utf8');

// Compressed bytes a phone on a weak line has to fetch; see the README of the templates.
const budget = { 'app.css': 30_000, 'app.js': 35_000 };

/** Keeps only the design tokens our style sheets name; the full file has some 200 colours. */
async function usedTokens() {
  const all = await read('node_modules/@digital-go-jp/design-tokens/dist/tokens.css');
  const files = await readdir(at('src/css'));
  const ours = (await Promise.all(files.map((file) => read(`src/css/${file}`)))).join('\n');
  const wanted = new Set(ours.match(/--color-(?:primitive|neutral)-[\w-]+/g));
  const known = new Set();
  const lines = [...all.matchAll(/^\s*(--[\w-]+):.*;$/gm)].filter(([, name]) => {
    known.add(name);
    return wanted.has(name);
  });
  for (const name of wanted) {
    if (!known.has(name)) throw new Error(`no such design token: ${name}`);
  }
  return `:root {\n${lines.map(([line]) => line).join('\n')}\n}`;
}

/**
 * The dark colours are written once, for data-theme="dark". The copy that follows the
 * device's own setting is made here, so the two can never drift apart.
 */
async function darkForDevice() {
  const dark = await read('src/css/dark.css');
  if (!dark.includes('[data-theme="dark"]')) throw new Error('dark.css lost its selector');
  return `@media screen and (prefers-color-scheme: dark) {\n${dark.replaceAll('[data-theme="dark"]', '[data-theme="system"]')}\n}`;
}

const generated = {
  name: 'generated-styles',
  setup(build) {
    const makers = { 'yui:tokens': usedTokens, 'yui:dark-for-device': darkForDevice };
    build.onResolve({ filter: /^yui:/ }, ({ path }) => ({ path, namespace: 'yui' }));
    build.onLoad({ filter: /.*/, namespace: 'yui' }, async ({ path }) => ({
      contents: await makers[path](),
      loader: 'css',
    }));
  },
};

await rm(at('dist'), { recursive: true, force: true });
await mkdir(at('dist'), { recursive: true });
await build({
  absWorkingDir: fileURLToPath(root),
  entryPoints: ['src/app.css', 'src/app.js'],
  outdir: 'dist',
  bundle: true,
  minify: true,
  legalComments: 'none',
  format: 'iife',
  // Old phones that still get security fixes: esbuild rewrites nesting for them.
  target: ['chrome109', 'firefox115', 'safari15.6'],
  plugins: [generated],
});
for (const file of ['icons.svg', 'favicon.svg', 'favicon.ico']) await copyFile(at(`src/${file}`), at(`dist/${file}`));

if (process.argv.includes('--sizes')) {
  for (const file of await readdir(at('dist'))) {
    const bytes = await readFile(at(`dist/${file}`));
    const packed = gzipSync(bytes, { level: 9 }).length;
    const limit = budget[file];
    console.log(`${file.padEnd(10)} ${String(bytes.length).padStart(7)} B  gzip ${String(packed).padStart(6)} B${limit ? ` of ${limit}` : ''}`);
    if (limit && packed > limit) process.exitCode = 1;
  }
}
