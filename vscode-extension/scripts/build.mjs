// Builds the extension into one file, of which the language client and the debug session are evaluated when first needed;
// with --host-tests also the tests that run inside the extension host, the extension that others are measured by, and a debugger.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const shared = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['vscode'],
  logLevel: 'warning',
};

const { metafile } = await build({
  ...shared,
  entryPoints: ['src/extension.ts'],
  outfile: 'out/extension.js',
  minify: true,
  sourcemap: false,
  metafile: true,
});
writeFileSync('out/NOTICES.md', notices(Object.keys(metafile.inputs)));
if (process.argv.includes('--host-tests')) {
  for (const [name, ...files] of [
    ['null', 'package.json', 'server.py'],
    ['debugger', 'package.json'],
  ]) {
    await build({
      ...shared,
      entryPoints: [`test/${name}/extension.ts`],
      outfile: `out/${name}/extension.js`,
    });
    for (const file of files) {
      copyFileSync(`test/${name}/${file}`, `out/${name}/${file}`);
    }
  }
  await build({ ...shared, entryPoints: ['test/host/index.ts'], outfile: 'out/host-tests.js' });
}

/** The licences of what is built in. */
function notices(inputs) {
  const packages = new Set(inputs.flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  const licences = [...packages].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    return `## ${name} ${version} (${license})\n\n${file ? readFileSync(`${folder}/${file}`, 'utf8').trim() : ''}\n`;
  });
  return `# What is built in\n\nThe Python packages in bundled/libs bring their licences along.\n\n${licences.join('\n')}`;
}
