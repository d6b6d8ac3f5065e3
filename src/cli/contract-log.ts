import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, parse, join } from 'node:path';
import { canonicalJson } from '../base/canonical-json.ts';
import { objectOf, parseJson } from '../base/json.ts';
import { raise } from '../errors.ts';
import {
  compareSpecifications,
  documentOf,
  readSpecification,
  type Difference,
  type Parts,
  type Specification,
} from '../maintainx/index.ts';

/** The specification that the last run saw. */
interface LastLook {
  /** ISO 8601. */
  readonly at: string;
  readonly fingerprint: string;
  readonly specification: Specification;
}

/** What this run adds to what was known: nothing yet at the first look. */
export interface SinceLastLook {
  readonly at: string;
  readonly differences: readonly Difference[];
}

export interface Look {
  readonly specification: Specification;
  /** To the catalogue. */
  readonly differences: readonly Difference[];
  readonly parts: Parts;
  readonly now: number;
}

/**
 * Notes that this specification was seen, and says what changed since the last look; undefined: it is the first. The
 * log gets a line only when the specification is not the one seen last. Its shape stands beside the log as an OpenAPI
 * document without prose.
 */
export function noteLook(log: string, look: Look): SinceLastLook | undefined {
  const shapeFile = shapeFileOf(log);
  try {
    makeFolder(dirname(log));
    const last = lastLook(shapeFile);
    const document = documentOf(look.specification);
    const fingerprint = fingerprintOf(look.specification);
    const since = last === undefined ? undefined : { at: last.at, differences: changesSince(last, fingerprint, look) };
    // The line first: a run that ends in between writes it twice, never not at all.
    if (last?.fingerprint !== fingerprint) appendFileSync(log, `${JSON.stringify(lineOf(look, fingerprint, since))}\n`);
    replace(shapeFile, JSON.stringify({ ...document, [SEEN_AT]: new Date(look.now).toISOString() }));
    return since;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    throw raise('specification-log-unusable', `${log}: ${reason}`, {}, error);
  }
}

/** One by one from the top: made recursively, a folder that cannot be, as below /proc, is tried for ever. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** SHA-256 of the whole shape's canonical text: the same for the same API, however its document shares and orders. */
const fingerprintOf = (specification: Specification): string =>
  createHash('sha256')
    .update(canonicalJson(documentOf(specification)))
    .digest('hex');

const changesSince = (last: LastLook, fingerprint: string, { specification, parts }: Look): readonly Difference[] =>
  last.fingerprint === fingerprint ? [] : compareSpecifications(last.specification, specification, parts);

function lineOf({ specification, differences, now }: Look, fingerprint: string, since: SinceLastLook | undefined) {
  return {
    at: new Date(now).toISOString(),
    version: specification.version,
    fingerprint,
    operations: Object.keys(specification.operations).length,
    events: Object.keys(specification.events).length,
    differencesToCatalogue: differences.length,
    sinceLastLook: since ?? null,
  };
}

const SEEN_AT = 'x-seen-at';

/** `contract.ndjson` → `contract.shape.json`. */
function shapeFileOf(log: string): string {
  const { dir, name } = parse(log);
  return join(dir, `${name}.shape.json`);
}

/** A file that somebody damaged counts as none: the log has what was. */
function lastLook(file: string): LastLook | undefined {
  const text = textIn(file);
  const parsed = text === undefined ? undefined : parseJson(text, MOST_DEPTH);
  if (parsed === undefined || 'refused' in parsed) return undefined;
  const at = objectOf(parsed.value)[SEEN_AT];
  const reading = readSpecification(parsed.value);
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at)) || 'refused' in reading) return undefined;
  return { at, fingerprint: fingerprintOf(reading.specification), specification: reading.specification };
}

/** A shape in a document is at most as deep as in the one that it was read from. */
const MOST_DEPTH = 128;

function textIn(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all. */
function replace(file: string, text: string): void {
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, text);
  renameSync(fresh, file);
}
