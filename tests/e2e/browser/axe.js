// What axe-core has to say about the page, one line a finding. No preloading: it would fetch style sheets by itself.
const done = arguments[arguments.length - 1];
axe.run(document, { preload: false, resultTypes: ['violations'] }).then(
  ({ violations }) => done(violations.flatMap(({ id, help, nodes }) => nodes.map((node) =>
    `${id} (${help}): ${node.target.join(' ')} ${node.html.slice(0, 160)} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''}`))),
  (problem) => done([`axe failed: ${problem}`]),
);
