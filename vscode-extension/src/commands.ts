/** Commands of the user interface: thin, each hands over to the part that does it. */

import * as vscode from 'vscode';
import type { Autoattach } from './attach/autoattach';
import type { Graph } from './graph';
import type { Model } from './model';
import type { Pages } from './pages';
import { ServerCommand, type ProcessState } from './protocol';
import type { Server } from './server';
import { processDetail, reloadInWords } from './texts';
import type { DidReload } from './protocol';

export const Ui = {
  menu: 'reloadLsp.ui.menu',
  reload: 'reloadLsp.ui.reload',
  undo: 'reloadLsp.ui.undo',
  retry: 'reloadLsp.ui.retry',
  pause: 'reloadLsp.ui.pause',
  resume: 'reloadLsp.ui.resume',
  attach: 'reloadLsp.ui.attach',
  detach: 'reloadLsp.ui.detach',
  restart: 'reloadLsp.ui.restart',
  plan: 'reloadLsp.ui.showPlan',
  graph: 'reloadLsp.ui.showGraph',
  history: 'reloadLsp.ui.history',
  restartServer: 'reloadLsp.ui.restartServer',
  log: 'reloadLsp.ui.showLog',
  autoAttach: 'reloadLsp.ui.autoAttach',
} as const;

export interface Parts {
  server: Server;
  model: Model;
  pages: Pages;
  graph: Graph;
  autoattach: Autoattach;
  log: vscode.LogOutputChannel;
}

type Handler = (target?: ProcessState) => unknown;

export function registerCommands(parts: Parts): vscode.Disposable {
  const { server, pages, graph, autoattach, log } = parts;
  const handlers: Record<string, Handler> = {
    [Ui.menu]: () => menu(parts),
    [Ui.reload]: () => told(server.execute<DidReload>(ServerCommand.reload)),
    [Ui.undo]: () => told(server.execute<DidReload>(ServerCommand.undo)),
    [Ui.retry]: () => told(server.execute<DidReload>(ServerCommand.retry)),
    [Ui.pause]: (target) => server.execute(ServerCommand.pause, ...ids(target)),
    [Ui.resume]: (target) => server.execute(ServerCommand.resume, ...ids(target)),
    [Ui.attach]: (target) => withProcess(parts, target, false, ServerCommand.attach),
    [Ui.detach]: (target) => withProcess(parts, target, true, ServerCommand.detach),
    [Ui.restart]: (target) => withProcess(parts, target, true, ServerCommand.restart),
    [Ui.plan]: () => pages.showPlan(),
    [Ui.graph]: () => graph.show(),
    [Ui.history]: () => pages.showHistory(),
    [Ui.restartServer]: () => server.restart(),
    [Ui.log]: () => log.show(),
    [Ui.autoAttach]: () => autoattach.choose(),
  };
  return vscode.Disposable.from(
    ...Object.entries(handlers).map(([id, handler]) => vscode.commands.registerCommand(id, handler)),
  );
}

/** A command that could do nothing answers with the reason. */
async function told(answer: Promise<(DidReload & { message?: string }) | undefined>): Promise<void> {
  const found = await answer;
  const message = found?.message ?? (found && `reload-lsp: ${reloadInWords(found)}`);
  if (message !== undefined) {
    vscode.window.setStatusBarMessage(message, 5_000);
  }
}

function ids(target: ProcessState | undefined): string[] {
  return target?.id === undefined ? [] : [target.id];
}

type OnProcess = typeof ServerCommand.attach | typeof ServerCommand.detach | typeof ServerCommand.restart;

/** Do something with the process that is pointed at, or that the user picks. */
async function withProcess(
  parts: Parts,
  target: ProcessState | undefined,
  attached: boolean,
  command: OnProcess,
): Promise<void> {
  const chosen = target?.id === undefined ? await pick(parts, attached) : target;
  if (chosen !== undefined) {
    await parts.server.execute(command, chosen.id);
  }
}

async function pick({ server }: Parts, attached: boolean): Promise<ProcessState | undefined> {
  const list = await server.execute<{ processes: ProcessState[] }>(ServerCommand.attach);
  const found = list?.processes.filter((process) => process.attached === attached) ?? [];
  const items = found.map((process) => ({ label: process.name, description: processDetail(process), process }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      attached ? 'No process is attached.' : 'Every Python process that can be attached is attached.',
    );
    return undefined;
  }
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'Which process?' });
  return chosen?.process;
}

interface Entry extends vscode.QuickPickItem {
  command?: string;
}

/** What can be done now. */
async function menu({ model }: Parts): Promise<void> {
  const chosen = await vscode.window.showQuickPick(entries(model), { placeHolder: model.now.status?.message ?? '' });
  if (chosen?.command !== undefined) {
    await vscode.commands.executeCommand(chosen.command);
  }
}

function entries(model: Model): Entry[] {
  const { status } = model.now;
  const pause = status?.paused
    ? { label: '$(debug-continue) Resume reloading', command: Ui.resume }
    : { label: '$(debug-pause) Pause reloading', command: Ui.pause };
  const running: Entry[] = [
    { label: '$(sync) Reload all changed files', command: Ui.reload },
    { label: '$(discard) Undo the last reload', command: Ui.undo },
    { label: '$(debug-rerun) Retry what failed', command: Ui.retry },
    pause,
    { label: '$(debug-disconnect) Detach a process…', command: Ui.detach },
    { label: '$(debug-restart) Restart a process…', command: Ui.restart },
    { label: 'Look at', kind: vscode.QuickPickItemKind.Separator },
  ];
  return [
    ...(status?.processes.length ? running : []),
    { label: '$(list-ordered) Show the plan of a save', command: Ui.plan },
    { label: '$(type-hierarchy) Show the dependents', command: Ui.graph },
    { label: '$(history) Show the history', command: Ui.history },
    { label: '$(warning) Show problems', command: 'workbench.actions.view.problems' },
    { label: 'Set up', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(plug) Attach a process…', command: Ui.attach },
    { label: '$(terminal) Auto attach in terminals…', command: Ui.autoAttach },
    { label: '$(output) Show the log', command: Ui.log },
    { label: '$(refresh) Restart the server', command: Ui.restartServer },
  ];
}
