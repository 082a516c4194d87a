/** Auto attach: Python programs started in the integrated terminal are let in, if the user wants it so. */

import { createHash } from 'node:crypto';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { isChosen, SECTION, settings, type AutoAttach } from '../settings';
import { Bootloader, variables, type Variable } from './bootloader';

const ASKED = 'autoAttach.asked';
const DISMISSED = 'autoAttach.dismissed';
const DESCRIPTION = 'Lets reload-lsp into the Python programs started here, so that saved files reload in them.';

interface Attached {
  folder: vscode.WorkspaceFolder;
  variables: Variable[];
}

interface Choice extends vscode.QuickPickItem {
  mode: AutoAttach;
}

const CHOICES: readonly Choice[] = [
  { mode: 'smart', label: 'Smart', description: 'programs of this workspace' },
  { mode: 'always', label: 'Always', description: 'every Python program but tools such as pip' },
  { mode: 'off', label: 'Off', description: 'only programs started with `reload-lsp run`' },
];

export class Autoattach implements vscode.Disposable {
  private readonly used = new Map<string, Bootloader>();
  private readonly listening: vscode.Disposable;
  private readonly modes = new vscode.EventEmitter<AutoAttach>();
  /** Which programs of new terminals are let in, whenever that is put into force. */
  readonly onMode = this.modes.event;
  private contributed: string | undefined;
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.listening = vscode.Disposable.from(
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.begin()),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SECTION}.autoAttach`)) {
          void this.refresh();
        }
      }),
      this.modes,
    );
  }

  /** Put it into force, asking once where nobody has chosen yet; who closes the question is not asked again. */
  async begin(): Promise<void> {
    await this.refresh();
    const isOpen = !this.isAnswered() && !this.context.globalState.get(DISMISSED, false);
    if (vscode.workspace.isTrusted && isOpen && this.folders().length > 0) {
      await this.ask();
    }
  }

  /** The environment as settings, trust and folders want it now. */
  refresh(): Promise<void> {
    this.work = this.work
      .then(() => this.apply())
      .catch((error: unknown) => this.log.error(`auto attach: ${String(error)}`));
    return this.work;
  }

  /** The user picks a mode; it is kept as a setting of the user's. */
  async choose(): Promise<void> {
    const chosen = await vscode.window.showQuickPick(CHOICES, {
      placeHolder: 'Which Python programs in terminals may reload-lsp attach to?',
    });
    if (chosen !== undefined) {
      await this.decide(chosen.mode);
    }
  }

  /** The bootstrap's folder of a workspace folder, for programs that no terminal starts. */
  async environmentFor(folder: vscode.WorkspaceFolder | undefined): Promise<Record<string, string>> {
    const target = folder ?? this.folders()[0];
    if (target === undefined || !vscode.workspace.isTrusted) {
      return {};
    }
    const bootloader = this.bootloader(target);
    await bootloader.switchOn(undefined);
    return { PYTHONPATH: bootloader.folder, RELOAD_LSP_BOOTSTRAP: bootloader.folder };
  }

  dispose(): void {
    this.listening.dispose();
    for (const bootloader of this.used.values()) {
      bootloader.switchOff();
    }
  }

  private async ask(): Promise<void> {
    const buttons = CHOICES.map(({ label }) => label);
    const answer = await vscode.window.showInformationMessage(
      'Reload saved files in Python programs started in the terminal? Smart: those of this workspace.',
      ...buttons,
    );
    const chosen = CHOICES.find(({ label }) => label === answer);
    await (chosen ? this.decide(chosen.mode) : this.context.globalState.update(DISMISSED, true));
  }

  private async decide(mode: AutoAttach): Promise<void> {
    await this.context.globalState.update(ASKED, true);
    await vscode.workspace.getConfiguration(SECTION).update('autoAttach', mode, vscode.ConfigurationTarget.Global);
    await this.refresh();
  }

  private isAnswered(): boolean {
    return isChosen('autoAttach') || this.context.globalState.get(ASKED, false);
  }

  /** What must be made first is made first: terminals that open meanwhile have what was there before. */
  private async apply(): Promise<void> {
    const mode = vscode.workspace.isTrusted && this.isAnswered() ? settings().autoAttach : 'off';
    const folders = mode === 'off' ? [] : this.folders();
    const usable: Attached[] = [];
    for (const folder of folders) {
      const found = await this.prepared(folder, mode);
      if (found !== undefined) {
        usable.push({ folder, variables: found });
      }
    }
    this.leave(folders);
    this.contribute(usable);
    this.log.info(`auto attach: ${mode}, ${folders.map(({ name }) => name).join(', ') || 'no folder'}`);
    this.modes.fire(usable.length > 0 ? mode : 'off');
  }

  /** The variables for terminals of a folder, once programs started there find all they need. */
  private async prepared(folder: vscode.WorkspaceFolder, mode: AutoAttach): Promise<Variable[] | undefined> {
    const bootloader = this.bootloader(folder);
    const found = variables(bootloader.folder);
    if (found === undefined) {
      this.log.warn(`auto attach: ${bootloader.folder} cannot stand on PYTHONPATH; start programs with reload-lsp run`);
      return undefined;
    }
    await bootloader.switchOn(mode === 'smart' ? this.folders().map(({ uri }) => uri.fsPath) : undefined);
    return found;
  }

  /** Let no program in from folders that are not wanted any longer. */
  private leave(wanted: readonly vscode.WorkspaceFolder[]): void {
    const kept = new Set(wanted.map(({ uri }) => uri.toString()));
    for (const [uri, bootloader] of this.used) {
      if (!kept.has(uri)) {
        bootloader.switchOff();
        this.used.delete(uri);
      }
    }
  }

  /** Put the variables into the environment of terminals; where all are there already, nothing is touched. */
  private contribute(wanted: readonly Attached[]): void {
    const collection = this.context.environmentVariableCollection;
    const value = JSON.stringify(wanted.map(({ folder, variables }) => [folder.uri.toString(), variables]));
    if (value === this.contributed) {
      return;
    }
    this.contributed = value;
    collection.clear();
    for (const { folder, variables } of wanted) {
      const scoped = collection.getScoped({ workspaceFolder: folder });
      scoped.description = DESCRIPTION;
      for (const { name, value, how } of variables) {
        scoped[how](name, value);
      }
    }
  }

  private bootloader(folder: vscode.WorkspaceFolder): Bootloader {
    const key = folder.uri.toString();
    const name = createHash('sha256').update(key).digest('hex').slice(0, 8);
    const storage = (this.context.storageUri ?? this.context.globalStorageUri).fsPath;
    const libs = this.context.asAbsolutePath(path.join('bundled', 'libs', 'reload_lsp'));
    const found = this.used.get(key) ?? new Bootloader(path.join(storage, 'terminal', name), libs);
    this.used.set(key, found);
    return found;
  }

  private folders(): readonly vscode.WorkspaceFolder[] {
    return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  }
}
