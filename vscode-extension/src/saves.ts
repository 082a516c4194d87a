/** Saves that belong together, as in Save All, are told together: the server then makes them one reload. */

import * as vscode from 'vscode';

/** How long, in milliseconds, a save waits for others that have been announced. */
const PATIENCE = 1_000;

type Tell = () => Promise<void>;

/** Holds what is to be told of a save back while other saves are under way. */
export class Gather {
  private readonly announced = new Set<string>();
  private held: Tell[] = [];
  private timer: NodeJS.Timeout | undefined;

  announce(uri: string): void {
    this.announced.add(uri);
    this.timer ??= setTimeout(() => void this.release(), PATIENCE);
  }

  /** A save is done; it is told at once unless another is under way. */
  async saved(uri: string, tell: Tell): Promise<void> {
    this.announced.delete(uri);
    this.held.push(tell);
    if (this.announced.size === 0) {
      await this.release();
    }
  }

  async release(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.announced.clear();
    const held = this.held;
    this.held = [];
    await Promise.all(held.map((tell) => tell()));
  }
}

export function gatherSaves(gather: Gather): vscode.Disposable {
  return vscode.workspace.onWillSaveTextDocument(({ document }) => {
    if (document.languageId === 'python' && document.uri.scheme === 'file') {
      gather.announce(document.uri.toString());
    }
  });
}
