/** The status bar entry and the language status item. */

import * as vscode from 'vscode';
import { Ui } from './commands';
import type { Model, Snapshot } from './model';
import { latest, processDetail, reloadInWords, statusBarText, withoutIcons } from './texts';

export function showStatus(model: Model): vscode.Disposable {
  const bar = vscode.window.createStatusBarItem('reloadLsp.status', vscode.StatusBarAlignment.Left, 50);
  bar.name = 'reload-lsp';
  bar.command = Ui.menu;
  const item = vscode.languages.createLanguageStatusItem('reloadLsp.status', { language: 'python', scheme: 'file' });
  item.name = 'reload-lsp';
  item.command = { command: Ui.menu, title: 'Menu' };
  const show = (now: Snapshot) => {
    bar.text = statusBarText(now);
    bar.tooltip = tooltip(now);
    bar.accessibilityInformation = { label: withoutIcons(bar.text) };
    bar.backgroundColor = background(now);
    item.text = withoutIcons(bar.text);
    item.detail = now.status?.message ?? '';
    item.severity = severity(now);
    item.busy = now.life === 'starting' || now.autoAttach === undefined;
  };
  show(model.now);
  bar.show();
  return vscode.Disposable.from(bar, item, model.onChange(show));
}

function tooltip(now: Snapshot): vscode.MarkdownString {
  const text = new vscode.MarkdownString('**reload-lsp**\n\n');
  text.appendText(now.trusted ? (now.status?.message ?? 'not connected') : 'restricted mode: no process is touched');
  if (now.trusted && now.autoAttach === 'off') {
    text.appendMarkdown('\n\n').appendText('Programs started in terminals are left alone; the menu can change that.');
  }
  for (const process of now.status?.processes ?? []) {
    text.appendMarkdown('\n\n- ').appendText(`${process.name}: ${processDetail(process)}`);
  }
  const last = latest(now.history);
  if (last) {
    text.appendMarkdown('\n\nLast reload: ').appendText(reloadInWords(last));
  }
  return text;
}

function background(now: Snapshot): vscode.ThemeColor | undefined {
  return now.life === 'stopped' || now.status?.health === 'error'
    ? new vscode.ThemeColor('statusBarItem.warningBackground')
    : undefined;
}

function severity(now: Snapshot): vscode.LanguageStatusSeverity {
  const { Error, Warning, Information } = vscode.LanguageStatusSeverity;
  if (now.life === 'stopped' || now.status?.health === 'error') {
    return Error;
  }
  return now.status?.health === 'warning' ? Warning : Information;
}
