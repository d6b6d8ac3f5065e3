import { Visitor } from 'oxc-parser';
import { programOf } from '../architecture/parse.ts';

/** One small change of a source that its tests ought to notice. */
export interface Mutant {
  readonly operator: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
};
const ARITHMETIC: Readonly<Record<string, string>> = { '+': '-', '-': '+', '*': '/', '/': '*', '&': '|' };
const METHODS: Readonly<Record<string, string>> = { some: 'every', every: 'some', max: 'min', min: 'max' };
/** Calls that tell a person something and change nothing. */
const TELLING = /^(ports|listing\.ports|turn\.ports)\.(log|noticed|alarm)$|^raise/;

/** Every mutant of a source, by automatic operators over its syntax tree. */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const found: Mutant[] = [];
  const told: Span[] = [];
  const cut = ({ start, end }: Span): string => source.slice(start, end);
  const add = (operator: string, { start, end }: Span, text: string): void => {
    if (cut({ start, end }) !== text) found.push({ operator, start, end, text });
  };
  new Visitor({
    BinaryExpression: (node) => {
      const between = { start: node.left.end, end: node.right.start };
      const swap = (by: string): string => cut(between).replace(node.operator, by);
      for (const other of COMPARISONS[node.operator] ?? []) add('comparison', between, swap(other));
      const other = ARITHMETIC[node.operator];
      if (other !== undefined) add('arithmetic', between, swap(other));
    },
    LogicalExpression: (node) => {
      if (node.operator === '??') {
        add('default dropped', node, cut(node.left));
        add('default taken', node, cut(node.right));
      } else {
        const between = { start: node.left.end, end: node.right.start };
        add('logic', between, cut(between).replace(node.operator, node.operator === '&&' ? '||' : '&&'));
      }
    },
    UnaryExpression: (node) => {
      if (node.operator === '!') add('negation', node, cut(node.argument));
    },
    IfStatement: (node) => {
      for (const value of ['true', 'false']) add('condition', node.test, value);
    },
    ConditionalExpression: (node) => {
      for (const value of ['true', 'false']) add('condition', node.test, value);
    },
    ReturnStatement: (node) => {
      if (node.argument?.type === 'Literal' && typeof node.argument.value === 'boolean')
        add('answer', node.argument, String(!node.argument.value));
    },
    Literal: (node) => {
      if (typeof node.value === 'number') add('number', node, String(node.value === 0 ? 1 : node.value + 1));
      if (typeof node.value === 'boolean') add('truth', node, String(!node.value));
      if (typeof node.value === 'string') add('text', node, "'mutant'");
    },
    CallExpression: (node) => {
      const callee = cut(node.callee);
      if (TELLING.test(callee)) told.push(node);
      if (node.callee.type !== 'MemberExpression' || node.callee.computed) return;
      const { property, object } = node.callee;
      const other = METHODS[cut(property)];
      if (other !== undefined) add('method', property, other);
      if (cut(property) === 'filter') add('filter dropped', node, cut(object));
    },
    ExpressionStatement: (node) => {
      if (node.expression.type === 'AwaitExpression' || node.expression.type === 'CallExpression')
        add('statement dropped', node, ';');
      if (node.expression.type === 'AssignmentExpression') add('statement dropped', node, ';');
    },
    SpreadElement: (node) => add('spread dropped', node, '...{}'),
    ...spared(told),
  }).visit(programOf(file, source));
  const outside = (one: Mutant): boolean => !told.some((span) => span.start <= one.start && one.end <= span.end);
  return withoutTwins(found.filter(outside)).toSorted((left, right) => left.start - right.start);
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Types, imports and constants' names are no behaviour. */
const spared = (told: Span[]): Readonly<Record<string, (node: Span) => void>> => {
  const spare = (node: Span): void => void told.push(node);
  return {
    ImportDeclaration: spare,
    ExportNamedDeclaration: () => undefined,
    TSTypeAliasDeclaration: spare,
    TSInterfaceDeclaration: spare,
    TSTypeAnnotation: spare,
    TSAsExpression: () => undefined,
    TSTypeReference: spare,
    TSLiteralType: spare,
  };
};

function withoutTwins(mutants: readonly Mutant[]): Mutant[] {
  const known = new Map(mutants.map((one) => [`${one.start} ${one.end} ${one.text}`, one]));
  return [...known.values()];
}

/** The source with the mutant in it. */
export const mutated = (source: string, { start, end, text }: Mutant): string =>
  source.slice(0, start) + text + source.slice(end);

/** Where a mutant is and what it made of its line. */
export function inWords(file: string, source: string, mutant: Mutant): string {
  const line = source.slice(0, mutant.start).split('\n').length;
  const changed = mutated(source, mutant).split('\n')[line - 1] ?? '';
  return `${file}:${line} ${mutant.operator}: ${changed.trim().slice(0, 110)}`;
}
