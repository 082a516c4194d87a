// The page of the dependents: rows of modules with lines between them, moved through by arrow keys.
(() => {
  const SVG = 'http://www.w3.org/2000/svg';
  const editor = acquireVsCodeApi();
  const nodes = JSON.parse(document.getElementById('data').textContent);
  const graph = document.getElementById('graph');
  const said = document.getElementById('said');
  const lines = graph.appendChild(document.createElementNS(SVG, 'svg'));
  lines.setAttribute('aria-hidden', 'true');
  const buttons = new Map();
  let chosen;

  function detail(node) {
    const what = node.name === '__main__' ? 'the program' : node.attached ? 'loaded' : 'not loaded';
    return node.order ? `${what}, number ${node.order} of the last reload` : what;
  }

  const labels = (names) =>
    nodes
      .filter(({ name }) => names.includes(name))
      .map(({ label }) => label)
      .join(', ');

  function button(node) {
    const made = document.createElement('button');
    made.className = 'node';
    made.setAttribute('role', 'treeitem');
    made.setAttribute('aria-level', String(node.row + 1));
    made.tabIndex = -1;
    made.append(word('b', node.label), word('small', detail(node)));
    made.setAttribute('aria-label', [node.label, detail(node), sentence(node)].join(', '));
    made.addEventListener('click', () => node.uri && editor.postMessage({ open: node.uri }));
    made.addEventListener('focus', () => choose(node));
    return made;
  }

  function word(tag, text) {
    const made = document.createElement(tag);
    made.textContent = text;
    return made;
  }

  function sentence(node) {
    const after = node.follows.length > 0 ? `${node.label} → ${labels(node.follows)}` : `${node.label} alone`;
    const reads = node.reads.length > 0 ? `It reads ${labels(node.reads)}.` : 'It reads none of these.';
    return `A save may reload: ${after}. ${reads}`;
  }

  function choose(node) {
    chosen = node;
    said.textContent = sentence(node);
    for (const [name, one] of buttons) {
      one.classList.toggle('chosen', name === node.name);
      one.classList.toggle('follows', node.follows.includes(name));
      one.classList.toggle('read', node.reads.includes(name) && !node.follows.includes(name));
      one.tabIndex = name === node.name ? 0 : -1;
    }
    draw();
  }

  /** A line from each module down to those that read it, of what follows the chosen one thick, of what it reads dashed. */
  function draw() {
    const origin = graph.getBoundingClientRect();
    const made = nodes.flatMap((node) =>
      node.readBy.flatMap((name) => {
        const from = buttons.get(node.name).getBoundingClientRect();
        const to = buttons.get(name).getBoundingClientRect();
        const [x1, y1] = [from.x + from.width / 2 - origin.x, from.bottom - origin.y];
        const [x2, y2] = [to.x + to.width / 2 - origin.x, to.top - origin.y - 7];
        const bend = Math.max(18, Math.abs(y2 - y1) / 2);
        const aside = Math.abs(rowOf(name) - node.row) > 1 ? 150 : 0; // around the rows between
        const curve = `C${x1 + aside},${y1 + bend} ${x2 + aside},${y2 - bend} ${x2},${y2}`;
        const line = shape('path', { d: `M${x1},${y1} ${curve}` });
        const arrow = shape('path', { d: `M${x2 - 4},${y2} h8 l-4,7 z` });
        const kind = kindOf(node, name);
        line.setAttribute('class', `edge ${kind}`);
        arrow.setAttribute('class', `arrow edge ${kind}`);
        return [line, arrow];
      }),
    );
    lines.replaceChildren(...made);
  }

  function rowOf(name) {
    return nodes.find((node) => node.name === name).row;
  }

  function kindOf(node, reader) {
    const isAfter =
      chosen && (chosen === node || chosen.follows.includes(node.name)) && chosen.follows.includes(reader);
    return isAfter ? 'follows' : chosen?.name === reader ? 'read' : '';
  }

  function shape(name, attributes) {
    const made = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  }

  function rows() {
    return [...graph.querySelectorAll('.row')].map((row) => [...row.querySelectorAll('.node')]);
  }

  function move(event) {
    const all = rows();
    const row = all.findIndex((one) => one.includes(document.activeElement));
    const column = row < 0 ? -1 : all[row].indexOf(document.activeElement);
    const [down, right] =
      { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key] ?? [];
    if (row < 0 || down === undefined) {
      return;
    }
    const target = all[row + down];
    target?.[Math.min(column + right, target.length - 1)]?.focus();
    event.preventDefault();
  }

  const groups = [];
  for (const node of nodes) {
    if (groups[node.row] === undefined) {
      groups[node.row] = graph.appendChild(document.createElement('div'));
      groups[node.row].className = 'row';
      groups[node.row].setAttribute('role', 'group');
    }
    const made = button(node);
    buttons.set(node.name, made);
    groups[node.row].append(made);
  }
  if (nodes.length === 0) {
    said.textContent = 'No module of this workspace is loaded by an attached program.';
  }
  graph.addEventListener('keydown', move);
  const start = nodes.find(({ isAtHand }) => isAtHand) ?? nodes[0];
  if (start) {
    buttons.get(start.name).focus();
    choose(start);
  }
  new ResizeObserver(draw).observe(graph);
})();
