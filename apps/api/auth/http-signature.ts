import {
  type BareItem,
  type InnerList,
  isInnerList,
  type Item,
  type Member,
  parseDictionary,
  serializeInnerList,
  serializeItem,
  StructuredFieldError,
} from './structured-fields.js';

/** What a signature over a request may cover (RFC 9421 §2). */
export interface SignedMessage {
  method: string;
  /** Host in small letters, with the port where it is not the scheme's own. */
  authority: string;
  /** Absolute path, as it was sent. */
  path: string;
  /** `?` and what follows it, as it was sent; `?` alone where there is none. */
  query: string;
  /** Name and value of each header line, in their order, as Node has them: bytes as Latin-1. */
  rawHeaders: readonly string[];
}

/** A request's one signature, before anybody looked for the key. */
export interface RequestSignature {
  keyId: string;
  nonce: string;
  /** 64 bytes. */
  signature: Uint8Array;
  /** What was signed. */
  base: Uint8Array;
  /** Names of the components that it covers. */
  covers: ReadonlySet<string>;
}

/** Thrown for signatures that do not keep to the rules; the message says what was expected. */
export class HttpSignatureError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HttpSignatureError';
  }
}

/** The one algorithm, and what the signature is made for. */
export const SIGNATURE_ALGORITHM = 'ed25519';
export const SIGNATURE_TAG = 'sealroot-submit';

/** How far `created` may be from the clock, either way, in seconds. */
export const CREATED_WITHIN_SECONDS = 300;

/** Longest nonce, in characters. */
export const NONCE_MAX_CHARACTERS = 128;

const SIGNATURE_BYTES = 64;

/** What every signature covers, and what it covers besides where there is a body. */
const OF_REQUEST = ['@method', '@authority', '@path', '@query'] as const;
const OF_BODY = ['content-digest', 'content-type'] as const;

/** What a signature must say of itself, and of which kind it is; it says nothing else. */
const PARAMETERS = {
  created: 'number',
  expires: 'number',
  nonce: 'string',
  keyid: 'string',
  alg: 'string',
  tag: 'string',
} as const;

/** The signature that is asked for, as a value of `Accept-Signature` (RFC 9421 §5.1). */
export const ACCEPTED_SIGNATURE = `sig1=(${[...OF_REQUEST, ...OF_BODY].map((name) => `"${name}"`).join(' ')});created;expires;nonce;keyid;alg="${SIGNATURE_ALGORITHM}";tag="${SIGNATURE_TAG}"`;

/** Whether the request says that it is signed. */
export function isSigned(headers: Readonly<Record<string, unknown>>): boolean {
  return headers['signature-input'] !== undefined || headers['signature'] !== undefined;
}

/**
 * Reads the signature of a request: exactly one, over what it must cover, for this purpose and for now. That it is right is another question.
 *
 * @param hasBody whether the request announces a body
 * @throws HttpSignatureError
 */
export function readSignature(message: SignedMessage, hasBody: boolean, nowMs: number): RequestSignature {
  const [label, input] = onlyMember(message, 'signature-input');
  const [signatureLabel, member] = onlyMember(message, 'signature');
  if (label !== signatureLabel)
    throw new HttpSignatureError(`Signature: expected the label ${label} of Signature-Input, got ${signatureLabel}`);
  if (!isInnerList(input)) throw new HttpSignatureError('Signature-Input: expected a list of components');
  const signature = isInnerList(member) ? undefined : member.value;
  if (!(signature instanceof Uint8Array) || signature.length !== SIGNATURE_BYTES)
    throw new HttpSignatureError(`Signature: expected ${SIGNATURE_BYTES} bytes between colons`);
  const { keyid, nonce } = checkParameters(input, nowMs);
  const base = signatureBase(input, message);
  const covers = new Set(input.items.map(({ value }) => value).filter((name) => typeof name === 'string'));
  for (const name of [...OF_REQUEST, ...(hasBody ? OF_BODY : [])])
    if (!covers.has(name)) throw new HttpSignatureError(`Signature-Input: expected it to cover ${name}`);
  return { keyId: keyid, nonce, signature, base, covers };
}

/** What is signed (RFC 9421 §2.5), in bytes: a line for each component, and last the list itself. The components are those of the request line,
 * and header fields whole.
 * @throws HttpSignatureError */
export function signatureBase(input: InnerList, message: SignedMessage): Uint8Array {
  const lines = new Map<string, string>();
  for (const item of input.items) {
    const name = serializeItem(item);
    if (lines.has(name)) throw new HttpSignatureError(`Signature-Input: expected ${name} once, got it twice`);
    lines.set(name, componentValue(item, message));
  }
  lines.set('"@signature-params"', serializeInnerList(input));
  // Header values are any bytes; Latin-1 is how Node hands them over.
  return new Uint8Array(Buffer.from(Array.from(lines, ([name, value]) => `${name}: ${value}`).join('\n'), 'latin1'));
}

function componentValue(item: Item, message: SignedMessage): string {
  const { value: name, parameters } = item;
  if (typeof name !== 'string' || parameters.size > 0)
    throw new HttpSignatureError(`Signature-Input: expected names of components alone, got ${serializeItem(item)}`);
  if (name === '@method') return message.method;
  if (name === '@authority') return message.authority;
  if (name === '@path') return message.path;
  if (name === '@query') return message.query;
  const value = fieldValue(message.rawHeaders, name);
  if (value === null)
    throw new HttpSignatureError(
      `Signature-Input: expected components that the request has, got ${JSON.stringify(name)}`,
    );
  return value;
}

/** The lines of a field joined as RFC 9421 §2.1 does; null where there is none. `name` in small letters. */
function fieldValue(rawHeaders: readonly string[], name: string): string | null {
  const values: string[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (rawHeaders[i]!.toLowerCase() === name) values.push(rawHeaders[i + 1]!.replaceAll(/^[ \t]+|[ \t]+$/g, ''));
  return values.length === 0 ? null : values.join(', ');
}

function onlyMember({ rawHeaders }: SignedMessage, name: 'signature-input' | 'signature'): [string, Member] {
  const title = name === 'signature' ? 'Signature' : 'Signature-Input';
  const text = fieldValue(rawHeaders, name);
  if (text === null) throw new HttpSignatureError(`${title}: expected this header, got none`);
  const members = [...readDictionary(title, text)];
  if (members.length !== 1)
    throw new HttpSignatureError(`${title}: expected exactly one signature, got ${members.length}`);
  return members[0]!;
}

function readDictionary(title: string, text: string): Map<string, Member> {
  try {
    return parseDictionary(text);
  } catch (cause) {
    if (!(cause instanceof StructuredFieldError)) throw cause;
    throw new HttpSignatureError(`${title}: ${cause.message}`, { cause });
  }
}

type Given = { [Name in keyof typeof PARAMETERS]: (typeof PARAMETERS)[Name] extends 'number' ? number : string };

function checkParameters({ parameters }: InnerList, nowMs: number): Given {
  const given = Object.fromEntries(parameters) as Record<string, BareItem>;
  for (const [name, kind] of Object.entries(PARAMETERS))
    if (typeof given[name] !== kind)
      throw new HttpSignatureError(
        `Signature-Input: expected the parameter ${name}, ${kind === 'number' ? 'a whole number of seconds' : 'a string'}`,
      );
  const stranger = Object.keys(given).find((name) => !Object.hasOwn(PARAMETERS, name));
  if (stranger !== undefined) throw new HttpSignatureError(`Signature-Input: expected no parameter ${stranger}`);
  const { created, expires, nonce, alg, tag, keyid } = given as unknown as Given;
  if (alg !== SIGNATURE_ALGORITHM)
    throw new HttpSignatureError(`Signature-Input: expected alg="${SIGNATURE_ALGORITHM}", got ${JSON.stringify(alg)}`);
  if (tag !== SIGNATURE_TAG)
    throw new HttpSignatureError(`Signature-Input: expected tag="${SIGNATURE_TAG}", got ${JSON.stringify(tag)}`);
  if (nonce.length === 0 || nonce.length > NONCE_MAX_CHARACTERS)
    throw new HttpSignatureError(`Signature-Input: expected a nonce of 1 to ${NONCE_MAX_CHARACTERS} characters`);
  const now = nowMs / 1000;
  if (Math.abs(now - created) > CREATED_WITHIN_SECONDS)
    throw new HttpSignatureError(
      `Signature-Input: expected created within ${CREATED_WITHIN_SECONDS} s of ${Math.floor(now)}, got ${created}`,
    );
  if (expires <= created || expires <= now)
    throw new HttpSignatureError(
      `Signature-Input: expected expires after created and after ${Math.floor(now)}, got ${expires}`,
    );
  return { created, expires, nonce, alg, tag, keyid };
}

/** The SHA-256 of the body that a `Content-Digest` header names (RFC 9530), 32 bytes; other algorithms beside it are not looked at.
 * @throws HttpSignatureError when it names none */
export function readContentDigest({ rawHeaders }: Pick<SignedMessage, 'rawHeaders'>): Uint8Array {
  const text = fieldValue(rawHeaders, 'content-digest');
  const member = text === null ? undefined : readDictionary('Content-Digest', text).get('sha-256');
  const digest = member === undefined || isInnerList(member) ? undefined : member.value;
  if (digest instanceof Uint8Array && digest.length === 32) return digest;
  throw new HttpSignatureError('Content-Digest: expected sha-256 with 32 bytes between colons');
}
