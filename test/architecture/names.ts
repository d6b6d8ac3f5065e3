import type { Finding, Sources } from './source.ts';

const MAGNETS = /^(utils?|shared|commons?|helpers?|libs?|misc)(\.|$)/i;

/** Names that say nothing draw everything: no such folder, no such file. */
export function nameFindings(sources: Sources): readonly Finding[] {
  return [...sources.keys()].flatMap((file) => {
    const magnet = file.split('/').find((segment) => MAGNETS.test(segment));
    const message = `"${magnet}" says nothing: name it after what is inside`;
    return magnet === undefined ? [] : [{ file, line: 1, message }];
  });
}
