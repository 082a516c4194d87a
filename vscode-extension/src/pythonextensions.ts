/**
 * The Python and the environments extension behind one facade: where one is installed, the environment chosen there
 * is used. Neither is needed, and whatever goes wrong in them (absent, slow, another interface) is as if they were not there.
 */

import * as vscode from 'vscode';

/** How long, in milliseconds, their answer is waited for: a server with another Python is better than none. */
const PATIENCE = 10_000;

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

const environments = () => activated<EnvironmentsApi>('ms-python.vscode-python-envs');
const python = () => activated<PythonApi>('ms-python.python');

/** The interpreter that is chosen in them for a folder. */
export async function chosenPython(folder: vscode.Uri | undefined): Promise<string | undefined> {
  return (await soon(ofEnvironments(folder))) ?? (await soon(ofPython(folder)));
}

/** Tells when another environment was chosen in them. */
export function onDidChangePython(listener: () => void): vscode.Disposable {
  const heard: vscode.Disposable[] = [];
  let isOver = false;
  const listen = (event: vscode.Event<unknown> | undefined) => {
    if (event !== undefined && !isOver) {
      heard.push(event(listener));
    }
  };
  void orNothing(environments().then((api) => listen(api?.onDidChangeEnvironment)));
  void orNothing(python().then((api) => listen(api?.environments.onDidChangeActiveEnvironmentPath)));
  return new vscode.Disposable(() => {
    isOver = true;
    vscode.Disposable.from(...heard).dispose();
  });
}

async function ofEnvironments(folder: vscode.Uri | undefined): Promise<string | undefined> {
  return (await (await environments())?.getEnvironment(folder))?.execInfo?.run.executable;
}

async function ofPython(folder: vscode.Uri | undefined): Promise<string | undefined> {
  const api = (await python())?.environments;
  const active = api?.getActiveEnvironmentPath(folder);
  return active && (await api?.resolveEnvironment(active))?.executable.uri?.fsPath;
}

async function activated<T>(id: string): Promise<T | undefined> {
  return (await vscode.extensions.getExtension<T>(id)?.activate()) ?? undefined;
}

async function soon<T>(answer: Promise<T | undefined>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), PATIENCE)));
  return Promise.race([orNothing(answer), late]).finally(() => clearTimeout(timer));
}

/** What goes wrong in them is their own affair: we can do without. */
function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  return answer.catch(() => undefined);
}
