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
  expect(layered({ nodes: nodes('a', 'b'), edges: edges(['a', 'b'], ['b', 'a']) })).toHaveLength(2);
});

test('neighbours are named, strangers are left out', () => {
  const [models, app] = layered({ nodes: nodes('app', 'models'), edges: edges(['models', 'app'], ['os', 'app']) });
  expect(models?.readBy).toEqual(['app']);
  expect(app?.reads).toEqual(['models']);
});
