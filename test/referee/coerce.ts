import { objectOf, type Json, type JsonObject } from '../../src/base/json.ts';
import { typeOf } from './document.ts';

/** What the text of a parameter means by its schema; text that means nothing there stays text and is complained about. */
export function coerced(schema: JsonObject, texts: readonly string[]): Json {
  if (schema['type'] === 'array') return texts.map((text) => scalar(objectOf(schema['items']), text));
  return texts.length === 1 ? scalar(schema, texts[0] ?? '') : [...texts];
}

function scalar(schema: JsonObject, text: string): Json {
  switch (typeOf(schema)) {
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    default:
      return text;
  }
}
