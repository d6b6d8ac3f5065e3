import { importsOf, type Import } from './imports.ts';
import { isTest, sourceFiles, type Finding, type Sources } from './source.ts';

/** The parts of src, lowest layer first. A part imports lower layers only; parts of one layer never meet. */
const LAYERS: readonly (readonly string[])[] = [
  ['base'],
  ['errors.ts'],
  ['config.ts'],
  ['postgres', 'maintainx'],
  ['vault', 'tenants', 'access', 'audit', 'log', 'blobs', 'queue', 'quota', 'jobs'],
  ['records', 'files', 'domain'],
  ['inbound', 'outbound', 'projections', 'reads', 'onboarding'],
  ['store'],
  ['administration', 'reports'],
  ['connectors', 'api'],
  ['clients.ts'],
  ['sites.ts'],
  ['server.ts', 'sandbox', 'api-client'],
  ['cli'],
  ['main.ts'],
];

/** Parts that import less than their layer would let them: they are published alone. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  maintainx: ['src/base/'],
  'api-client': ['src/base/'],
  sandbox: ['src/base/', 'src/maintainx/catalogue/', 'src/maintainx/specification/', 'src/maintainx/generated/'],
};

/** Parts that few may import. */
const IMPORTERS: Readonly<Record<string, readonly string[]>> = { sandbox: ['cli'] };

/** Files outside src that src may import: the version is written in one place. */
const OUTSIDE: ReadonlySet<string> = new Set(['package.json']);

/** The part of src that a file belongs to: a folder, or a file at the top; `src/config.test.ts` belongs to `config.ts`. */
export function partOf(file: string): string | undefined {
  const [root, part] = file.split('/');
  return root === 'src' ? part?.replace(/(\.\w+)*\.test\.ts$/, '.ts') : undefined;
}

/** Imports go downward only, and only from parts that have a place in the layers. */
export function layerFindings(sources: Sources): readonly Finding[] {
  return [...strangers(sources), ...sourceFiles(sources).flatMap(([file, text]) => importFindings(file, text))];
}

const levelOf = (part: string): number => LAYERS.findIndex((layer) => layer.includes(part));

function strangers(sources: Sources): readonly Finding[] {
  return sourceFiles(sources)
    .filter(([file]) => levelOf(partOf(file) ?? '') < 0)
    .map(([file]) => ({
      file,
      line: 1,
      message: `${partOf(file)} has no layer: give it one in test/architecture/layers.ts`,
    }));
}

function importFindings(file: string, text: string): readonly Finding[] {
  return importsOf(file, text).flatMap((one) => {
    const message = complaint(one);
    return message === undefined ? [] : [{ file, line: one.line, message }];
  });
}

function complaint({ file, target }: Import): string | undefined {
  if (target === undefined) return undefined;
  const [from, to] = [partOf(file) ?? '', partOf(target)];
  if (to === undefined)
    return isTest(file) || OUTSIDE.has(target) ? undefined : `imports ${target}: what src needs belongs into src`;
  if (from === to) return undefined;
  const only = ONLY[from];
  if (only !== undefined && !only.some((prefix) => target.startsWith(prefix)))
    return `imports ${target}: ${from} may import ${only.join(', ')} only; pass the rest in from above`;
  if (IMPORTERS[to]?.includes(from) === false)
    return `imports ${target}: ${to} is for ${IMPORTERS[to].join(', ')} only`;
  if (levelOf(from) < 0 || levelOf(to) < levelOf(from)) return undefined;
  const relation = levelOf(to) === levelOf(from) ? 'its sibling' : 'which is above it';
  return `${from} imports ${to}, ${relation}: move what both need down, or have the caller pass it in`;
}
