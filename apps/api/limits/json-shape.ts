/** What a JSON text may consist of, whatever it says. */
export interface JsonShapeLimits {
  /** Levels of arrays and objects. */
  depth: number;
  /** Members of one object, or elements of one array. */
  width: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Commas at each level of the text that is looked over, within one synchronous call. */
let commas = new Uint32Array(0);

/** Looks over the bytes of a JSON text (UTF-8) once, before it is parsed. The number of members is exact for well-formed JSON; what is wrong
 * with any other text is the parser's to say.
 * @returns the members of all its objects together, or a sentence that says which limit it breaks */
export function jsonShape(bytes: Uint8Array, limits: JsonShapeLimits): { members: number } | string {
  if (commas.length <= limits.depth) commas = new Uint32Array(limits.depth + 1);
  commas[0] = 0;
  let depth = 0;
  let members = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case QUOTE:
        at += 1;
        while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
        break;
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        depth += 1;
        if (depth > limits.depth) return `Expected at most ${limits.depth} levels of JSON, got more.`;
        commas[depth] = 0;
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        if (depth > 0) depth -= 1;
        break;
      case COLON:
        members += 1;
        break;
      case COMMA:
        commas[depth]! += 1;
        if (commas[depth]! >= limits.width)
          return `Expected at most ${limits.width} members or elements in one object or array of JSON, got more.`;
        break;
      default:
    }
  }
  return { members };
}

/** Members of all objects in a parsed JSON value. Fewer than its text has means that an object names a member twice. */
export function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const element of value) count += countMembers(element);
    return count;
  }
  // A parsed value has no members but its own, and no list of them is made this way.
  for (const name in value) count += 1 + countMembers((value as Record<string, unknown>)[name]);
  return count;
}
