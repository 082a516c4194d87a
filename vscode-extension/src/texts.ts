/** What is shown, in words: pure, so that it can be tested without an editor. */

import type { DidReload, Outcome, ProcessResult, ProcessState } from './protocol';
import type { Snapshot } from './model';
import type { AutoAttach } from './settings';

const LONGEST_ORDER = 48;

const WORDS: Record<Outcome, string> = {
  applied: 'live',
  partial: 'live in part',
  'no-effect': 'nothing to reload',
  'rolled-back': 'not live, rolled back',
  refused: 'not live, refused',
  'timed-out': 'no answer yet',
  gone: 'ended meanwhile',
};
const UNDONE = 'undone, older than what is saved';
/** The worst first: a status line has room for one. */
const GRAVITY: readonly Outcome[] = ['refused', 'rolled-back', 'timed-out', 'gone', 'partial', 'applied', 'no-effect'];

export function plural(count: number, noun: string): string {
  const ending = /(s|x|ch)$/.test(noun) ? 'es' : 's';
  return `${count} ${noun}${count === 1 ? '' : ending}`;
}

export function milliseconds(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

export function outcomeInWords(outcome: Outcome): string {
  return WORDS[outcome];
}

/** One reload in few words: "live: models → app, 3.8 ms". */
export function reloadInWords(reload: DidReload): string {
  const worst = GRAVITY.find((outcome) => reload.processes.some((result) => result.outcome === outcome));
  if (worst === undefined) {
    return WORDS['no-effect'];
  }
  const of = reload.processes.filter((result) => result.outcome === worst);
  const where = reload.processes.length > 1 ? ` in ${of.length} of ${reload.processes.length}` : '';
  const done = of.reduce((longest, one) => (one.modules.length > longest.modules.length ? one : longest));
  return `${wordsOf(reload, worst)}${where}${orderAndTime(done)}`;
}

function wordsOf({ undone }: DidReload, outcome: Outcome): string {
  return undone && outcome === 'applied' ? UNDONE : WORDS[outcome];
}

function orderAndTime(result: ProcessResult): string {
  const isLive = result.outcome === 'applied' || result.outcome === 'partial';
  const time = milliseconds(result.durationMs);
  return isLive && result.modules.length > 0 ? `: ${order(result.modules)}, ${time}` : '';
}

function order(modules: readonly string[]): string {
  const whole = modules.join(' → ');
  return whole.length <= LONGEST_ORDER ? whole : plural(modules.length, 'module');
}

/**
 * The reload to show: the last one, but where a save came after the file watcher had reloaded the same files
 * already, the one that had the effect.
 */
export function latest([last, before]: readonly DidReload[]): DidReload | undefined {
  const isEmpty = last?.cause === 'save' && last.processes.every(({ outcome }) => outcome === 'no-effect');
  const isCovered = before?.cause === 'external' && last?.files.every((file) => before.files.includes(file));
  return isEmpty && isCovered ? before : last;
}

/** The status bar entry, with codicons; every icon stands beside a word that says the same. */
export function statusBarText(now: Snapshot): string {
  const { life, status, unsafe, autoAttach } = now;
  if (life === 'stopped') {
    return '$(error) reload: server stopped';
  }
  if (life === 'starting' || autoAttach === undefined) {
    return '$(loading~spin) reload: starting';
  }
  if (!now.trusted) {
    return '$(workspace-untrusted) reload: restricted';
  }
  const count = status?.processes.length ?? 0;
  return `${count === 0 ? noProcess(autoAttach) : attached(now, count)}${unsafeInWords(unsafe)}`;
}

function noProcess(autoAttach: AutoAttach): string {
  return `$(circle-outline) reload: no process${autoAttach === 'off' ? ', terminals off' : ''}`;
}

function attached(now: Snapshot, count: number): string {
  const processes = plural(count, 'process');
  if (now.status?.paused) {
    return `$(debug-pause) reload: paused, ${processes}`;
  }
  const last = latest(now.history.filter((reload) => isOfNow(reload, now.status?.processes ?? [])));
  return `${icon(now)} reload: ${processes}${last ? ` · ${reloadInWords(last)}` : ''}`;
}

/** Had one of the processes that are here now part in it? What became of a program that ended says nothing of them. */
function isOfNow(reload: DidReload, processes: readonly ProcessState[]): boolean {
  return reload.processes.length === 0 || reload.processes.some(({ id }) => processes.some((one) => one.id === id));
}

function unsafeInWords(unsafe: number): string {
  return unsafe === 0 ? '' : ` · $(warning) ${unsafe} unsafe`;
}

function icon(now: Snapshot): string {
  if (now.status?.processes.some(({ state }) => state === 'reloading')) {
    return '$(sync~spin)';
  }
  const failed = now.status?.health === 'error' || now.unsafe > 0;
  return failed ? '$(alert)' : '$(check)';
}

/** The same for people who do not see icons. */
export function withoutIcons(text: string): string {
  return text.replace(/\$\([a-z~-]+\) ?/g, '');
}

/** What stands beside a process in the tree: "12345 · Python 3.12.1 · idle · 3 reloads". */
export function processDetail(process: ProcessState): string {
  const state = process.attached === false ? 'left alone' : process.state.replace('-', ' ');
  return `${process.pid} · Python ${process.python} · ${state} · ${plural(process.generation, 'reload')}`;
}

/** All reloads as a page of Markdown, newest first. */
export function historyPage(history: readonly DidReload[], nameOf: (uri: string) => string): string {
  if (history.length === 0) {
    return '# Reloads\n\nNone yet: save a file that an attached program runs.\n';
  }
  return `# Reloads, newest first\n\n${history.map((reload) => entry(reload, nameOf)).join('\n')}`;
}

function entry(reload: DidReload, nameOf: (uri: string) => string): string {
  const title = `## ${reload.undone ? 'Undo' : `Reload ${reload.batch}`}: ${reload.files.map(nameOf).sort().join(', ')}`;
  const lines = reload.processes.map(
    (one) =>
      `- ${one.name} (${one.pid}): ${wordsOf(reload, one.outcome)}, ${milliseconds(one.durationMs)}` +
      (one.modules.length > 0 ? `, ${one.modules.join(' → ')}` : '') +
      one.findings.map((finding) => `\n  - ${finding.code} ${finding.verdict}: ${finding.message}`).join(''),
  );
  return [title, '', `Cause: ${reload.cause}`, '', ...lines, ''].join('\n');
}

/** A text without the targets of its Markdown links, and where each link stands and leads to: a page is read as text. */
export interface Linked {
  text: string;
  links: { start: number; end: number; target: string }[];
}

export function linked(markdown: string): Linked {
  const links: Linked['links'] = [];
  let removed = 0;
  const text = markdown.replace(
    /\[([^\]]+)\]\(([a-z][\w+.-]*:[^)\s]+)\)/g,
    (whole, label: string, target: string, place: number) => {
      const start = place - removed;
      links.push({ start, end: start + label.length, target });
      removed += whole.length - label.length;
      return label;
    },
  );
  return { text, links };
}
