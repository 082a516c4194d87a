import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

interface Editor {
  isTrusted: boolean;
  chosen: string | undefined;
  answer: string | undefined;
  questions: number;
  folder: string;
}

const editor = vi.hoisted((): Editor => ({
  isTrusted: true,
  chosen: undefined,
  answer: undefined,
  questions: 0,
  folder: '',
}));

vi.mock('vscode', () => {
  const never = () => ({ dispose: () => undefined });
  const settings = {
    get: (name: string, other: unknown) => (name === 'autoAttach' ? (editor.chosen ?? other) : other),
    inspect: () => ({ globalValue: editor.chosen }),
    update: (_: string, value: string) => {
      editor.chosen = value;
      return Promise.resolve();
    },
  };
  return {
    workspace: {
      get isTrusted() {
        return editor.isTrusted;
      },
      get workspaceFolders() {
        return [
          { name: 'w', uri: { scheme: 'file', fsPath: editor.folder, toString: () => `file://${editor.folder}` } },
        ];
      },
      getConfiguration: () => settings,
      onDidGrantWorkspaceTrust: never,
      onDidChangeWorkspaceFolders: never,
      onDidChangeConfiguration: never,
    },
    window: {
      showInformationMessage: () => {
        editor.questions += 1;
        return Promise.resolve(editor.answer);
      },
    },
    Disposable: { from: never },
    EventEmitter: class {
      event = never;
      fire = () => undefined;
      dispose = () => undefined;
    },
    ConfigurationTarget: { Global: 1 },
  };
});

import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { Autoattach } from '../../src/attach/autoattach';

let root: string;
let memory: Map<string, unknown>;
let terminals: Map<string, string>;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'reload-lsp-'));
  const bootstrap = join(root, 'bundled', 'libs', 'reload_lsp', 'agent', 'bootstrap');
  mkdirSync(bootstrap, { recursive: true });
  writeFileSync(join(bootstrap, 'sitecustomize.py'), '');
  memory = new Map();
  terminals = new Map();
  Object.assign(editor, { isTrusted: true, chosen: undefined, answer: undefined, questions: 0, folder: root });
});

afterEach(() => rmSync(root, { recursive: true }));

/** The part as a new window has it: what the editor remembers stays. */
function inNewWindow(): Autoattach {
  const put = (name: string, value: string) => terminals.set(name, value);
  const context = {
    globalState: {
      get: (name: string, other: unknown) => memory.get(name) ?? other,
      update: (name: string, value: unknown) => Promise.resolve(void memory.set(name, value)),
    },
    storageUri: { fsPath: join(root, 'storage') },
    asAbsolutePath: (name: string) => join(root, name),
    environmentVariableCollection: {
      clear: () => terminals.clear(),
      getScoped: () => ({ prepend: put, replace: put }),
    },
  };
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  return new Autoattach(context as unknown as ExtensionContext, log as unknown as LogOutputChannel);
}

test('before anybody has chosen, terminals have nothing of it', async () => {
  await inNewWindow().refresh();
  expect([...terminals]).toEqual([]);
});

test('who has answered is not asked again', async () => {
  editor.answer = 'Smart';
  await inNewWindow().begin();
  await inNewWindow().begin();
  expect([editor.questions, editor.chosen]).toEqual([1, 'smart']);
  const folder = terminals.get('RELOAD_LSP_BOOTSTRAP') ?? '';
  expect(terminals.get('PYTHONPATH')).toMatch(folder);
  expect(readFileSync(join(folder, 'folders'), 'utf8')).toBe(`${root}\n`);
});

test('who has closed the question is not asked again, and is left alone', async () => {
  await inNewWindow().begin();
  await inNewWindow().begin();
  expect([editor.questions, editor.chosen, terminals.size]).toEqual([1, undefined, 0]);
});

test('in an untrusted folder nobody is asked and nothing is let in, whatever was chosen', async () => {
  Object.assign(editor, { isTrusted: false, chosen: 'always' });
  await inNewWindow().begin();
  expect([editor.questions, terminals.size]).toEqual([0, 0]);
});

test('switched off, nothing is left in new terminals, and what is in open ones lets nobody in', async () => {
  editor.chosen = 'always';
  const autoattach = inNewWindow();
  await autoattach.begin();
  const folder = terminals.get('RELOAD_LSP_BOOTSTRAP') ?? '';
  expect(existsSync(join(folder, 'installation'))).toBe(true);
  expect(existsSync(join(folder, 'folders'))).toBe(false);
  editor.chosen = 'off';
  await autoattach.refresh();
  expect([...terminals]).toEqual([]);
  expect(existsSync(join(folder, 'installation'))).toBe(false);
});
