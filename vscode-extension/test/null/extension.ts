/** The yardstick: the same client, a server of the same make that does nothing. */

import type * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const script = context.asAbsolutePath('server.py');
  const server = { command: process.env['TESTS_PYTHON'] ?? 'python3', args: [script] };
  const client = new LanguageClient('null', 'null', server, {
    documentSelector: [{ scheme: 'file', language: 'python' }],
  });
  context.subscriptions.push(client);
  await client.start();
}
