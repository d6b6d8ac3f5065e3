import { importsOf, type Import } from './imports.ts';
import { sourceFiles, type Finding, type Sources } from './source.ts';

type Graph = ReadonlyMap<string, readonly Import[]>;

/** No file reaches itself over imports, types included. Each cycle is reported once, at its shortest. */
export function cycleFindings(sources: Sources): readonly Finding[] {
  const graph: Graph = new Map(sourceFiles(sources).map(([file, text]) => [file, importsOf(file, text)]));
  const reported = new Set<string>();
  return [...graph.keys()].sort().flatMap((file) => {
    const cycle = reported.has(file) ? undefined : shortestCycle(graph, file);
    const [first] = cycle ?? [];
    if (cycle === undefined || first === undefined) return [];
    for (const step of cycle) reported.add(step.file);
    const path = [...cycle.map((step) => step.file), file].join(' → ');
    return [{ file, line: first.line, message: `import cycle ${path}: move what both need into a file of its own` }];
  });
}

/** The imports that lead from `start` back to it, found breadth first. */
function shortestCycle(graph: Graph, start: string): readonly Import[] | undefined {
  const seen = new Set<string>();
  let paths: (readonly Import[])[] = [[]];
  while (paths.length > 0) {
    const longer = paths.flatMap((path) => steps(graph, path.at(-1)?.target ?? start).map((step) => [...path, step]));
    const closed = longer.find((path) => path.at(-1)?.target === start);
    if (closed !== undefined) return closed;
    paths = longer.filter((path) => isNew(seen, path.at(-1)?.target));
  }
  return undefined;
}

const steps = (graph: Graph, file: string): readonly Import[] => graph.get(file) ?? [];

function isNew(seen: Set<string>, file: string | undefined): boolean {
  if (file === undefined || seen.has(file)) return false;
  seen.add(file);
  return true;
}
