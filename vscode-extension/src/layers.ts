/** A graph of modules in rows, each below those it reads: pure. */

export interface GraphNode {
  name: string;
  uri?: string;
  attached?: boolean;
}

/** As the server gives it: an edge leads from a module to one that reads it. */
export interface GraphData {
  nodes: GraphNode[];
  edges: { from: string; to: string }[];
  /** The modules of the last reload, in order. */
  last?: string[];
}

export interface LayeredNode extends GraphNode {
  row: number;
  reads: string[];
  readBy: string[];
  /** Those that read it, those that read them, and so on. */
  follows: string[];
  /** Its place in the last reload, from 1. */
  order?: number;
  /** What it is called here: the main program by its file. */
  label: string;
}

/** The nodes row by row; modules that import each other stand in one row or follow by name. */
export function layered({ nodes, edges, last = [] }: GraphData): LayeredNode[] {
  const names = new Set(nodes.map(({ name }) => name));
  const known = edges.filter(({ from, to }) => names.has(from) && names.has(to) && from !== to);
  const rows = new Map<string, number>();
  const rowOf = (name: string, below: ReadonlySet<string>): number => {
    const found = rows.get(name);
    if (found !== undefined || below.has(name)) {
      return found ?? 0;
    }
    const above = known.filter(({ to }) => to === name).map(({ from }) => rowOf(from, new Set([...below, name])) + 1);
    const row = Math.max(0, ...above);
    rows.set(name, row);
    return row;
  };
  const readersOf = (name: string) => known.filter(({ from }) => from === name).map(({ to }) => to);
  return nodes
    .map((node) => ({
      ...node,
      row: rowOf(node.name, new Set()),
      reads: known.filter(({ to }) => to === node.name).map(({ from }) => from),
      readBy: readersOf(node.name),
      follows: reached(node.name, readersOf),
      ...(last.includes(node.name) ? { order: last.indexOf(node.name) + 1 } : {}),
      label: labelOf(node),
    }))
    .sort((one, other) => one.row - other.row || one.name.localeCompare(other.name));
}

function labelOf({ name, uri }: GraphNode): string {
  return name === '__main__' && uri ? decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1)) : name;
}

function reached(start: string, next: (name: string) => string[]): string[] {
  const found = new Set<string>();
  let edge = next(start);
  while (edge.length > 0) {
    edge.forEach((name) => found.add(name));
    edge = [...new Set(edge.flatMap(next))].filter((name) => !found.has(name));
  }
  found.delete(start);
  return [...found];
}
