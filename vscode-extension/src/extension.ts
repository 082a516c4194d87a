/** Wiring: the parts are made, connected and given to the editor to dispose of. */

import * as vscode from 'vscode';
import type { ConfigurationRequest, Middleware } from 'vscode-languageclient/node';
import { Autoattach } from './attach/autoattach';
import { registerCommands } from './commands';
import { Graph } from './graph';
import { Marks } from './marks';
import { Model } from './model';
import { Pages } from './pages';
import { Processes } from './processes';
import { ServerCommand } from './protocol';
import { onDidChangePython } from './pythonextensions';
import { registerRun } from './run';
import { Gather, gatherSaves } from './saves';
import { Server } from './server';
import { forServer, needsRestart } from './settings';
import { showStatus } from './status';

let running: Server | undefined;

/** What activation itself took, in milliseconds of processor time; the server starts after it. */
export interface Exports {
  activation: number;
}

export function activate(context: vscode.ExtensionContext): Exports {
  const began = process.cpuUsage();
  const log = vscode.window.createOutputChannel('reload-lsp', { log: true });
  const marks = new Marks(context);
  const gather = new Gather();
  const server = new Server(context, log, middleware());
  const autoattach = new Autoattach(context, log);
  const model = new Model(server, autoattach);
  const pages = new Pages(server);
  const graph = new Graph(context, server);
  const restart = () => void server.restart();
  running = server;
  context.subscriptions.push(
    log,
    marks,
    server,
    model,
    pages,
    graph,
    autoattach,
    gatherSaves(gather),
    showStatus(model),
    new Processes(server, model),
    registerCommands({ server, model, pages, graph, autoattach, log }),
    registerRun(context, autoattach),
    server.onDidReload((reload) => marks.learn(reload)),
    server.onLife((life) => {
      if (life === 'stopped') {
        marks.clear();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    onDidChangePython(restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (needsRestart(event)) {
        restart();
      }
    }),
  );
  restart();
  void autoattach.begin();
  return { activation: milliseconds(process.cpuUsage(began)) };

  /** Commands of lenses and fixes whose answer is a page. */
  function middleware(): Middleware {
    const shown: Record<string, (...args: unknown[]) => Promise<void>> = {
      [ServerCommand.history]: () => pages.showHistory(),
      [ServerCommand.showPlan]: (...args) => pages.showPlan(...args),
      [ServerCommand.showGraph]: () => graph.show(),
    };
    const configuration: ConfigurationRequest.MiddlewareSignature = async (params, token, next) => {
      const answer = await next(params, token);
      return Array.isArray(answer) ? answer.map(forServer) : answer;
    };
    return {
      workspace: { configuration },
      didSave: (document, next) => gather.saved(document.uri.toString(), () => next(document)),
      handleDiagnostics: marks.handle,
      provideInlayHints: marks.hint,
      executeCommand: (command, args: unknown[], next): unknown => shown[command]?.(...args) ?? next(command, args),
    };
  }
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}
