import { expect, test } from 'vitest';
import { Queue } from '../../src/queue';

function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

test('jobs never overlap', async () => {
  const queue = new Queue();
  const first = gate();
  const seen: string[] = [];
  const one = queue.run(async () => {
    seen.push('one begins');
    await first.passed;
    seen.push('one ends');
  });
  await Promise.resolve();
  const two = queue.run(() => {
    seen.push('two');
    return Promise.resolve();
  });
  expect(seen).toEqual(['one begins']);
  first.open();
  await Promise.all([one, two]);
  expect(seen).toEqual(['one begins', 'one ends', 'two']);
});

test('what waits already is not queued twice', async () => {
  const queue = new Queue();
  let count = 0;
  const job = () => {
    count += 1;
    return Promise.resolve();
  };
  await Promise.all([queue.run(job), queue.run(job), queue.run(job)]);
  expect(count).toBe(1);
  await queue.run(job);
  expect(count).toBe(2);
});

test('a failure is told and does not stop the next', async () => {
  const queue = new Queue();
  await expect(queue.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(queue.run(() => Promise.resolve())).resolves.toBeUndefined();
});
