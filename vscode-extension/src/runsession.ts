/** A debug session without a debugger: the program runs as a task in a terminal; stop and restart work. */

import { ExitedEvent, InitializedEvent, LoggingDebugSession, TerminatedEvent } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import * as path from 'node:path';
import * as vscode from 'vscode';

export interface RunConfiguration extends vscode.DebugConfiguration {
  program?: string;
  module?: string;
  command?: string[];
  args?: string[];
  cwd?: string;
  env?: Record<string, string>;
  python: string;
}

/** The words that start the program, behind the launcher's; an error where the configuration names none. */
export function commandOf(configuration: RunConfiguration): string[] {
  const { program, module, command, python, args = [] } = configuration;
  if (command !== undefined && command.length > 0) {
    return [...command, ...args];
  }
  if (module) {
    return [python, '-m', module, ...args];
  }
  if (program) {
    return [python, program, ...args];
  }
  throw new Error('The configuration must name what to run: "program", "module" or "command".');
}

export class RunSession extends LoggingDebugSession {
  private execution: vscode.TaskExecution | undefined;
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly configuration: RunConfiguration,
    private readonly launcher: readonly string[],
    private readonly folder: vscode.WorkspaceFolder | undefined,
  ) {
    super();
    this.listening = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution === this.execution) {
        this.sendEvent(new ExitedEvent(exitCode ?? 0));
        this.sendEvent(new TerminatedEvent());
      }
    });
  }

  protected override initializeRequest(response: DebugProtocol.InitializeResponse): void {
    response.body = { supportTerminateDebuggee: true };
    this.sendResponse(response);
    this.sendEvent(new InitializedEvent());
  }

  protected override launchRequest(response: DebugProtocol.LaunchResponse): void {
    this.execute().then(
      () => this.sendResponse(response),
      (error: unknown) => this.sendErrorResponse(response, 1, error instanceof Error ? error.message : String(error)),
    );
  }

  protected override threadsRequest(response: DebugProtocol.ThreadsResponse): void {
    response.body = { threads: [] };
    this.sendResponse(response);
  }

  protected override disconnectRequest(response: DebugProtocol.DisconnectResponse): void {
    this.execution?.terminate();
    this.sendResponse(response);
  }

  override dispose(): void {
    this.execution?.terminate();
    this.listening.dispose();
    super.dispose();
  }

  private async execute(): Promise<void> {
    this.execution = await vscode.tasks.executeTask(this.task());
  }

  private task(): vscode.Task {
    const [python = '', ...args] = [...this.launcher, ...commandOf(this.configuration)];
    const { program, cwd = this.folder?.uri.fsPath ?? (program && path.dirname(program)), env } = this.configuration;
    const scope = this.folder ?? vscode.TaskScope.Workspace;
    const options = { ...(cwd ? { cwd } : {}), ...(env ? { env } : {}) };
    const execution = new vscode.ProcessExecution(python, args, options);
    const task = new vscode.Task({ type: 'process' }, scope, this.configuration.name, 'reload-lsp', execution);
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, clear: true, echo: false };
    return task;
  }
}
