/** Read-only documents: the plan of the next save, and the history. */

import * as vscode from 'vscode';
import { ServerCommand, type History } from './protocol';
import type { Server } from './server';
import { historyPage } from './texts';

const SCHEME = 'reload-lsp';
const PLAN = vscode.Uri.from({ scheme: SCHEME, path: '/Reload plan.md' });
const HISTORY = vscode.Uri.from({ scheme: SCHEME, path: '/Reload history.md' });

export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  readonly onDidChange = this.changes.event;

  constructor(private readonly server: Server) {}

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path) ?? '';
  }

  /** What saving would do: of the documents named, or of the one at hand. */
  async showPlan(...named: unknown[]): Promise<void> {
    const active = vscode.window.activeTextEditor?.document;
    const atHand = active?.languageId === 'python' ? [active.uri.toString()] : [];
    const uris = named.filter((one) => typeof one === 'string');
    const chosen = uris.length > 0 ? uris : atHand;
    const answer = await this.server.execute<{ markdown: string }>(ServerCommand.showPlan, ...chosen, { show: false });
    if (answer !== undefined) {
      await this.show(PLAN, answer.markdown);
    }
  }

  async showHistory(): Promise<void> {
    const answer = await this.server.execute<History>(ServerCommand.history);
    if (answer !== undefined) {
      await this.show(HISTORY, historyPage(answer.batches, name));
    }
  }

  /** Show a page beside the code, the keyboard staying where it is. */
  async show(uri: vscode.Uri, text: string): Promise<void> {
    this.texts.set(uri.path, text);
    this.changes.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'markdown');
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true });
  }

  dispose(): void {
    vscode.Disposable.from(this.registration, this.changes).dispose();
  }
}

function name(uri: string): string {
  return vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
}
