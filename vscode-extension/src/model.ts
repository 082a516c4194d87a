/** What the extension knows: the server's life, its processes, the last reload, what is unsafe. One owner, many readers. */

import * as vscode from 'vscode';
import type { Autoattach } from './attach/autoattach';
import type { DidReload, Status } from './protocol';
import type { Life, Server } from './server';
import type { AutoAttach } from './settings';

const KEPT = 100;

export interface Snapshot {
  readonly life: Life;
  readonly status: Status | undefined;
  /** Newest first. */
  readonly history: readonly DidReload[];
  /** Errors and warnings of ours in the editor. */
  readonly unsafe: number;
  readonly trusted: boolean;
  /** Which programs of new terminals are let in; undefined until that is settled. */
  readonly autoAttach: AutoAttach | undefined;
}

export class Model implements vscode.Disposable {
  private state: Snapshot = {
    life: 'stopped',
    status: undefined,
    history: [],
    unsafe: 0,
    trusted: vscode.workspace.isTrusted,
    autoAttach: undefined,
  };
  private readonly changes = new vscode.EventEmitter<Snapshot>();
  private readonly listening: vscode.Disposable;
  readonly onChange = this.changes.event;

  constructor(server: Server, autoattach: Autoattach) {
    this.listening = vscode.Disposable.from(
      server.onLife((life) => this.set(life === 'running' ? { life } : { life, status: undefined })),
      server.onStatus((status) => this.set({ status })),
      server.onDidReload((reload) => this.set({ history: [reload, ...this.state.history].slice(0, KEPT) })),
      autoattach.onMode((mode) => this.set({ autoAttach: mode })),
      vscode.languages.onDidChangeDiagnostics(() => this.count()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.set({ trusted: true })),
      this.changes,
    );
  }

  get now(): Snapshot {
    return this.state;
  }

  dispose(): void {
    this.listening.dispose();
  }

  private count(): void {
    const ours = vscode.languages
      .getDiagnostics()
      .flatMap(([, diagnostics]) => diagnostics)
      .filter(({ source, severity }) => source === 'reload-lsp' && severity <= vscode.DiagnosticSeverity.Warning);
    if (ours.length !== this.state.unsafe) {
      this.set({ unsafe: ours.length });
    }
  }

  private set(changed: Partial<Snapshot>): void {
    this.state = { ...this.state, ...changed };
    this.changes.fire(this.state);
  }
}
