import { importsOf, type Import } from './imports.ts';
import { partOf } from './layers.ts';
import { isTest, sourceFiles, type Finding, type Sources } from './source.ts';

/** What is imported from outside its part otherwise than by the part's index.ts. */
const FACES: readonly { readonly target: RegExp; readonly from?: string }[] = [
  { target: /^src\/[^/]+\/index\.ts$/ },
  { target: /^src\/[^/]+\.ts$/ },
  { target: /^src\/base\// },
  { target: /^src\/maintainx\/catalogue\/index\.ts$/ },
  { target: /^src\/maintainx\/specification\/index\.ts$/, from: 'sandbox' },
  { target: /^src\/maintainx\/generated\//, from: 'sandbox' },
];

/**
 * From outside a folder is imported by its index.ts, from inside never through it. Tests import any file from outside,
 * since they look behind the face. A folder inside a part that has an index.ts is a folder of its own.
 */
export function faceFindings(sources: Sources): readonly Finding[] {
  const indexes = new Set([...sources.keys()].filter((file) => file.endsWith('/index.ts')));
  return sourceFiles(sources)
    .filter(([file]) => !isTest(file))
    .flatMap(([file, text]) => importsOf(file, text))
    .flatMap((one) => {
      const message = complaint(one, indexes);
      return message === undefined ? [] : [{ file: one.file, line: one.line, message }];
    });
}

function complaint({ file, target }: Import, indexes: ReadonlySet<string>): string | undefined {
  if (target === undefined || partOf(target) === undefined) return undefined;
  if (target.endsWith('/index.ts') && file.startsWith(target.slice(0, -'index.ts'.length)))
    return `imports its own ${target}: import the file that has it`;
  if (partOf(file) === partOf(target)) {
    const index = innerIndex(file, target, indexes);
    return index === undefined ? undefined : `imports ${target} past its face: import ${index}`;
  }
  const open = FACES.some((face) => face.target.test(target) && (face.from ?? partOf(file)) === partOf(file));
  return open
    ? undefined
    : `imports ${target} past its face: import src/${partOf(target)}/index.ts and export it there`;
}

/** The index.ts of the outermost folder that holds `target`, not `file`, and is not the target itself. */
function innerIndex(file: string, target: string, indexes: ReadonlySet<string>): string | undefined {
  const folders = target.split('/').slice(0, -1);
  const index = folders
    .map((_, depth) => `${folders.slice(0, depth + 1).join('/')}/`)
    .filter((folder) => !file.startsWith(folder))
    .map((folder) => `${folder}index.ts`)
    .find((path) => indexes.has(path));
  return index === target ? undefined : index;
}
