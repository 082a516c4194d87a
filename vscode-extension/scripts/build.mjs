// Builds the extension and the language client beside it; with --host-tests also the tests that run inside the
// extension host, the extension that others are measured by, and a debugger.
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
  for (const [name, ...files] of [
    ['null', 'package.json', 'server.py'],
    ['debugger', 'package.json'],
  ]) {
    await build({
      ...shared,
      external: ['vscode'],
      entryPoints: [`test/${name}/extension.ts`],
      outfile: `out/${name}/extension.js`,
    });
    for (const file of files) {
      copyFileSync(`test/${name}/${file}`, `out/${name}/${file}`);
    }
  }
  await build({ ...shared, entryPoints: ['test/host/index.ts'], outfile: 'out/host-tests.js' });
}
