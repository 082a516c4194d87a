/** The dependents of a module, in a webview: nothing in it is loaded from outside. */

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { ServerCommand } from './protocol';
import type { Server } from './server';
import { layered, type GraphData } from './layers';

export class Graph implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly server: Server,
  ) {}

  async show(): Promise<void> {
    const active = vscode.window.activeTextEditor?.document;
    const uris = active?.languageId === 'python' ? [active.uri.toString()] : [];
    const data = await this.server.execute<GraphData>(ServerCommand.showGraph, ...uris);
    if (data !== undefined) {
      this.draw(data, uris[0]);
    }
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private draw(data: GraphData, atHand: string | undefined): void {
    this.panel ??= this.open();
    this.panel.webview.html = this.page(this.panel.webview, data, atHand);
    this.panel.reveal(undefined, false);
  }

  private open(): vscode.WebviewPanel {
    const panel = vscode.window.createWebviewPanel('reloadLsp.graph', 'Dependents', vscode.ViewColumn.Beside, {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(this.context.extensionUri, 'media')],
    });
    panel.onDidDispose(() => (this.panel = undefined));
    panel.webview.onDidReceiveMessage(({ open }: { open?: string }) => {
      if (open !== undefined) {
        void vscode.window.showTextDocument(vscode.Uri.parse(open), { viewColumn: vscode.ViewColumn.One });
      }
    });
    return panel;
  }

  private page(webview: vscode.Webview, data: GraphData, atHand: string | undefined): string {
    const nonce = randomBytes(16).toString('base64');
    const resource = (name: string) =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.context.extensionUri, 'media', name)).toString();
    const nodes = layered(data).map((node) => ({ ...node, isAtHand: node.uri === atHand }));
    const content = JSON.stringify(nodes).replaceAll('<', '\\u003c');
    const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${resource('graph.css')}">
<title>Dependents</title>
</head>
<body>
<h1>What follows a save</h1>
<p id="hint">A module stands below those it reads. Arrow keys move, Enter opens the file.</p>
<p id="said" role="status"></p>
<main id="graph" role="tree" aria-describedby="hint"></main>
<script type="application/json" id="data">${content}</script>
<script nonce="${nonce}" src="${resource('graph.js')}"></script>
</body>
</html>`;
  }
}
