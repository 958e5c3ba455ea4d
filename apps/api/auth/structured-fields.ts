/** A token of Structured Fields, which is not the string of the same letters. */
export interface Token {
  token: string;
}

/** A number that is not whole, with at most three digits after the point. */
export interface Decimal {
  decimal: number;
}

/** A point in time, in seconds since 1970. */
export interface SfDate {
  date: number;
}

/** Text beyond ASCII. */
export interface DisplayString {
  display: string;
}

/** A bare item of Structured Fields (RFC 9651 §3.3): a whole number, a string, bytes, true or false, or one of the marked kinds. */
export type BareItem = number | string | boolean | Uint8Array | Token | Decimal | SfDate | DisplayString;

/** Parameters in their order. */
export type Parameters = ReadonlyMap<string, BareItem>;

/** An item with its parameters. */
export interface Item {
  value: BareItem;
  parameters: Parameters;
}

/** A list of items in parentheses, with parameters of its own. */
export interface InnerList {
  items: readonly Item[];
  parameters: Parameters;
}

/** What a member of a dictionary is. */
export type Member = Item | InnerList;

/** Thrown for a text that is no field of this type. */
export class StructuredFieldError extends Error {
  constructor(expected: string, at: number) {
    super(`expected ${expected} at character ${at}`);
    this.name = 'StructuredFieldError';
  }
}

/** Digits of a whole number, and of the two parts of one that is not. */
const MAX_INTEGER_DIGITS = 15;
const MAX_DECIMAL_DIGITS = 12;
const MAX_FRACTION_DIGITS = 3;

/** Reads a field of structured type Dictionary (RFC 9651 §4.2.2), its lines joined by commas. A later member takes an earlier one's place.
 * @throws StructuredFieldError */
export function parseDictionary(text: string): Map<string, Member> {
  const reader = new Reader(text);
  const members = new Map<string, Member>();
  reader.skipSpaces();
  while (!reader.atEnd()) {
    const key = reader.key();
    const member = reader.take('=') ? reader.member() : { value: true, parameters: reader.parameters() };
    members.set(key, member);
    reader.skipBlanks();
    if (reader.atEnd()) break;
    reader.expect(',');
    reader.skipBlanks();
    if (reader.atEnd()) reader.fail('a member after the comma');
  }
  return members;
}

/** The one text that an inner list is written as (RFC 9651 §4.1.1.1). */
export function serializeInnerList({ items, parameters }: InnerList): string {
  return `(${items.map(serializeItem).join(' ')})${serializeParameters(parameters)}`;
}

/** The one text that an item is written as (RFC 9651 §4.1.3). */
export function serializeItem({ value, parameters }: Item): string {
  return serializeBareItem(value) + serializeParameters(parameters);
}

/** Whether a dictionary's member is a list. */
export function isInnerList(member: Member): member is InnerList {
  return 'items' in member;
}

function serializeParameters(parameters: Parameters): string {
  let text = '';
  for (const [key, value] of parameters) text += value === true ? `;${key}` : `;${key}=${serializeBareItem(value)}`;
  return text;
}

function serializeBareItem(value: BareItem): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
  if (typeof value === 'boolean') return value ? '?1' : '?0';
  if (value instanceof Uint8Array) return `:${Buffer.from(value).toString('base64')}:`;
  if ('token' in value) return value.token;
  if ('date' in value) return `@${value.date}`;
  if ('decimal' in value) return value.decimal.toFixed(MAX_FRACTION_DIGITS).replace(/0{1,2}$/, '');
  const bytes = Buffer.from(value.display, 'utf8');
  const written = Array.from(bytes, (byte) =>
    byte === 0x25 || byte === 0x22 || byte < 0x20 || byte > 0x7e
      ? `%${byte.toString(16).padStart(2, '0')}`
      : String.fromCharCode(byte),
  );
  return `%"${written.join('')}"`;
}

const KEY = /[a-z*][a-z0-9_.*-]*/y;
const NUMBER = /-?\d+(\.\d*)?/y;
const STRING = /"((?:[ !#-[\]-~]|\\["\\])*)"/y;
const TOKEN = /[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*/y;
const BYTES = /:([A-Za-z0-9+/]*={0,2}):/y;
const BOOLEAN = /\?([01])/y;
const DISPLAY = /%"((?:[ !#-$&-~]|%[0-9a-f]{2})*)"/y;

class Reader {
  #at = 0;

  constructor(private readonly text: string) {}

  atEnd(): boolean {
    return this.#at === this.text.length;
  }

  fail(expected: string): never {
    throw new StructuredFieldError(expected, this.#at);
  }

  take(character: string): boolean {
    if (this.text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  expect(character: string): void {
    if (!this.take(character)) this.fail(JSON.stringify(character));
  }

  skipSpaces(): void {
    while (this.take(' '));
  }

  skipBlanks(): void {
    while (this.take(' ') || this.take('\t'));
  }

  key(): string {
    return this.#match(KEY)?.[0] ?? this.fail('a key in small letters');
  }

  member(): Member {
    if (!this.take('(')) return this.item();
    const items: Item[] = [];
    for (;;) {
      this.skipSpaces();
      if (this.take(')')) return { items, parameters: this.parameters() };
      items.push(this.item());
      if (this.text[this.#at] !== ' ' && this.text[this.#at] !== ')') this.fail('a space or ")"');
    }
  }

  item(): Item {
    return { value: this.#bareItem(), parameters: this.parameters() };
  }

  parameters(): Parameters {
    const parameters = new Map<string, BareItem>();
    while (this.take(';')) {
      this.skipSpaces();
      const key = this.key();
      const value = this.take('=') ? this.#bareItem() : true;
      parameters.set(key, value);
    }
    return parameters;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #bareItem(): BareItem {
    const first = this.text[this.#at] ?? '';
    if (first === '"') {
      const string = this.#match(STRING) ?? this.fail('a string of printable ASCII');
      return string[1]!.replaceAll(/\\(.)/g, '$1');
    }
    if (first === ':') {
      const bytes = this.#match(BYTES) ?? this.fail('base64 between colons');
      return new Uint8Array(Buffer.from(bytes[1]!, 'base64'));
    }
    if (first === '?') return (this.#match(BOOLEAN) ?? this.fail('?0 or ?1'))[1] === '1';
    if (first === '%') return this.#display();
    if (first === '@') {
      this.#at += 1;
      const date = this.#number();
      return typeof date === 'number' ? { date } : this.fail('a whole number of seconds');
    }
    if (/[-0-9]/.test(first)) return this.#number();
    const token = this.#match(TOKEN) ?? this.fail('an item');
    return { token: token[0] };
  }

  #number(): number | Decimal {
    const start = this.#at;
    const [text, fraction] = this.#match(NUMBER) ?? this.fail('a number');
    const digits = text.replace('-', '').split('.')[0]!.length;
    const isFit =
      fraction === undefined
        ? digits <= MAX_INTEGER_DIGITS
        : digits <= MAX_DECIMAL_DIGITS && fraction.length > 1 && fraction.length <= 1 + MAX_FRACTION_DIGITS;
    if (!isFit) throw new StructuredFieldError('a number that is not too long', start);
    // Not minus zero, which nobody can write.
    return fraction === undefined ? Number(text) + 0 : { decimal: Number(text) };
  }

  #display(): DisplayString {
    const start = this.#at;
    const [, text] = this.#match(DISPLAY) ?? this.fail('a display string');
    const bytes = Buffer.from(
      text!.replaceAll(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    );
    try {
      return { display: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
    } catch (cause) {
      throw Object.assign(new StructuredFieldError('UTF-8', start), { cause });
    }
  }
}
