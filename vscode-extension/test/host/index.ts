/** Runs inside the extension host of a real VS Code: what only the API can see. */

import * as assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as vscode from 'vscode';
import { file, folder, runAll, test, until } from './runner';

const ID = 'reload-lsp.reload-lsp';

interface Listed {
  processes: { id: string; name: string; attached: boolean }[];
}

const processes = async () => (await vscode.commands.executeCommand<Listed>('reloadLsp.attach')).processes;
const ours = (uri: vscode.Uri) => vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'reload-lsp');

async function edited(name: string, text: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(file(name));
  const editor = await vscode.window.showTextDocument(document);
  const end = document.lineAt(document.lineCount - 1).range.end;
  await editor.edit((edit) => edit.replace(new vscode.Range(new vscode.Position(0, 0), end), text));
  return document;
}

/** What a command prints in a terminal that exists already or is made for it. */
async function printed(terminal: vscode.Terminal, command: string, name: string): Promise<string> {
  const target = file(name).fsPath;
  terminal.sendText(`${command} > '${target}.part'; mv '${target}.part' '${target}'`);
  await until(name, () => existsSync(target));
  return readFileSync(target, 'utf8');
}

/** The line of stopping.py, from 0, at which the debugger stops: each time another number has been seen. */
const BREAKPOINT = 7;
const LOOK = `python3 -c "import os, sys; print(sorted(k for k in os.environ if k.startswith(('PYTHONPATH', 'RELOAD'))), len(sys.path))"`;

test('it is there, and every command that it declares is registered', async () => {
  const extension = vscode.extensions.getExtension(ID);
  assert.ok(extension);
  await extension.activate();
  const known = new Set(await vscode.commands.getCommands(true));
  const { commands } = (extension.packageJSON as { contributes: { commands: { command: string }[] } }).contributes;
  assert.deepEqual(
    commands.map(({ command }) => command).filter((command) => !known.has(command)),
    [],
  );
  await until('the server', async () => (await vscode.commands.getCommands(true)).includes('reloadLsp.reload'));
});

test('activation takes under 100 ms of the extension host, apart from the start of the server', () => {
  const extension = vscode.extensions.getExtension<{ activation: number }>(ID);
  assert.ok(extension);
  // Read as for the first time: of a text that it knows, the engine has kept what reading it gave.
  const copy = `${extension.extensionPath}/out/read-anew.js`;
  writeFileSync(copy, `${readFileSync(`${extension.extensionPath}/out/extension.js`, 'utf8')}\n// ${Date.now()}`);
  const load = createRequire(copy);
  const began = process.cpuUsage();
  load(copy);
  const { user, system } = process.cpuUsage(began);
  rmSync(copy);
  const took = (user + system) / 1000 + extension.exports.activation;
  console.log(`activation: ${took} ms of processor time`);
  assert.ok(took < 100, `${took} ms`);
  return Promise.resolve();
});

test('Run starts the program with the agent inside, and stopping ends it', async () => {
  const configuration = { type: 'reload-lsp', request: 'launch', name: 'Run', program: file('app.py').fsPath };
  assert.ok(await vscode.debug.startDebugging(folder(), configuration));
  await until('the process', async () =>
    (await processes()).some(({ name, attached }) => name === 'app.py' && attached),
  );
  await vscode.debug.stopDebugging(vscode.debug.activeDebugSession);
  await until('its end', async () => (await processes()).length === 0);
});

test('a diagnostic has code, link and the right columns beyond ASCII; a mended text has none', async () => {
  const terminal = vscode.window.createTerminal({ name: 'program', cwd: folder().uri });
  terminal.sendText('python3 app.py');
  await until('the process', async () => (await processes()).some(({ attached }) => attached));
  const document = await edited('prices.py', 'RATE = len("é😀日") unsafe\n');
  assert.ok(await document.save());
  const found = await until('the diagnostic', () => ours(document.uri)[0]);
  assert.equal((found.code as { value: string }).value, 'RLD901');
  assert.match(String((found.code as { target: vscode.Uri }).target), /^https:.*rld901$/);
  assert.equal(document.getText(found.range), 'unsafe');
  await edited('prices.py', 'RATE = 12\n');
  assert.ok(await document.save());
  await until('its end', () => ours(document.uri).length === 0);
  terminal.dispose();
  await until('the end of the program', async () => (await processes()).length === 0);
});

test('the server is restarted one at a time', async () => {
  await Promise.all([1, 2, 3].map(() => vscode.commands.executeCommand('reloadLsp.ui.restartServer')));
  assert.deepEqual((await processes()).length, 0);
});

test('a terminal lets programs in, and once switched off nothing of it is left in one that stays open', async () => {
  const open = vscode.window.createTerminal({ name: 'stays open', cwd: folder().uri });
  const before = await printed(open, 'echo $PYTHONPATH', 'on');
  const [storage = ''] = before.trim().split(':');
  assert.ok(readdirSync(storage).includes('installation'), before);
  const settings = vscode.workspace.getConfiguration('reloadLsp');
  await settings.update('autoAttach', 'off', vscode.ConfigurationTarget.Global);
  await until('the note to go', () => !existsSync(`${storage}/installation`));
  const plain = vscode.window.createTerminal({ name: 'plain', cwd: folder().uri, env: { PYTHONPATH: null } });
  assert.equal((await printed(plain, 'echo "[$PYTHONPATH$RELOAD_LSP_BOOTSTRAP]"', 'off')).trim(), '[]');
  assert.equal(await printed(open, LOOK, 'stale'), await printed(plain, LOOK, 'clean'));
  await settings.update('autoAttach', 'smart', vscode.ConfigurationTarget.Global);
  await until('the note', () => existsSync(`${storage}/installation`));
  open.dispose();
  plain.dispose();
});

test('debugpy is left alone until it is asked for', async () => {
  const seen: vscode.DebugConfiguration[] = [];
  const spy = vscode.debug.registerDebugConfigurationProvider('debugpy', {
    resolveDebugConfigurationWithSubstitutedVariables: (_, configuration) => {
      seen.push(configuration);
      return null; // goes no further: there is no debugger here
    },
  });
  const configuration = { type: 'debugpy', request: 'launch', name: 'Debug', env: { PYTHONPATH: '/mine' } };
  const settings = vscode.workspace.getConfiguration('reloadLsp');
  await vscode.debug.startDebugging(folder(), configuration).then(undefined, () => undefined);
  await settings.update('debugSessions', true, vscode.ConfigurationTarget.Global);
  await vscode.debug.startDebugging(folder(), configuration).then(undefined, () => undefined);
  spy.dispose();
  const paths = seen.map(({ env }) => (env as Record<string, string>)['PYTHONPATH']);
  assert.equal(paths[0], '/mine');
  assert.match(paths[1] ?? '', /\/terminal\/[0-9a-f]{8}:\/mine$/);
});

test('a save while the debugger has stopped the program is live when it goes on', async () => {
  const rates = file('rates.py');
  const breakpoint = new vscode.SourceBreakpoint(
    new vscode.Location(file('stopping.py'), new vscode.Position(BREAKPOINT, 0)),
  );
  const stops: { threadId: number }[] = [];
  const tracker = vscode.debug.registerDebugAdapterTrackerFactory('debugpy', {
    createDebugAdapterTracker: () => ({
      onDidSendMessage: (message: { event?: string; body: { threadId: number } }) => {
        if (message.event === 'stopped') {
          stops.push(message.body);
        }
      },
    }),
  });
  vscode.debug.addBreakpoints([breakpoint]);
  const program = file('stopping.py').fsPath;
  const launch = { type: 'debugpy', request: 'launch', name: 'Stop', program, console: 'internalConsole' };
  assert.ok(await vscode.debug.startDebugging(folder(), launch));
  const [first] = await until('the breakpoint', () => (stops.length > 0 ? stops : undefined));
  await until('the process', async () =>
    (await processes()).some(({ name, attached }) => attached && name === 'stopping.py'),
  );
  const document = await edited('rates.py', 'RATE = 2\n');
  assert.ok(await document.save());
  const session = vscode.debug.activeDebugSession;
  assert.ok(session && first);
  await until('the new value', async () => (await shownIn(session, first.threadId, 'rates.RATE')) === '2');
  await session.customRequest('continue', { threadId: first.threadId });
  await until('the breakpoint again', () => stops.length > 1);
  assert.equal(await shownIn(session, first.threadId, 'seen'), '[1, 2]');
  assert.deepEqual(ours(rates), []);
  vscode.debug.removeBreakpoints([breakpoint]);
  await vscode.debug.stopDebugging(session);
  tracker.dispose();
  await until('its end', async () => (await processes()).length === 0);
});

/** What the debugger shows for an expression where it has stopped. */
async function shownIn(session: vscode.DebugSession, threadId: number, expression: string): Promise<string> {
  const trace = (await session.customRequest('stackTrace', { threadId })) as { stackFrames: { id: number }[] };
  const frameId = trace.stackFrames[0]?.id;
  return ((await session.customRequest('evaluate', { expression, frameId, context: 'watch' })) as { result: string })
    .result;
}

export const run = runAll;
