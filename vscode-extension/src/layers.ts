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
}

export interface LayeredNode extends GraphNode {
  row: number;
  reads: string[];
  readBy: string[];
}

/** The nodes row by row; modules that import each other stand in one row or follow by name. */
export function layered({ nodes, edges }: GraphData): LayeredNode[] {
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
  return nodes
    .map((node) => ({
      ...node,
      row: rowOf(node.name, new Set()),
      reads: known.filter(({ to }) => to === node.name).map(({ from }) => from),
      readBy: known.filter(({ from }) => from === node.name).map(({ to }) => to),
    }))
    .sort((one, other) => one.row - other.row || one.name.localeCompare(other.name));
}
