/** Run and Debug: `reload-lsp: Run` starts a program with the agent inside; debugpy's launches can have it too. */

import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Autoattach } from './attach/autoattach';
import { projectPython, serverPython } from './python';
import type { RunConfiguration } from './runsession';
import { settings } from './settings';

export const TYPE = 'reload-lsp';
const DEBUGGERS = ['debugpy', 'python'];

export function registerRun(context: vscode.ExtensionContext, autoattach: Autoattach): vscode.Disposable {
  const launcher = context.asAbsolutePath(path.join('bundled', 'launch.py'));
  const registered: vscode.Disposable[] = [
    vscode.debug.registerDebugConfigurationProvider(TYPE, new RunConfigurations()),
    vscode.debug.registerDebugAdapterDescriptorFactory(TYPE, {
      createDebugAdapterDescriptor: async ({ configuration, workspaceFolder }) => {
        const { RunSession } = await import('./runsession');
        const command = [await serverPython(workspaceFolder?.uri), '-I', launcher, 'run', '--'];
        return new vscode.DebugAdapterInlineImplementation(
          new RunSession(configuration as RunConfiguration, command, workspaceFolder),
        );
      },
    }),
    ...DEBUGGERS.map((type) =>
      vscode.debug.registerDebugConfigurationProvider(type, {
        resolveDebugConfigurationWithSubstitutedVariables: (folder, configuration) =>
          withAgent(autoattach, folder, configuration),
      }),
    ),
  ];
  return vscode.Disposable.from(...registered);
}

class RunConfigurations implements vscode.DebugConfigurationProvider {
  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [{ name: 'reload-lsp: Run', type: TYPE, request: 'launch', program: '${file}' }];
  }

  /** F5 without a launch.json runs the file at hand. */
  resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    given: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration | undefined {
    const isEmpty = !given.type && !given.request && !given.name;
    if (isEmpty && vscode.window.activeTextEditor?.document.languageId !== 'python') {
      return undefined;
    }
    return isEmpty ? { name: 'reload-lsp: Run', type: TYPE, request: 'launch', program: '${file}' } : given;
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    folder: vscode.WorkspaceFolder | undefined,
    given: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration> {
    return { ...given, python: (given['python'] as string | undefined) ?? (await projectPython(folder?.uri)) };
  }
}

/** A launch by debugpy, with the agent inside where the user wants it. */
async function withAgent(
  autoattach: Autoattach,
  folder: vscode.WorkspaceFolder | undefined,
  given: vscode.DebugConfiguration,
): Promise<vscode.DebugConfiguration> {
  if (!settings().debugSessions || given.request !== 'launch') {
    return given;
  }
  const ours = await autoattach.environmentFor(folder);
  const own = (given['env'] ?? {}) as Record<string, string>;
  const before = own['PYTHONPATH'] ?? process.env['PYTHONPATH'];
  const joined = [ours['PYTHONPATH'], before].filter(Boolean).join(path.delimiter);
  return { ...given, env: { ...own, ...ours, ...(joined ? { PYTHONPATH: joined } : {}) } };
}
