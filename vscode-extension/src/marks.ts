/** Marks in the gutter: lines that are not live, whose old code still runs, or that have not run since the edit. */

import * as vscode from 'vscode';
import type { HandleDiagnosticsSignature, ProvideInlayHintsSignature } from 'vscode-languageclient/node';
import type { DidReload, Verdict } from './protocol';
import { settings } from './settings';

export type Mark = 'notLive' | 'oldCode';

const MEANING: Partial<Record<Verdict, Mark>> = {
  held: 'notLive',
  refused: 'notLive',
  'rolled-back': 'notLive',
  stale: 'oldCode',
};
const TEXT: Record<Mark, string> = { notLive: 'not live', oldCode: 'old code still running' };

/** What a verdict looks like beside its line, if it has a mark at all. */
export function markOf(verdict: Verdict | undefined): Mark | undefined {
  return verdict === undefined ? undefined : MEANING[verdict];
}

export class Marks implements vscode.Disposable {
  private readonly verdicts = new Map<string, Verdict>();
  private readonly diagnostics = new Map<string, readonly vscode.Diagnostic[]>();
  private readonly types: Record<Mark, vscode.TextEditorDecorationType>;
  private readonly unrun: vscode.TextEditorDecorationType;
  private readonly unrunLines = new Map<string, readonly number[]>();
  private readonly marked = new WeakMap<vscode.TextEditor, Set<vscode.TextEditorDecorationType>>();
  private readonly listening: vscode.Disposable;

  constructor(context: vscode.ExtensionContext) {
    this.types = {
      notLive: decoration(context, 'not-live', 'editorWarning.foreground'),
      oldCode: decoration(context, 'old-code', 'editorInfo.foreground'),
    };
    this.unrun = decoration(context, 'not-run', 'editorHint.foreground');
    this.listening = vscode.Disposable.from(
      this.unrun,
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

  /** The words "not run yet" on their way to the editor: their lines get a mark in the gutter too. */
  readonly hint = async (
    document: vscode.TextDocument,
    range: vscode.Range,
    token: vscode.CancellationToken,
    next: ProvideInlayHintsSignature,
  ): Promise<vscode.InlayHint[] | null | undefined> => {
    const hints = await next(document, range, token);
    this.unrunLines.set(document.uri.toString(), hints?.map(({ position }) => position.line) ?? []);
    this.draw();
    return hints;
  };

  clear(): void {
    this.diagnostics.clear();
    this.unrunLines.clear();
    this.draw();
  }

  dispose(): void {
    this.listening.dispose();
  }

  private draw(): void {
    const isShown = settings().marks;
    for (const editor of vscode.window.visibleTextEditors) {
      const uri = editor.document.uri.toString();
      const found = isShown ? (this.diagnostics.get(uri) ?? []) : [];
      const lines = isShown ? (this.unrunLines.get(uri) ?? []) : [];
      const unrun = lines.map((line) => ({ range: new vscode.Range(line, 0, line, 0) }));
      this.put(editor, this.unrun, unrun);
      for (const mark of ['notLive', 'oldCode'] as const) {
        this.put(editor, this.types[mark], this.ranges(found, mark));
      }
    }
  }

  /** Where there was nothing and is nothing, the editor is not asked to draw: most saves leave no mark. */
  private put(
    editor: vscode.TextEditor,
    type: vscode.TextEditorDecorationType,
    ranges: vscode.DecorationOptions[],
  ): void {
    const marked = this.marked.get(editor) ?? new Set();
    if (ranges.length === 0 && !marked.delete(type)) {
      return;
    }
    if (ranges.length > 0) {
      this.marked.set(editor, marked.add(type));
    }
    editor.setDecorations(type, ranges);
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
