/** What a table says of a name that strangers chose: it may be a word that every object inherits, such as `constructor`. */
export const ownIn = <Value>(table: Readonly<Record<string, Value>> | undefined, name: string): Value | undefined =>
  table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
