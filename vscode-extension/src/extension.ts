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
import { onDidChangePython } from './python';
import { registerRun } from './run';
import { Server } from './server';
import { forServer, needsRestart } from './settings';
import { showStatus } from './status';

let running: Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('reload-lsp', { log: true });
  const marks = new Marks(context);
  const server = new Server(context, log, middleware());
  const model = new Model(server);
  const pages = new Pages(server);
  const graph = new Graph(context, server);
  const autoattach = new Autoattach(context, log);
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
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (needsRestart(event)) {
        restart();
      }
    }),
  );
  restart();
  void autoattach.begin();
  void onDidChangePython(restart).then((listening) => context.subscriptions.push(listening));

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
      handleDiagnostics: marks.handle,
      executeCommand: (command, args: unknown[], next): unknown => shown[command]?.(...args) ?? next(command, args),
    };
  }
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}
