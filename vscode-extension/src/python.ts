/** Which Python runs the server and the programs; nothing of an untrusted folder is run. */

import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { chosenPython } from './pythonextensions';
import { settings } from './settings';

const OLDEST = [3, 10] as const;
const VERSION = 'import sys; print("%d.%d" % sys.version_info[:2])';
const run = promisify(execFile);

/** The interpreter of the user's programs: the environment chosen in the editor, the folder's own, or the first on PATH. */
export async function projectPython(folder: vscode.Uri | undefined): Promise<string> {
  const candidates = [chosenPython, ownEnvironment];
  if (vscode.workspace.isTrusted) {
    for (const candidate of candidates) {
      const found = await candidate(folder);
      if (found !== undefined) {
        return found;
      }
    }
  }
  return process.platform === 'win32' ? 'python' : 'python3';
}

/** The interpreter for the server: the one in the settings, or the first of those around that is new enough. */
export async function serverPython(folder: vscode.Uri | undefined): Promise<string> {
  const named = settings().interpreter;
  if (named !== '') {
    return expanded(named, folder);
  }
  const candidates = [await projectPython(folder), 'python3', 'python'];
  for (const candidate of candidates) {
    if (await isNewEnough(candidate)) {
      return candidate;
    }
  }
  throw new Error(
    'No Python 3.10 or newer was found for the reload-lsp server. Install one, or name it in the setting ' +
      'reloadLsp.interpreter.',
  );
}

/** `${workspaceFolder}` and `~` in a path of the settings. */
export function expanded(value: string, folder: vscode.Uri | undefined): string {
  const home = process.env['HOME'] ?? process.env['USERPROFILE'] ?? '~';
  return value.replace(/^~(?=$|[\\/])/, home).replaceAll('${workspaceFolder}', folder?.fsPath ?? '.');
}

async function ownEnvironment(folder: vscode.Uri | undefined): Promise<string | undefined> {
  const inside = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  for (const name of folder ? ['.venv', 'venv'] : []) {
    const python = path.join(folder?.fsPath ?? '', name, ...inside);
    if (await exists(python)) {
      return python;
    }
  }
  return undefined;
}

async function isNewEnough(python: string): Promise<boolean> {
  try {
    const { stdout } = await run(python, ['-I', '-S', '-c', VERSION], { timeout: 20_000 });
    return atLeast(stdout.trim());
  } catch {
    return false;
  }
}

/** Is a version such as "3.12" one that the server runs on? */
export function atLeast(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
