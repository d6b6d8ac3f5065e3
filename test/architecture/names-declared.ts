import { Visitor, type BindingPattern, type ParamPattern, type Program } from 'oxc-parser';

/** Names that a file declares itself, wherever: imports, variables, parameters, functions. */
export function namesDeclared(program: Program): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (found: readonly string[]): void => found.forEach((name) => names.add(name));
  new Visitor({
    ImportSpecifier: (node) => add([node.local.name]),
    ImportDefaultSpecifier: (node) => add([node.local.name]),
    ImportNamespaceSpecifier: (node) => add([node.local.name]),
    VariableDeclarator: (node) => add(namesIn(node.id)),
    FunctionDeclaration: (node) => add([...(node.id === null ? [] : [node.id.name]), ...node.params.flatMap(namesIn)]),
    FunctionExpression: (node) => add(node.params.flatMap(namesIn)),
    ArrowFunctionExpression: (node) => add(node.params.flatMap(namesIn)),
  }).visit(program);
  return names;
}

function namesIn(pattern: BindingPattern | ParamPattern): readonly string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : namesIn(element)));
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        namesIn(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'TSParameterProperty':
      return namesIn(pattern.parameter);
  }
}
