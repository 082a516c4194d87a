import { expect, test } from 'vitest';
import type { Snapshot } from '../../src/model';
import type { DidReload, Outcome, ProcessResult, Status } from '../../src/protocol';
import {
  historyPage,
  latest,
  linked,
  milliseconds,
  plural,
  processDetail,
  reloadInWords,
  statusBarText,
} from '../../src/texts';

const process = (id: string) =>
  ({ id, pid: 7, name: 'app.py', python: '3.12.1', state: 'idle', generation: 1 }) as const;
const status = (count: number, more: Partial<Status> = {}): Status => ({
  health: 'ok',
  message: '',
  paused: false,
  processes: Array.from({ length: count }, (_, index) => process(String(index))),
  ...more,
});
const now = (more: Partial<Snapshot>): Snapshot => ({
  life: 'running',
  status: status(1),
  history: [],
  unsafe: 0,
  trusted: true,
  autoAttach: 'smart',
  ...more,
});
const result = (outcome: Outcome, modules: string[] = ['models', 'app']): ProcessResult => ({
  id: '0',
  pid: 7,
  name: 'app.py',
  generation: 1,
  outcome,
  durationMs: 3.84,
  modules,
  findings: [],
});
const reload = (...processes: ProcessResult[]): DidReload => ({
  batch: 3,
  cause: 'save',
  files: ['file:///w/models.py'],
  processes,
});

test.each([
  ['starting', now({ life: 'starting' }), '$(loading~spin) reload: starting'],
  ['stopped', now({ life: 'stopped' }), '$(error) reload: server stopped'],
  ['restricted', now({ trusted: false }), '$(workspace-untrusted) reload: restricted'],
  ['no process', now({ status: status(0) }), '$(circle-outline) reload: no process'],
  [
    'terminals off',
    now({ status: status(0), autoAttach: 'off' }),
    '$(circle-outline) reload: no process, terminals off',
  ],
  ['not settled', now({ autoAttach: undefined }), '$(loading~spin) reload: starting'],
  ['one', now({}), '$(check) reload: 1 process'],
  ['two', now({ status: status(2) }), '$(check) reload: 2 processes'],
  ['paused', now({ status: status(1, { paused: true }) }), '$(debug-pause) reload: paused, 1 process'],
  ['unsafe', now({ unsafe: 2 }), '$(alert) reload: 1 process · $(warning) 2 unsafe'],
  [
    'reloaded before it ended',
    now({ history: [reload({ ...result('applied'), id: 'of another process' })] }),
    '$(check) reload: 1 process',
  ],
  [
    'reloaded',
    now({ history: [reload(result('applied'))] }),
    '$(check) reload: 1 process · live: models → app, 3.8 ms',
  ],
])('the status bar when %s', (_, snapshot, text) => {
  expect(statusBarText(snapshot)).toBe(text);
});

test('a long order is a number of modules', () => {
  const modules = Array.from({ length: 12 }, (_, index) => `package.module${index}`);
  expect(reloadInWords(reload(result('applied', modules)))).toBe('live: 12 modules, 3.8 ms');
});

test.each<[Outcome[], string]>([
  [['applied'], 'live: models → app, 3.8 ms'],
  [['partial'], 'live in part: models → app, 3.8 ms'],
  [['refused'], 'not live, refused'],
  [['applied', 'refused'], 'not live, refused in 1 of 2'],
  [['applied', 'no-effect'], 'live in 1 of 2: models → app, 3.8 ms'],
  [['no-effect'], 'nothing to reload'],
  [['timed-out'], 'no answer yet'],
  [[], 'nothing to reload'],
])('the outcomes %j in words', (outcomes, text) => {
  expect(reloadInWords(reload(...outcomes.map((outcome) => result(outcome))))).toBe(text);
});

test('what was undone is not called live: the program runs older code than what is saved', () => {
  const undone = { ...reload(result('applied')), undone: true };
  expect(reloadInWords(undone)).toBe('undone, older than what is saved: models → app, 3.8 ms');
  expect(historyPage([undone], () => 'models.py')).toContain('## Undo: models.py');
});

test('times and numbers', () => {
  expect([milliseconds(0.26), milliseconds(9.96), milliseconds(123.4)]).toEqual(['0.3 ms', '10.0 ms', '123 ms']);
  expect([plural(1, 'process'), plural(2, 'process'), plural(0, 'module')]).toEqual([
    '1 process',
    '2 processes',
    '0 modules',
  ]);
});

test('a process that is left alone says so', () => {
  expect(processDetail({ ...process('0'), state: 'not-responding' })).toBe(
    '7 · Python 3.12.1 · not responding · 1 reload',
  );
  expect(processDetail({ ...process('0'), attached: false })).toContain('left alone');
});

test('the history names files, processes, order and findings', () => {
  const finding = {
    id: 'f',
    code: 'RLD106',
    verdict: 'applied-risk',
    severity: 'warning',
    message: '2 live objects lack x.',
    path: '/w/models.py',
  } as const;
  const page = historyPage([reload({ ...result('partial'), findings: [finding] })], () => 'models.py');
  expect(page).toContain('## Reload 3: models.py');
  expect(page).toContain('- app.py (7): live in part, 3.8 ms, models → app');
  expect(page).toContain('  - RLD106 applied-risk: 2 live objects lack x.');
  expect(historyPage([], String)).toContain('None yet');
});

test('a save that the file watcher was faster to see shows what was reloaded', () => {
  const seen: DidReload = { ...reload(result('applied')), cause: 'external' };
  const saved = reload(result('no-effect'));
  expect(latest([saved, seen])).toBe(seen);
  expect(latest([saved, reload(result('applied'))])).toBe(saved);
  expect(latest([{ ...saved, files: ['file:///w/other.py'] }, seen])?.files).toEqual(['file:///w/other.py']);
  expect(latest([saved])).toBe(saved);
  expect(latest([])).toBeUndefined();
});

test('links of a page are their labels, with the target beside', () => {
  const { text, links } = linked(
    '1. run `A` [app.py:3](file:///w/app.py#L3): edited\n2. [b.py:1](file:///w/b.py#L1)\n',
  );
  expect(text).toBe('1. run `A` app.py:3: edited\n2. b.py:1\n');
  expect(links.map(({ start, end, target }) => [text.slice(start, end), target])).toEqual([
    ['app.py:3', 'file:///w/app.py#L3'],
    ['b.py:1', 'file:///w/b.py#L1'],
  ]);
});
