/**
 * Which Python runs the server and the programs. The Python extensions are asked where they are installed, and
 * are never needed; nothing of an untrusted folder is run.
 */

import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { settings } from './settings';

const OLDEST = [3, 10] as const;
const VERSION = 'import sys; print("%d.%d" % sys.version_info[:2])';
const run = promisify(execFile);

/** The part of the environments extension's interface that is used. */
interface EnvironmentsApi {
  getEnvironment(scope: vscode.Uri | undefined): Promise<{ execInfo?: { run: { executable: string } } } | undefined>;
  onDidChangeEnvironment: vscode.Event<unknown>;
}

/** The part of the Python extension's interface that is used. */
interface PythonApi {
  environments: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { path: string };
    resolveEnvironment(environment: { path: string }): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
    onDidChangeActiveEnvironmentPath: vscode.Event<unknown>;
  };
}

/** The interpreter of the user's programs: the environment chosen in the editor, the folder's own, or the first on PATH. */
export async function projectPython(folder: vscode.Uri | undefined): Promise<string> {
  const candidates = [() => chosen(folder), () => ownEnvironment(folder)];
  if (vscode.workspace.isTrusted) {
    for (const candidate of candidates) {
      const found = await candidate();
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

/** Tells when another environment was chosen in the editor. */
export async function onDidChangePython(listener: () => void): Promise<vscode.Disposable> {
  const environments = await activated<EnvironmentsApi>('ms-python.vscode-python-envs');
  const python = await activated<PythonApi>('ms-python.python');
  const heard = [
    environments?.onDidChangeEnvironment(listener),
    python?.environments.onDidChangeActiveEnvironmentPath(listener),
  ];
  return vscode.Disposable.from(...heard.filter((one) => one !== undefined));
}

/** `${workspaceFolder}` and `~` in a path of the settings. */
export function expanded(value: string, folder: vscode.Uri | undefined): string {
  const home = process.env['HOME'] ?? process.env['USERPROFILE'] ?? '~';
  return value.replace(/^~(?=$|[\\/])/, home).replaceAll('${workspaceFolder}', folder?.fsPath ?? '.');
}

async function chosen(folder: vscode.Uri | undefined): Promise<string | undefined> {
  const environments = await activated<EnvironmentsApi>('ms-python.vscode-python-envs');
  const found = (await environments?.getEnvironment(folder))?.execInfo?.run.executable;
  if (found !== undefined) {
    return found;
  }
  const python = await activated<PythonApi>('ms-python.python');
  const active = python?.environments.getActiveEnvironmentPath(folder);
  return active && (await python?.environments.resolveEnvironment(active))?.executable.uri?.fsPath;
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

async function activated<T>(id: string): Promise<T | undefined> {
  try {
    return (await vscode.extensions.getExtension<T>(id)?.activate()) ?? undefined;
  } catch {
    return undefined; // its own affair: we can do without
  }
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
