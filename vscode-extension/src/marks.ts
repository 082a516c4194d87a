/** Marks in the gutter: lines that are not run yet, and lines whose old code still runs. */

import * as vscode from 'vscode';
import type { HandleDiagnosticsSignature } from 'vscode-languageclient/node';
import type { DidReload, Verdict } from './protocol';
import { settings } from './settings';

export type Mark = 'notRun' | 'oldCode';

const MEANING: Partial<Record<Verdict, Mark>> = {
  held: 'notRun',
  refused: 'notRun',
  'rolled-back': 'notRun',
  stale: 'oldCode',
};
const TEXT: Record<Mark, string> = { notRun: 'not run yet', oldCode: 'old code still running' };

/** What a verdict looks like beside its line, if it has a mark at all. */
export function markOf(verdict: Verdict | undefined): Mark | undefined {
  return verdict === undefined ? undefined : MEANING[verdict];
}

export class Marks implements vscode.Disposable {
  private readonly verdicts = new Map<string, Verdict>();
  private readonly diagnostics = new Map<string, readonly vscode.Diagnostic[]>();
  private readonly types: Record<Mark, vscode.TextEditorDecorationType>;
  private readonly listening: vscode.Disposable;

  constructor(context: vscode.ExtensionContext) {
    this.types = {
      notRun: decoration(context, 'not-run', 'editorWarning.foreground'),
      oldCode: decoration(context, 'old-code', 'editorInfo.foreground'),
    };
    this.listening = vscode.Disposable.from(
      ...Object.values(this.types),
      vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('reloadLsp.marks')) {
          this.draw();
        }
      }),
    );
  }

  /** The verdicts of a reload's findings; the diagnostics that follow name them. */
  learn(reload: DidReload): void {
    for (const finding of reload.processes.flatMap(({ findings }) => findings)) {
      this.verdicts.set(finding.id, finding.verdict);
    }
    this.draw();
  }

  /** The diagnostics of a file, on their way to the editor. */
  readonly handle = (uri: vscode.Uri, diagnostics: vscode.Diagnostic[], next: HandleDiagnosticsSignature): void => {
    next(uri, diagnostics);
    this.diagnostics.set(uri.toString(), diagnostics);
    this.draw();
  };

  clear(): void {
    this.diagnostics.clear();
    this.draw();
  }

  dispose(): void {
    this.listening.dispose();
  }

  private draw(): void {
    const isShown = settings().marks;
    for (const editor of vscode.window.visibleTextEditors) {
      const found = isShown ? (this.diagnostics.get(editor.document.uri.toString()) ?? []) : [];
      for (const mark of ['notRun', 'oldCode'] as const) {
        editor.setDecorations(this.types[mark], this.ranges(found, mark));
      }
    }
  }

  private ranges(diagnostics: readonly vscode.Diagnostic[], mark: Mark): vscode.DecorationOptions[] {
    return diagnostics
      .filter((diagnostic) => markOf(this.verdictOf(diagnostic)) === mark)
      .map(({ range: { start } }) => ({
        range: new vscode.Range(start.line, 0, start.line, Number.MAX_SAFE_INTEGER),
        renderOptions: { after: { contentText: `  ${TEXT[mark]}` } },
      }));
  }

  private verdictOf(diagnostic: vscode.Diagnostic): Verdict | undefined {
    const { data } = diagnostic as vscode.Diagnostic & { data?: { finding?: string; verdict?: Verdict } };
    return data?.verdict ?? this.verdicts.get(data?.finding ?? '');
  }
}

function decoration(context: vscode.ExtensionContext, icon: string, color: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    gutterIconPath: context.asAbsolutePath(`media/${icon}.svg`),
    gutterIconSize: '80%',
    overviewRulerColor: new vscode.ThemeColor(color),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' },
  });
}
