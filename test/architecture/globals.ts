import { Visitor, type MemberExpression, type Program } from 'oxc-parser';
import { namesDeclared } from './names-declared.ts';

/** A use of something that every file can reach without importing it. */
export interface GlobalUse {
  /** `fetch`, or with its member: `Date.now`. `globalThis.fetch` is `fetch`. */
  readonly name: string;
  readonly start: number;
}

/** The globals, and their members, that a file uses; names that it declares itself are not global. */
export function globalsOf(program: Program): readonly GlobalUse[] {
  const declared = namesDeclared(program);
  const labels = labelsOf(program);
  const found: GlobalUse[] = [];
  const add = (name: string, start: number): void => {
    if (!declared.has(name.split('.')[0] ?? '')) found.push({ name, start });
  };
  new Visitor({
    Identifier: (node) => {
      if (!labels.has(node)) add(node.name, node.start);
    },
    MemberExpression: (node) => {
      const member = memberName(node);
      if (member === undefined || node.object.type !== 'Identifier') return;
      const ofGlobal = node.object.name === 'globalThis';
      add(ofGlobal ? member : `${node.object.name}.${member}`, node.start);
    },
  }).visit(program);
  return found;
}

function memberName({ computed, property }: MemberExpression): string | undefined {
  if (!computed) return property.type === 'Identifier' ? property.name : undefined;
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

/** Identifiers that name a member, a key or a parameter of a type and so refer to nothing. */
function labelsOf(program: Program): ReadonlySet<object> {
  const labels = new Set<object>();
  const key = (node: { computed: boolean; key: object }): void => {
    if (!node.computed) labels.add(node.key);
  };
  new Visitor({
    MemberExpression: (node) => void (node.computed || labels.add(node.property)),
    Property: key,
    MethodDefinition: key,
    PropertyDefinition: key,
    TSPropertySignature: key,
    TSMethodSignature: (node) => {
      key(node);
      node.params.forEach((param) => labels.add(param));
    },
    TSFunctionType: (node) => node.params.forEach((param) => labels.add(param)),
    TSTypeQuery: (node) => void labels.add(node.exprName),
  }).visit(program);
  return labels;
}
