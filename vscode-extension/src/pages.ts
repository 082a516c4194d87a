/** Read-only documents: the plan of the next save, and the history. */

import * as vscode from 'vscode';
import { ServerCommand, type History } from './protocol';
import type { Server } from './server';
import { historyPage, linked, type Linked } from './texts';

const SCHEME = 'reload-lsp';
const PLAN = vscode.Uri.from({ scheme: SCHEME, path: '/Reload plan.md' });
const HISTORY = vscode.Uri.from({ scheme: SCHEME, path: '/Reload history.md' });

export class Pages implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable {
  private readonly texts = new Map<string, Linked>();
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event; // before the registration, which looks for it
  private readonly registration = vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.languages.registerDocumentLinkProvider({ scheme: SCHEME }, this),
  );

  constructor(private readonly server: Server) {}

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.path)?.text ?? '';
  }

  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const links = this.texts.get(document.uri.path)?.links ?? [];
    return links.map(({ start, end, target }) => {
      const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
      return new vscode.DocumentLink(range, vscode.Uri.parse(target));
    });
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
    const page = linked(text);
    this.texts.set(uri.path, page);
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.getText() !== page.text) {
      this.changes.fire(uri); // the editor keeps pages for a while after they were closed
    }
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
