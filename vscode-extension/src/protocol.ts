/** What the server says beyond LSP: docs/lsp-extensions.md. */

export type Verdict = 'refused' | 'held' | 'applied-risk' | 'no-effect' | 'stale' | 'rolled-back';
export type Outcome = 'applied' | 'partial' | 'no-effect' | 'rolled-back' | 'refused' | 'timed-out' | 'gone';
export type ProcessActivity = 'idle' | 'reloading' | 'waiting' | 'not-responding' | 'paused';

export interface ProcessState {
  id: string;
  pid: number;
  name: string;
  python: string;
  state: ProcessActivity;
  generation: number;
  /** Only in the answers of commands, which name the processes that are left alone too. */
  attached?: boolean;
}

export interface Status {
  health: 'ok' | 'warning' | 'error';
  message: string;
  paused: boolean;
  processes: ProcessState[];
}

export interface Finding {
  id: string;
  code: string;
  verdict: Verdict;
  severity: 'error' | 'warning' | 'information' | 'hint';
  message: string;
  path: string;
}

export interface ProcessResult {
  id: string;
  pid: number;
  name: string;
  generation: number;
  outcome: Outcome;
  durationMs: number;
  /** In the order done. */
  modules: string[];
  findings: Finding[];
}

export interface DidReload {
  batch: number | null;
  cause: 'save' | 'external' | 'command' | 'api';
  files: string[];
  /** A reload was taken back: what is live is older than what is saved. */
  undone?: boolean;
  processes: ProcessResult[];
}

export interface ProcessList {
  paused: boolean;
  processes: ProcessState[];
}

export interface History {
  batches: DidReload[];
}

export const STATUS = 'reloadLsp/status';
export const DID_RELOAD = 'reloadLsp/didReload';

/** Commands of the server; which of them it knows, it says itself. */
export const ServerCommand = {
  reload: 'reloadLsp.reload',
  undo: 'reloadLsp.undo',
  retry: 'reloadLsp.retry',
  pause: 'reloadLsp.pause',
  resume: 'reloadLsp.resume',
  attach: 'reloadLsp.attach',
  detach: 'reloadLsp.detach',
  restart: 'reloadLsp.restart',
  showPlan: 'reloadLsp.showPlan',
  showGraph: 'reloadLsp.showGraph',
  history: 'reloadLsp.history',
  verify: 'reloadLsp.verify',
} as const;

export type ServerCommandName = (typeof ServerCommand)[keyof typeof ServerCommand];
