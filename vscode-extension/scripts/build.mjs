// Builds the extension and the language client beside it; with --host-tests also the tests that run inside the
// extension host, and the extension that others are measured by.
import { copyFileSync } from 'node:fs';
import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode', './languageclient.js'],
  supported: { 'dynamic-import': false }, // the extension host gives `vscode` to what is required
  logLevel: 'warning',
};

await build({
  ...shared,
  entryPoints: ['src/extension.ts', 'src/languageclient.ts'],
  outdir: 'out',
  minify: true,
  sourcemap: false,
});
if (process.argv.includes('--host-tests')) {
  await build({
    ...shared,
    external: ['vscode'],
    entryPoints: ['test/null/extension.ts'],
    outfile: 'out/null/extension.js',
  });
  for (const name of ['package.json', 'server.py']) {
    copyFileSync(`test/null/${name}`, `out/null/${name}`);
  }
  await build({ ...shared, entryPoints: ['test/host/index.ts'], outfile: 'out/host-tests.js' });
}
