import { expect, test } from 'vitest';
import { layered } from '../../src/layers';

const nodes = (...names: string[]) => names.map((name) => ({ name }));
const edges = (...pairs: [string, string][]) => pairs.map(([from, to]) => ({ from, to }));
const rows = (data: Parameters<typeof layered>[0]) => layered(data).map(({ name, row }) => `${row} ${name}`);

test('a module stands below all that it reads', () => {
  const data = {
    nodes: nodes('app', 'models', 'services', 'prices'),
    edges: edges(['models', 'services'], ['services', 'app'], ['models', 'app'], ['prices', 'services']),
  };
  expect(rows(data)).toEqual(['0 models', '0 prices', '1 services', '2 app']);
});

test('modules that import each other come to an end', () => {
  const found = layered({ nodes: nodes('a', 'b'), edges: edges(['a', 'b'], ['b', 'a']) });
  expect(found.map(({ name, follows }) => `${name} then ${follows.join()}`).sort()).toEqual(['a then b', 'b then a']);
});

test('what follows a save is all that reads it, directly or not', () => {
  const data = { nodes: nodes('app', 'models', 'prices'), edges: edges(['prices', 'models'], ['models', 'app']) };
  expect(Object.fromEntries(layered(data).map(({ name, follows }) => [name, follows]))).toEqual({
    prices: ['models', 'app'],
    models: ['app'],
    app: [],
  });
});

test('the main program has the name of its file, and each its place in the last reload', () => {
  const uri = 'file:///w/my%20shop/app%20one.py';
  const [main, prices] = layered({
    nodes: [{ name: '__main__', uri }, { name: 'prices' }],
    edges: [],
    last: ['__main__'],
  });
  expect([main?.label, main?.order]).toEqual(['app one.py', 1]);
  expect([prices?.label, prices?.order]).toEqual(['prices', undefined]);
});

test('neighbours are named, strangers are left out', () => {
  const [models, app] = layered({ nodes: nodes('app', 'models'), edges: edges(['models', 'app'], ['os', 'app']) });
  expect(models?.readBy).toEqual(['app']);
  expect(app?.reads).toEqual(['models']);
});
