/** The settings under `reloadLsp`: those of the extension, and those that it hands to the server. */

import * as vscode from 'vscode';

export const SECTION = 'reloadLsp';

export type AutoAttach = 'off' | 'smart' | 'always';
export type ImportStrategy = 'useBundled' | 'fromEnvironment';

/** What only the extension understands; everything else under the section belongs to the server. */
const OWN = new Set([
  'autoAttach',
  'debugSessions',
  'importStrategy',
  'interpreter',
  'logLevel',
  'marks',
  'serverPath',
  'trace',
]);

export interface Settings {
  interpreter: string;
  serverPath: string[];
  importStrategy: ImportStrategy;
  logLevel: string;
  autoAttach: AutoAttach;
  debugSessions: boolean;
  marks: boolean;
}

export function settings(): Settings {
  const found = vscode.workspace.getConfiguration(SECTION);
  return {
    interpreter: found.get('interpreter', ''),
    serverPath: found.get<string[]>('serverPath', []),
    importStrategy: found.get<ImportStrategy>('importStrategy', 'useBundled'),
    logLevel: found.get('logLevel', 'warning'),
    autoAttach: found.get<AutoAttach>('autoAttach', 'smart'),
    debugSessions: found.get('debugSessions', false),
    marks: found.get('marks', true),
  };
}

/** The part of the section's values that the server is to see: it reports names it does not know. */
export function forServer(values: unknown): Record<string, unknown> {
  const entries = Object.entries((values ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter(([name]) => !OWN.has(name)));
}

/** Has the user chosen a value, on any level? */
export function isChosen(name: string): boolean {
  const found = vscode.workspace.getConfiguration(SECTION).inspect(name);
  return (
    found?.globalValue !== undefined || found?.workspaceValue !== undefined || found?.workspaceFolderValue !== undefined
  );
}

/** Does a change of settings ask for another server process? */
export function needsRestart(event: vscode.ConfigurationChangeEvent): boolean {
  const names = ['interpreter', 'serverPath', 'importStrategy', 'logLevel'];
  return names.some((name) => event.affectsConfiguration(`${SECTION}.${name}`));
}
