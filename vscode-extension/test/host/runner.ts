/** A runner small enough to live in the extension host: tests one after the other, results as a file. */

import { writeFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';

const PATIENCE = 120_000;
const LOOK = 20;

export interface Result {
  name: string;
  error?: string;
}

const tests: { name: string; body: () => Promise<void> }[] = [];

export function test(name: string, body: () => Promise<void>): void {
  tests.push({ name, body });
}

/** What `found` gives, once it gives anything. */
export async function until<T>(what: string, found: () => T | Promise<T>): Promise<NonNullable<T>> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const value = await found();
    if (value !== undefined && value !== null && value !== false) {
      return value;
    }
    if (Date.now() > end) {
      throw new Error(`never came: ${what}`);
    }
    await after(LOOK);
  }
}

export function folder(): vscode.WorkspaceFolder {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  if (first === undefined) {
    throw new Error('no folder is open');
  }
  return first;
}

export const file = (name: string): vscode.Uri => vscode.Uri.joinPath(folder().uri, name);

export async function runAll(): Promise<void> {
  const results: Result[] = [];
  for (const { name, body } of tests) {
    try {
      await body();
      results.push({ name });
    } catch (error) {
      results.push({ name, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
  writeFileSync(path.join(folder().uri.fsPath, 'results.json'), JSON.stringify(results));
}
