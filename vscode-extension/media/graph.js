// The page of the dependents: rows of modules, moved through by arrow keys.
(() => {
  const editor = acquireVsCodeApi();
  const nodes = JSON.parse(document.getElementById('data').textContent);
  const graph = document.getElementById('graph');
  const buttons = new Map();

  function words(names, verb) {
    return names.length > 0 ? `${verb} ${names.join(', ')}` : '';
  }

  function button(node) {
    const made = document.createElement('button');
    made.className = 'node';
    made.setAttribute('role', 'treeitem');
    made.setAttribute('aria-level', String(node.row + 1));
    made.tabIndex = -1;
    made.append(node.name);
    const detail = document.createElement('small');
    detail.textContent = words(node.reads, 'reads') || 'reads none of these';
    made.append(detail);
    made.setAttribute(
      'aria-label',
      [node.name, words(node.reads, 'reads'), words(node.readBy, 'read by')].filter(Boolean).join(', '),
    );
    made.addEventListener('click', () => node.uri && editor.postMessage({ open: node.uri }));
    made.addEventListener('focus', () => mark(node));
    return made;
  }

  function mark(node) {
    const related = new Set([...node.reads, ...node.readBy]);
    for (const [name, one] of buttons) {
      one.classList.toggle('related', related.has(name));
      one.tabIndex = name === node.name ? 0 : -1;
    }
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

  for (const node of nodes) {
    let row = graph.children[node.row];
    if (row === undefined) {
      row = graph.appendChild(document.createElement('div'));
      row.className = 'row';
      row.setAttribute('role', 'group');
    }
    const made = button(node);
    buttons.set(node.name, made);
    row.append(made);
  }
  if (nodes.length === 0) {
    graph.textContent = 'No module of this workspace is loaded by an attached program.';
  }
  graph.addEventListener('keydown', move);
  const [first] = buttons.values();
  if (first) {
    first.tabIndex = 0;
    first.focus();
  }
})();
