import { Visitor } from 'oxc-parser';
import { globalsOf } from './globals.ts';
import { importsOf } from './imports.ts';
import { programOf } from './parse.ts';
import { isTest, lineOf, sourceFiles, type Finding, type Sources } from './source.ts';

/** Back doors to the world outside, and the port to take instead. */
const BANNED: Readonly<Record<string, string>> = {
  'Date.now': 'take a Clock and call now()',
  'Math.random': 'take a Random',
  setTimeout: 'take a Clock and call sleep()',
  setInterval: 'take a Clock and call sleep(), or register a job',
  fetch: 'call MaintainX through its client; other systems through a port of their connector',
};
const TIMERS = /^(node:)?timers(\/promises)?$/;

/** The edge: the ports' own implementations, and programs that a person runs. */
const EDGE = /^src\/(base\/(clock|random)\.ts$|sandbox\/|cli\/|server\.ts$|api-client\/client\.ts$)/;

/** Engine code reaches clock, random and network through ports, so that weeks of faults replay from one seed. */
export function worldFindings(sources: Sources): readonly Finding[] {
  return sourceFiles(sources)
    .filter(([file]) => !EDGE.test(file) && !isTest(file))
    .flatMap(([file, text]) => [...backDoors(file, text), ...machineDates(file, text), ...timerImports(file, text)]);
}

function backDoors(file: string, text: string): readonly Finding[] {
  return globalsOf(programOf(file, text)).flatMap(({ name, start }) => {
    const instead = Object.hasOwn(BANNED, name) ? BANNED[name] : undefined;
    return instead === undefined ? [] : [{ file, line: lineOf(text, start), message: `${name}: ${instead}` }];
  });
}

/** `new Date()` and `Date()` without an argument read the machine's clock. */
function machineDates(file: string, text: string): readonly Finding[] {
  const found: Finding[] = [];
  const check = (node: {
    callee: { type: string; name?: unknown };
    arguments: readonly unknown[];
    start: number;
  }): void => {
    if (node.callee.type !== 'Identifier' || node.callee.name !== 'Date' || node.arguments.length > 0) return;
    const message = 'Date without an argument: take a Clock and write new Date(clock.now())';
    found.push({ file, line: lineOf(text, node.start), message });
  };
  new Visitor({ NewExpression: check, CallExpression: check }).visit(programOf(file, text));
  return found;
}

function timerImports(file: string, text: string): readonly Finding[] {
  return importsOf(file, text)
    .filter((one) => TIMERS.test(one.specifier))
    .map((one) => ({ file, line: one.line, message: `${one.specifier}: take a Clock and call sleep()` }));
}
