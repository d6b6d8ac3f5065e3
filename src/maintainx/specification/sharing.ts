import { canonicalJson } from '../../base/canonical-json.ts';
import { pascal, singular } from './naming.ts';
import type { BodyShape, OperationShape, Shape, Specification } from './shape.ts';

type Whole = Omit<Specification, 'shapes'>;

/** Objects with fewer fields are not worth a name of their own. */
const FEWEST_FIELDS = 2;

/**
 * Gives every object that occurs more than once a name and puts a reference in its places. A name follows from the
 * field or operation where the object is met first, so that the same document always gives the same names.
 */
export class Sharing {
  readonly #count = new Map<string, number>();
  readonly #nameOf = new Map<string, string>();
  readonly #shapes: Record<string, Shape> = {};

  share(whole: Whole): Specification {
    eachShape(whole, (shape) => this.#tally(shape));
    const operations = Object.fromEntries(
      Object.entries(whole.operations).map(([name, operation]) => [name, this.#operation(name, operation)]),
    );
    const events = Object.fromEntries(
      Object.entries(whole.events).map(([name, shape]) => [name, this.#put(shape, [pascal(name.toLowerCase())])]),
    );
    return { version: whole.version, shapes: this.#shapes, operations, events };
  }

  #tally(shape: Shape): void {
    if (isWorthy(shape)) {
      const key = canonicalJson(shape);
      const seen = this.#count.get(key) ?? 0;
      this.#count.set(key, seen + 1);
      // What is inside a shared object is written once.
      if (seen > 0) return;
    }
    for (const [, inner] of childrenOf(shape)) this.#tally(inner);
  }

  #operation(name: string, operation: OperationShape): OperationShape {
    const path = [pascal(name)];
    const { body } = operation;
    return {
      ...operation,
      ...(body === undefined ? {} : { body: this.#body(body, name) }),
      answers: Object.fromEntries(
        Object.entries(operation.answers).map(([status, shape]) => [
          status,
          shape === null ? null : this.#put(shape, Number(status) < 400 ? path : ['Refusal']),
        ]),
      ),
    };
  }

  #body(body: BodyShape, name: string): BodyShape {
    return 'json' in body ? { ...body, json: this.#put(body.json, [`${pascal(name)}Body`]) } : body;
  }

  /** The shape with references inside, or the reference to it. */
  #put(shape: Shape, path: readonly string[]): Shape {
    const key = isWorthy(shape) ? canonicalJson(shape) : '';
    if (key === '' || (this.#count.get(key) ?? 0) < 2) return this.#inside(shape, path);
    const known = this.#nameOf.get(key);
    if (known !== undefined) return { $ref: known };
    const name = this.#free(path);
    this.#nameOf.set(key, name);
    // Taken before what is inside, so that nothing inside takes the name.
    this.#shapes[name] = {};
    this.#shapes[name] = this.#inside(shape, [name]);
    return { $ref: name };
  }

  #inside(shape: Shape, path: readonly string[]): Shape {
    return {
      ...shape,
      ...(shape.properties === undefined
        ? {}
        : {
            properties: Object.fromEntries(
              Object.entries(shape.properties).map(([name, inner]) => [
                name,
                this.#put(inner, [...path, pascal(name)]),
              ]),
            ),
          }),
      ...(shape.items === undefined
        ? {}
        : { items: this.#put(shape.items, [...path.slice(0, -1), singular(path.at(-1) ?? '')]) }),
      ...(typeof shape.additionalProperties === 'object'
        ? { additionalProperties: this.#put(shape.additionalProperties, [...path, 'Value']) }
        : {}),
      ...(shape.oneOf === undefined ? {} : { oneOf: this.#each(shape.oneOf, path) }),
      ...(shape.anyOf === undefined ? {} : { anyOf: this.#each(shape.anyOf, path) }),
      ...(shape.allOf === undefined ? {} : { allOf: this.#each(shape.allOf, path) }),
    };
  }

  #each(shapes: readonly Shape[], path: readonly string[]): Shape[] {
    return shapes.map((one) => this.#put(one, path));
  }

  /** The shortest free name: the last word, then with more words in front, then with a number. */
  #free(path: readonly string[]): string {
    for (let words = 1; words <= path.length; words++) {
      const name = path.slice(-words).join('');
      if (!Object.hasOwn(this.#shapes, name) && !RESERVED.includes(name)) return name;
    }
    const whole = path.join('');
    let number = 2;
    while (Object.hasOwn(this.#shapes, `${whole}${number}`)) number++;
    return `${whole}${number}`;
  }
}

/** Names that mean something else in TypeScript. */
const RESERVED: readonly string[] = ['Error', 'Record', 'Readonly', 'None', 'Operations', 'Events', 'Date', 'Data'];

const isWorthy = (shape: Shape): boolean =>
  (shape.properties !== undefined && Object.keys(shape.properties).length >= FEWEST_FIELDS) ||
  (shape.oneOf ?? shape.anyOf ?? []).some((one) => one.properties !== undefined);

/** The shapes directly inside. */
function childrenOf(shape: Shape): readonly (readonly [string, Shape])[] {
  const { additionalProperties: others } = shape;
  return [
    ...Object.entries(shape.properties ?? {}),
    ...(shape.items === undefined ? [] : [['[]', shape.items] as const]),
    ...(typeof others === 'object' ? [['{}', others] as const] : []),
    ...[...(shape.oneOf ?? []), ...(shape.anyOf ?? []), ...(shape.allOf ?? [])].map((one) => ['|', one] as const),
  ];
}

function eachShape(whole: Whole, visit: (shape: Shape) => void): void {
  for (const { body, answers } of Object.values(whole.operations)) {
    if (body !== undefined && 'json' in body) visit(body.json);
    for (const answer of Object.values(answers)) if (answer !== null) visit(answer);
  }
  for (const event of Object.values(whole.events)) visit(event);
}
