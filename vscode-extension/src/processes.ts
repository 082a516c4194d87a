/** The tree of processes: what is attached and what is left alone, each with its last reloads. */

import * as vscode from 'vscode';
import type { Model } from './model';
import { ServerCommand, type DidReload, type ProcessList, type ProcessState } from './protocol';
import type { Server } from './server';
import { outcomeInWords, plural, processDetail, reloadInWords } from './texts';

const VIEW = 'reloadLsp.processes';
const SHOWN = 10;

/** A reload as one process had it. */
interface Past {
  past: DidReload;
}
type Node = ProcessState | Past;

export class Processes implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<undefined>();
  private readonly listening: vscode.Disposable;
  readonly onDidChangeTreeData = this.changes.event;

  constructor(
    private readonly server: Server,
    private readonly model: Model,
  ) {
    const view = vscode.window.createTreeView(VIEW, { treeDataProvider: this });
    this.listening = vscode.Disposable.from(
      view,
      model.onChange(() => {
        this.changes.fire(undefined);
        const attached = model.now.status?.processes.length ?? 0;
        view.badge = attached > 0 ? { value: attached, tooltip: `${attached} attached` } : undefined;
      }),
      this.changes,
    );
  }

  async getChildren(node?: Node): Promise<Node[]> {
    if (node === undefined) {
      return this.all();
    }
    return 'past' in node ? [] : this.pastOf(node);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    return 'past' in node ? pastItem(node.past) : processItem(node);
  }

  dispose(): void {
    this.listening.dispose();
  }

  /** The server tells of the attached ones at every change; those left alone it is asked for. */
  private async all(): Promise<ProcessState[]> {
    const { life, status } = this.model.now;
    if (life !== 'running' || status === undefined) {
      return [];
    }
    const list = await this.server.execute<ProcessList>(ServerCommand.attach).catch(() => undefined);
    const attached = new Map(status.processes.map((process) => [process.id, process]));
    const others = list?.processes.filter(({ id }) => !attached.has(id)) ?? [];
    return [...attached.values(), ...others.map((process) => ({ ...process, attached: false }))];
  }

  private pastOf(process: ProcessState): Past[] {
    return this.model.now.history
      .map((reload) => ({ ...reload, processes: reload.processes.filter(({ id }) => id === process.id) }))
      .filter(({ processes }) => processes.length > 0)
      .slice(0, SHOWN)
      .map((past) => ({ past }));
  }
}

function processItem(process: ProcessState): vscode.TreeItem {
  const isAttached = process.attached !== false;
  const item = new vscode.TreeItem(
    process.name,
    isAttached ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
  );
  item.id = process.id;
  item.description = processDetail(process);
  item.iconPath = new vscode.ThemeIcon(isAttached ? 'vm-active' : 'vm-outline');
  item.contextValue = isAttached ? 'attached' : 'alone';
  item.accessibilityInformation = { label: `${process.name}, ${item.description}` };
  return item;
}

function pastItem(reload: DidReload): vscode.TreeItem {
  const item = new vscode.TreeItem(reloadInWords(reload));
  const outcome = reload.processes[0]?.outcome ?? 'no-effect';
  item.description = `${plural(reload.files.length, 'file')}, by ${reload.cause}`;
  item.tooltip = outcomeInWords(outcome);
  item.iconPath = new vscode.ThemeIcon(outcome === 'applied' ? 'check' : outcome === 'no-effect' ? 'dash' : 'warning');
  return item;
}
