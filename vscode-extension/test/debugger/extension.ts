/** What the Python Debugger extension does to debug: it starts debugpy's adapter. */

import * as vscode from 'vscode';

export function activate(context: vscode.ExtensionContext): void {
  const python = process.env['TESTS_PYTHON'] ?? 'python3';
  context.subscriptions.push(
    vscode.debug.registerDebugAdapterDescriptorFactory('debugpy', {
      createDebugAdapterDescriptor: () => new vscode.DebugAdapterExecutable(python, ['-m', 'debugpy.adapter']),
    }),
  );
}
