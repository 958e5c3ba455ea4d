import { isWellFormed, type JsonObject, type JsonValue } from '#statement/jcs.js';
import { ProofError } from './error.js';

/** Deepest nesting of a JSON text that is read: a proof needs 7 levels, and its claims 8 more. */
export const JSON_MAX_DEPTH = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
const WORDS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/**
 * Reads a JSON text (RFC 8259) as I-JSON (RFC 7493): unlike JSON.parse, which keeps the last of two members with one name,
 * it refuses them, and also lone surrogates and numbers beyond the range of a double.
 *
 * @throws ProofError `bad-json` or `too-deep`.
 */
export function parseJsonText(text: string): JsonValue {
  const reader = new JsonReader(text);
  const value = reader.value(1);
  reader.end();
  return value;
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonValue {
    if (depth > JSON_MAX_DEPTH) {
      throw new ProofError('too-deep', `Reading JSON: expected at most ${JSON_MAX_DEPTH} levels, got more`);
    }
    this.#match(SPACE);
    const next = this.#text[this.#at];
    if (next === '{') return this.#object(depth);
    if (next === '[') return this.#array(depth);
    if (next === '"') return this.#string();
    for (const [word, value] of WORDS) {
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length;
        return value;
      }
    }
    const number = this.#match(NUMBER);
    if (number === null) throw this.#unexpected('a value');
    const value = Number(number);
    if (!Number.isFinite(value)) throw this.#unexpected('a number within the range of a double');
    return value;
  }

  end(): void {
    this.#match(SPACE);
    if (this.#at < this.#text.length) throw this.#unexpected('the end');
  }

  #object(depth: number): JsonObject {
    const object: JsonObject = {};
    const names = new Set<string>();
    this.#at++;
    this.#match(SPACE);
    if (this.#take('}')) return object;
    do {
      this.#match(SPACE);
      const name = this.#string();
      if (names.has(name)) throw this.#unexpected(`each member once (${JSON.stringify(name)} is repeated)`);
      names.add(name);
      this.#match(SPACE);
      if (!this.#take(':')) throw this.#unexpected('":"');
      const value = this.value(depth + 1);
      // Assignment to "__proto__" would set the prototype instead of a member.
      Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
      this.#match(SPACE);
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#unexpected('"," or "}"');
    return object;
  }

  #array(depth: number): JsonValue[] {
    const array: JsonValue[] = [];
    this.#at++;
    this.#match(SPACE);
    if (this.#take(']')) return array;
    do {
      array.push(this.value(depth + 1));
      this.#match(SPACE);
    } while (this.#take(','));
    if (!this.#take(']')) throw this.#unexpected('"," or "]"');
    return array;
  }

  #string(): string {
    const start = this.#at;
    if (!this.#take('"')) throw this.#unexpected('a string');
    // Searched by hand: a regular expression over a string of megabytes may run out of its own stack.
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (Number.isNaN(code) || code < 0x20) throw this.#unexpected('a string character or a quote');
      this.#at += code === BACKSLASH ? 2 : 1;
      if (code === QUOTE) break;
    }
    let value: unknown;
    try {
      // What is left to read are the escapes, and JSON.parse knows them.
      value = JSON.parse(this.#text.slice(start, this.#at));
    } catch (cause) {
      throw this.#refused(start, 'a string with JSON escapes', cause);
    }
    if (typeof value === 'string' && isWellFormed(value)) return value;
    throw this.#refused(start, 'well-formed Unicode');
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) return null;
    this.#at = pattern.lastIndex;
    return match[0];
  }

  #unexpected(expected: string): ProofError {
    return this.#refused(this.#at, expected);
  }

  #refused(at: number, expected: string, cause?: unknown): ProofError {
    const rest = this.#text.slice(at, at + 20);
    const got = rest === '' ? 'the end of the text' : JSON.stringify(rest);
    const message = `Reading JSON: expected ${expected} at character ${at}, got ${got}`;
    return new ProofError('bad-json', message, cause === undefined ? {} : { cause });
  }
}
