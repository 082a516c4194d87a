/** The server's life: started, restarted one at a time, stopped; what it says, to whoever listens. */

import { mkdir } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type {
  Executable,
  LanguageClient,
  LanguageClientOptions,
  Middleware,
  StaticFeature,
} from 'vscode-languageclient/node';
import { expanded, serverPython } from './python';
import { DID_RELOAD, STATUS, type DidReload, type ServerCommandName, type Status } from './protocol';
import { Queue } from './queue';
import { forServer, SECTION, settings } from './settings';

/** Tells the server that plan and graph are shown here, so that it makes no files for them. */
const showsPages: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    capabilities.experimental = { ...(capabilities.experimental as object), reloadLsp: { showsPages: true } };
  },
  initialize: () => undefined,
  getState: () => ({ kind: 'static' }),
  clear: () => undefined,
};

export type Life = 'starting' | 'running' | 'stopped';

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private readonly queue = new Queue();
  private readonly lives = new vscode.EventEmitter<Life>();
  private readonly statuses = new vscode.EventEmitter<Status>();
  private readonly reloads = new vscode.EventEmitter<DidReload>();
  readonly onLife = this.lives.event;
  readonly onStatus = this.statuses.event;
  readonly onDidReload = this.reloads.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
    private readonly middleware: Middleware,
  ) {}

  /** Start the server, or stop it and start it anew. */
  restart(): Promise<void> {
    return this.queue.run(async () => {
      await this.stop();
      try {
        await this.start();
      } catch (error) {
        this.failed(error);
      }
    });
  }

  /** Ask the server to do something; undefined where it cannot, which the user has been told. */
  async execute<T>(command: ServerCommandName, ...args: unknown[]): Promise<T | undefined> {
    if (!this.knows(command)) {
      void vscode.window.showInformationMessage(this.refusal(command));
      return undefined;
    }
    const answer: unknown = await this.client?.sendRequest('workspace/executeCommand', { command, arguments: args });
    return answer as T;
  }

  /** Does the server that runs have a command? */
  knows(command: ServerCommandName): boolean {
    return this.client?.initializeResult?.capabilities.executeCommandProvider?.commands.includes(command) ?? false;
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client !== undefined) {
      this.lives.fire('stopped');
      await client.dispose(5_000).catch((error: unknown) => this.log.debug(String(error)));
    }
  }

  dispose(): void {
    vscode.Disposable.from(this.lives, this.statuses, this.reloads).dispose();
  }

  private async start(): Promise<void> {
    this.lives.fire('starting');
    // Read now, not before: it takes longer than all the rest of activation.
    const { LanguageClient, State } = await import('vscode-languageclient/node');
    const client = new LanguageClient(SECTION, 'reload-lsp', await this.executable(), this.options());
    client.registerFeature(showsPages);
    client.onNotification(STATUS, (status: Status) => this.statuses.fire(status));
    client.onNotification(DID_RELOAD, (reload: DidReload) => this.reloads.fire(reload));
    client.onDidChangeState(({ newState }) => {
      if (this.client === client) {
        this.lives.fire(newState === State.Running ? 'running' : newState === State.Stopped ? 'stopped' : 'starting');
      }
    });
    this.client = client;
    await client.start();
  }

  private failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.log.error(message);
    this.client = undefined;
    this.lives.fire('stopped');
    void vscode.window.showErrorMessage(`reload-lsp: ${message}`, 'Show Log').then((choice) => {
      if (choice !== undefined) {
        this.log.show();
      }
    });
  }

  private async executable(): Promise<Executable> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const { serverPath, importStrategy, logLevel } = settings();
    const own = serverPath.map((word) => expanded(word, folder));
    const words = own.length > 0 ? own : [await serverPython(folder), ...this.launcher(importStrategy)];
    const [command, ...args] = [...words, '--log-level', logLevel];
    this.log.info(`starting ${[command, ...args].join(' ')}`);
    return { command, args, options: { cwd: folder?.fsPath, env: await this.environment() } };
  }

  private launcher(strategy: string): string[] {
    const launch = this.context.asAbsolutePath(path.join('bundled', 'launch.py'));
    return strategy === 'fromEnvironment' ? ['-s', launch, '--from-environment'] : ['-I', launch];
  }

  /** In an untrusted folder the server looks for processes where none ever are. */
  private async environment(): Promise<NodeJS.ProcessEnv> {
    const env = { ...process.env, PYTHONUTF8: '1' };
    if (vscode.workspace.isTrusted) {
      return env;
    }
    const nowhere = path.join(this.context.globalStorageUri.fsPath, 'no-processes');
    await mkdir(nowhere, { recursive: true, mode: 0o700 });
    return { ...env, XDG_RUNTIME_DIR: nowhere, LOCALAPPDATA: nowhere };
  }

  private options(): LanguageClientOptions {
    const configuration = vscode.workspace.getConfiguration().get(SECTION);
    return {
      documentSelector: [{ scheme: 'file', language: 'python' }],
      outputChannel: this.log,
      initializationOptions: forServer(configuration),
      middleware: this.middleware,
    };
  }

  private refusal(command: string): string {
    return this.client === undefined
      ? 'The reload-lsp server is not running; "reload-lsp: Restart Server" starts it.'
      : `This version of the reload-lsp server does not know ${command}.`;
  }
}
