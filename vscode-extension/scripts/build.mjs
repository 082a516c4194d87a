// Builds the extension, and with --host-tests the tests that run inside the extension host, each to one file.
import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  logLevel: 'warning',
};

await build({
  ...shared,
  entryPoints: ['src/extension.ts'],
  outfile: 'out/extension.js',
  minify: true,
  sourcemap: false,
});
if (process.argv.includes('--host-tests')) {
  await build({ ...shared, entryPoints: ['test/host/index.ts'], outfile: 'out/host-tests.js' });
}
