import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Bootloader, variables } from '../../src/attach/bootloader';

let root: string;
let bootloader: Bootloader;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'reload lsp '));
  mkdirSync(join(root, 'package', 'agent', 'bootstrap'), { recursive: true });
  writeFileSync(join(root, 'package', 'agent', 'bootstrap', 'sitecustomize.py'), '# bootstrap\n');
  bootloader = new Bootloader(join(root, 'storage', 'terminal'), join(root, 'package'));
});

afterEach(() => rmSync(root, { recursive: true }));

const content = (name: string) => readFileSync(join(bootloader.folder, name), 'utf8');

test('the copy lies beside a note of where the package is', async () => {
  await bootloader.switchOn(['/w/one', '/w/two']);
  expect(content('sitecustomize.py')).toBe('# bootstrap\n');
  expect(content('installation')).toBe(`${join(root, 'package')}\n`);
  expect(content('folders')).toBe('/w/one\n/w/two\n');
});

test('for every program there is no list of folders', async () => {
  await bootloader.switchOn(['/w/one']);
  await bootloader.switchOn(undefined);
  expect(existsSync(join(bootloader.folder, 'folders'))).toBe(false);
});

test('switched off, the copy stays for open terminals, without the note', async () => {
  await bootloader.switchOn(undefined);
  bootloader.switchOff();
  bootloader.switchOff();
  expect(existsSync(join(bootloader.folder, 'installation'))).toBe(false);
  expect(content('sitecustomize.py')).toBe('# bootstrap\n');
});

test('the path of modules is prepended to, nothing is replaced', () => {
  expect(variables('/s/terminal', ':')).toEqual([
    { name: 'PYTHONPATH', value: '/s/terminal:', how: 'prepend' },
    { name: 'RELOAD_LSP_BOOTSTRAP', value: '/s/terminal', how: 'replace' },
  ]);
});

test.each(['/s/a:b', '/s/a\nb'])('a folder that cannot stand on a path is not put there: %j', (folder) => {
  expect(variables(folder, ':')).toBeUndefined();
});
