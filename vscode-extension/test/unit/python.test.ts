import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

interface Editor {
  installed: Record<string, () => unknown>;
  asked: string[];
  workspace: { isTrusted: boolean };
}

const editor = vi.hoisted((): Editor => ({ installed: {}, asked: [], workspace: { isTrusted: true } }));

vi.mock('vscode', () => ({
  workspace: editor.workspace,
  extensions: {
    getExtension: (id: string) => {
      const api = editor.installed[id];
      editor.asked.push(id);
      return api && { activate: () => Promise.resolve().then(api) };
    },
  },
  Disposable: class {
    static from = (...all: { dispose(): void }[]) => ({ dispose: () => all.forEach((one) => one.dispose()) });
    constructor(readonly dispose: () => void) {}
  },
}));

import type { Uri } from 'vscode';
import { atLeast, expanded, projectPython } from '../../src/python';
import { chosenPython, onDidChangePython } from '../../src/pythonextensions';

const ENVIRONMENTS = 'ms-python.vscode-python-envs';
const PYTHON = 'ms-python.python';

let root: string;
let folder: Uri;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'reload-lsp-'));
  folder = { fsPath: root } as Uri;
  editor.installed = {};
  editor.asked = [];
  editor.workspace.isTrusted = true;
});

afterEach(() => {
  rmSync(root, { recursive: true });
  vi.useRealTimers();
});

/** An event of another extension, that a test makes happen. */
function happening() {
  const heard = new Set<() => void>();
  const event = (listener: () => void) => {
    heard.add(listener);
    return { dispose: () => heard.delete(listener) };
  };
  return { event, listeners: () => heard.size, happens: () => heard.forEach((listener) => listener()) };
}

/** The environments extension, with one environment chosen for every folder. */
const environmentsOf = (executable: string | undefined, changes = happening()) => ({
  getEnvironment: (scope: Uri | undefined) =>
    Promise.resolve(scope && executable ? { execInfo: { run: { executable } } } : undefined),
  onDidChangeEnvironment: changes.event,
});

/** The Python extension: a path is chosen, which may be no more than a name until it is resolved. */
const pythonOf = (executable: string | undefined, changes = happening()) => ({
  environments: {
    getActiveEnvironmentPath: () => ({ path: 'conda:shop' }),
    resolveEnvironment: ({ path }: { path: string }) =>
      Promise.resolve(
        path === 'conda:shop' ? { executable: { uri: executable && { fsPath: executable } } } : undefined,
      ),
    onDidChangeActiveEnvironmentPath: changes.event,
  },
});

function makeOwnEnvironment(name: string): string {
  const [bin, python] = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  mkdirSync(join(root, name, bin), { recursive: true });
  writeFileSync(join(root, name, bin, python), '');
  return join(root, name, bin, python);
}

test('the environment chosen in the environments extension comes first', async () => {
  makeOwnEnvironment('.venv');
  editor.installed = { [ENVIRONMENTS]: () => environmentsOf('/e/python'), [PYTHON]: () => pythonOf('/p/python') };
  expect(await projectPython(folder)).toBe('/e/python');
});

test('where nothing is chosen there, the one of the Python extension is taken', async () => {
  editor.installed = { [ENVIRONMENTS]: () => environmentsOf(undefined), [PYTHON]: () => pythonOf('/p/python') };
  expect(await projectPython(folder)).toBe('/p/python');
});

test('an environment that cannot be resolved is none', async () => {
  editor.installed = { [PYTHON]: () => pythonOf(undefined) };
  expect(await chosenPython(folder)).toBeUndefined();
});

test.each(['.venv', 'venv'])('without these extensions the folder has its own: %s', async (name) => {
  const own = makeOwnEnvironment(name);
  expect(await projectPython(folder)).toBe(own);
});

test('without any the one on the path is taken', async () => {
  expect(await projectPython(folder)).toMatch(/^python3?$/);
  expect(await projectPython(undefined)).toMatch(/^python3?$/);
});

test('in an untrusted folder nobody is asked, and nothing of it is run', async () => {
  makeOwnEnvironment('.venv');
  editor.installed = { [PYTHON]: () => pythonOf('/p/python') };
  editor.workspace.isTrusted = false;
  expect(await projectPython(folder)).toMatch(/^python3?$/);
  expect(editor.asked).toEqual([]);
});

test.each<[string, () => unknown]>([
  ['fails to start', () => Promise.reject(new Error('no'))],
  ['gives no interface', () => undefined],
  ['has another interface', () => ({})],
])('an extension that %s is done without', async (_, api) => {
  const own = makeOwnEnvironment('.venv');
  editor.installed = { [ENVIRONMENTS]: api, [PYTHON]: api };
  expect(await projectPython(folder)).toBe(own);
  onDidChangePython(() => undefined).dispose();
});

test('one that never answers holds nothing up', async () => {
  vi.useFakeTimers();
  editor.installed = { [ENVIRONMENTS]: () => new Promise(() => undefined), [PYTHON]: () => pythonOf('/p/python') };
  const found = chosenPython(folder);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await found).toBe('/p/python');
});

test('another choice in either is heard of, until one stops to listen', async () => {
  const [one, other] = [happening(), happening()];
  editor.installed = {
    [ENVIRONMENTS]: () => environmentsOf('/e/python', one),
    [PYTHON]: () => pythonOf('/p/python', other),
  };
  let count = 0;
  const listening = onDidChangePython(() => (count += 1));
  await vi.waitFor(() => expect([one.listeners(), other.listeners()]).toEqual([1, 1]));
  one.happens();
  other.happens();
  expect(count).toBe(2);
  listening.dispose();
  one.happens();
  other.happens();
  expect(count).toBe(2);
});

test.each([
  ['3.9', false],
  ['3.10', true],
  ['3.14', true],
  ['2.7', false],
  ['4.0', true],
])('Python %s is new enough for the server: %s', (version, isEnough) => {
  expect(atLeast(version)).toBe(isEnough);
});

test('the folder and the home in a path of the settings', () => {
  vi.stubEnv('HOME', '/home/me');
  expect(expanded('${workspaceFolder}/.venv/bin/python', { fsPath: '/w' } as Uri)).toBe('/w/.venv/bin/python');
  expect(expanded('~/python', undefined)).toBe('/home/me/python');
  expect(expanded('/opt/~/python', undefined)).toBe('/opt/~/python');
  vi.unstubAllEnvs();
});
