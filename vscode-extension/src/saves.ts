/** Saves that belong together, as in Save All, are told together: the server then makes them one reload. */

import * as vscode from 'vscode';

/** How long, in milliseconds, saves wait for others that have been announced, while none of them comes. */
const PATIENCE = 3_000; // formatting on save takes its time too

type Tell = () => Promise<void>;

/** Holds what is to be told of a save back while other saves are under way. */
export class Gather {
  private readonly announced = new Set<string>();
  private held: Tell[] = [];
  private timer: NodeJS.Timeout | undefined;

  announce(uri: string): void {
    this.announced.add(uri);
    this.wait();
  }

  /** A save is done; it is told at once unless another is under way. */
  async saved(uri: string, tell: Tell): Promise<void> {
    this.announced.delete(uri);
    this.held.push(tell);
    if (this.announced.size === 0) {
      await this.release();
    } else {
      this.wait();
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

  private wait(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.release(), PATIENCE);
  }
}

export function gatherSaves(gather: Gather): vscode.Disposable {
  return vscode.workspace.onWillSaveTextDocument(({ document }) => {
    if (document.languageId === 'python' && document.uri.scheme === 'file') {
      gather.announce(document.uri.toString());
    }
  });
}
