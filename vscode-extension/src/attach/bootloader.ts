/**
 * The folder that a terminal's PYTHONPATH names: a copy of the agent's bootstrap with a note where the package is.
 * It lies in the extension's storage, so terminals that stay open survive an update or the end of the extension;
 * without the note (switched off, window closed, extension disabled) the copy takes itself out and does no more.
 */

import { rmSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';

const NOTE = 'installation';
const FOLDERS = 'folders';

export class Bootloader {
  /** @param folder where the copy lies; @param installation the folder of the reload_lsp package */
  constructor(
    readonly folder: string,
    private readonly installation: string,
  ) {}

  /** Let programs in: those of `folders`, or all where it is undefined. */
  async switchOn(folders: readonly string[] | undefined): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const original = path.join(this.installation, 'agent', 'bootstrap', 'sitecustomize.py');
    await copyFile(original, path.join(this.folder, 'sitecustomize.py'));
    const scope = path.join(this.folder, FOLDERS);
    await (folders ? writeFile(scope, folders.map((one) => `${one}\n`).join('')) : rm(scope, { force: true }));
    await writeFile(path.join(this.folder, NOTE), `${this.installation}\n`);
  }

  /** At once, since the extension host may be about to end. */
  switchOff(): void {
    rmSync(path.join(this.folder, NOTE), { force: true });
  }
}

/** The variables of a terminal's environment, `prepend`ed or `replace`d; undefined where the folder cannot stand on a path. */
export function variables(folder: string, separator: string = path.delimiter): Variable[] | undefined {
  if (folder.includes(separator) || /[\r\n]/.test(folder)) {
    return undefined;
  }
  return [
    // Before an empty value this leaves an empty entry, which the bootstrap takes out again.
    { name: 'PYTHONPATH', value: `${folder}${separator}`, how: 'prepend' },
    { name: 'RELOAD_LSP_BOOTSTRAP', value: folder, how: 'replace' },
  ];
}

export interface Variable {
  name: string;
  value: string;
  how: 'prepend' | 'replace';
}
