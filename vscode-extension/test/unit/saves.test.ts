import { afterEach, beforeEach, expect, test, vi } from 'vitest';

vi.mock('vscode', () => ({}));

import { Gather } from '../../src/saves';

let told: string[];
let gather: Gather;
const save = (uri: string) => gather.saved(uri, () => Promise.resolve(void told.push(uri)));

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  gather = new Gather();
});

afterEach(() => vi.useRealTimers());

test('one save is told at once', async () => {
  gather.announce('a');
  await save('a');
  expect(told).toEqual(['a']);
});

test('saves that were announced together are told together', async () => {
  ['a', 'b', 'c'].forEach((uri) => gather.announce(uri));
  await save('b');
  await save('a');
  expect(told).toEqual([]);
  await save('c');
  expect(told).toEqual(['b', 'a', 'c']);
});

test('a save that never comes holds the others back for three seconds only', async () => {
  gather.announce('a');
  gather.announce('cancelled');
  await save('a');
  await vi.advanceTimersByTimeAsync(2_999);
  expect(told).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(told).toEqual(['a']);
  gather.announce('b');
  await save('b');
  expect(told).toEqual(['a', 'b']);
});

test('as long as saves come, those that are still to come are waited for', async () => {
  ['a', 'b', 'c'].forEach((uri) => gather.announce(uri));
  for (const uri of ['a', 'b']) {
    await vi.advanceTimersByTimeAsync(2_000);
    await save(uri);
  }
  await vi.advanceTimersByTimeAsync(2_000);
  expect(told).toEqual([]);
  await save('c');
  expect(told).toEqual(['a', 'b', 'c']);
});

test('a save that nobody announced is told', async () => {
  await save('a');
  expect(told).toEqual(['a']);
});
