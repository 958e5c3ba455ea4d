import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { ByteWriter } from '#status/byte-string.js';
import { encodeBase45 } from '../base45.js';
import { CODE_PREFIX, type CodeForm, type PaperCode } from '../code.js';
import { formatCode, parseCode } from '../codec.js';
import { PaperError } from '../error.js';
import { makeCode } from '../make.js';
import { parseVerifierKey } from '#tlog/verifier-key.js';
import { checkSignature, hashesOf } from '../verify.js';
import { samplePermit, type SamplePermit } from './sample-code.js';

/** A code, and what it says. */
interface CodeVector {
  about: string;
  /** The log's verifier key. */
  key: string;
  code: string;
  form: CodeForm;
  batch: number;
  size: number;
  index: number;
  statement: object;
  id: string;
  text: string | null;
  salt: string | null;
  subtree: string;
  signature: ReturnType<typeof checkSignature>;
}

/** A text that is to be refused, and why. */
interface RefusedVector {
  about: string;
  code: string;
  refused: string;
}

const EVERYTHING: SamplePermit = {
  text: '临时通行证 2026/04711\n第三号门',
  size: 700,
  index: 699,
  statement: {
    reference: '许可 4711',
    claims: { zone: 'B', seats: 2, nested: { b: [1, 'two', null, true], a: {} } },
    supersedes: '019ca868-447b-7000-8000-000000000000',
    agencySignature: { key: 'key-1', alg: 'EdDSA', value: 'A'.repeat(86) },
  },
};

/** Codes of both forms. */
export function codeVectors(): CodeVector[] {
  const vectors: CodeVector[] = [];
  const add = (about: string, options: SamplePermit, form: CodeForm, carries = true) => {
    const { record, document, logKey } = samplePermit(options);
    vectors.push(described(about, makeCode(record, form, carries ? document : undefined), logKey));
  };
  for (const form of ['self-contained', 'landmark'] as const) {
    add('a permit', {}, form);
    add('the only entry of its batch', { size: 1, index: 0 }, form);
    add('the first of a batch of 4,096', { size: 4096, index: 0 }, form);
    add('the last of a last subtree of fewer than 256', { size: 3000, index: 2999 }, form);
    add('every member that fits beside it', EVERYTHING, form);
    add('without the document, two digests', { size: 3, index: 1, ...TWO_DIGESTS }, form, false);
  }
  const { record, document, logKey } = samplePermit();
  const made = makeCode(record, 'self-contained', document);
  const other = (about: string, change: Partial<PaperCode>) =>
    vectors.push(described(about, { ...made, ...change }, logKey));
  other('of another batch than was signed', { batch: made.batch + 1 });
  other('at another place than was signed', { index: made.index - 1 });
  other('with a signature by nobody', { signature: made.signature!.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) });
  other('of another key', { keyId: Uint8Array.of(1, 2, 3, 4) });
  return vectors;
}

const TWO_DIGESTS: SamplePermit = {
  statement: { digests: { sha512: '22'.repeat(64), sm3: '33'.repeat(32) } },
};

function described(about: string, code: PaperCode, key: string): CodeVector {
  const { form, batch, size, index, statement, document } = code;
  const { id, subtree } = hashesOf(code);
  return {
    about: `${form}: ${about}`,
    key,
    code: formatCode(code),
    form,
    batch,
    size,
    index,
    statement,
    id,
    text: document?.text ?? null,
    salt: document?.salt === undefined ? null : bytesToHex(document.salt),
    subtree: bytesToHex(subtree),
    signature: checkSignature(code, parseVerifierKey(key)),
  };
}

/** The parts of a landmark code of the only entry of a batch, in order; a case replaces one. */
const PARTS: Record<string, Uint8Array> = {
  form: Uint8Array.of(2),
  keyId: Uint8Array.of(1, 2, 3, 4),
  batch: varint(71),
  size: varint(1),
  index: varint(0),
  members: Uint8Array.of(1),
  digests: Uint8Array.of(129),
  agency: counted('port.example.gov'),
  profile: counted('permit@1'),
  receivedAt: time(Date.UTC(2026, 1, 27)),
  nonce: new Uint8Array(16).fill(7),
  more: new Uint8Array(0),
  text: counted('A permit'),
  salt: new Uint8Array(32).fill(9),
  end: new Uint8Array(0),
};

function assembled(changes: Record<string, Uint8Array>): string {
  return CODE_PREFIX + encodeBase45(concatBytes(...Object.values({ ...PARTS, ...changes })));
}

/** One text for each rule that it breaks alone. */
export function refusedVectors(): RefusedVector[] {
  const valid = assembled({});
  const member = (bit: number, more: Uint8Array) => ({ members: Uint8Array.of(1 + bit), more });
  const texts: Record<string, string> = {
    'an address': 'https://example.gov/permit/1',
    nothing: '',
    'its prefix in lower case': `sr1${valid.slice(3)}`,
    'a later version': `SR2${valid.slice(3)}`,
    'a character that base45 does not have': `${valid.slice(0, -3)}a00`,
    'a group of three above 65535': `${CODE_PREFIX}GGW`,
    'a group of two above 255': `${CODE_PREFIX}::`,
    'a group of one': `${CODE_PREFIX}0`,
    'a line feed at the end': `${valid}\n`,
    'no bytes': CODE_PREFIX,
    'form 0': assembled({ form: Uint8Array.of(0) }),
    'form 3': assembled({ form: Uint8Array.of(3) }),
    'cut short': assembled({ salt: PARTS['salt']!.slice(1) }),
    'a byte too many': assembled({ end: Uint8Array.of(0) }),
    'a hash too many in the path': assembled({ end: new Uint8Array(32) }),
    'a hash too few in the path': assembled({ size: varint(2) }),
    'the signature of the other form': assembled({ end: new Uint8Array(64) }),
    'a landmark code of 604 bytes': assembled({
      end: new Uint8Array(604 - concatBytes(...Object.values(PARTS)).length),
    }),
    'a self-contained code of 830 bytes': CODE_PREFIX + encodeBase45(new Uint8Array(830).fill(1)),
    'a number in a longer form': assembled({ batch: Uint8Array.of(0xc7, 0) }),
    'batch 2^53': assembled({ batch: varint(2 ** 53) }),
    'a batch of no entries': assembled({ size: varint(0) }),
    'a batch of more than 2^20': assembled({ size: varint(2 ** 20 + 1), end: new Uint8Array(8 * 32) }),
    'an index past the end': assembled({ index: varint(1) }),
    'an unknown bit of the digests': assembled({ digests: Uint8Array.of(129 + 16) }),
    'no digest': assembled({ digests: Uint8Array.of(128) }),
    'an agency that is no domain': assembled({ agency: counted('Port Authority') }),
    'a profile without a version': assembled({ profile: counted('permit') }),
    'received in the year 10000': assembled({ receivedAt: time(253_402_300_800_000) }),
    'a reference with a hidden character': assembled(member(2, counted('a\u200bb'))),
    'claims that are no JSON': assembled(member(4, counted('{'))),
    'claims that are no object': assembled(member(4, counted('[]'))),
    'claims with a space': assembled(member(4, counted('{"a": 1}'))),
    'claims not in order': assembled(member(4, counted('{"b":1,"a":1}'))),
    'claims with a member twice': assembled(member(4, counted('{"a":1,"a":1}'))),
    'valid until before it is valid from': assembled(
      member(24, concatBytes(time(Date.UTC(2026, 2, 2)), time(Date.UTC(2026, 2, 1)))),
    ),
    'superseding what is no record': assembled(member(32, new Uint8Array(16))),
    'a key id with a space': assembled(member(128, concatBytes(counted('key 1'), new Uint8Array(64)))),
    'no text': assembled({ text: counted('') }),
    'a text with a control character': assembled({ text: counted('a\tb') }),
    'a text that changes direction': assembled({ text: counted('a\u202eb') }),
    'a text that is no UTF-8': assembled({ text: Uint8Array.of(2, 0xc3, 0x28) }),
    'a text that begins with a byte order mark': assembled({ text: counted('\ufeffa') }),
  };
  parseCode(valid);
  return Object.entries(texts).map(([about, code]) => ({ about, code, refused: refusalOf(code) }));
}

function refusalOf(code: string): string {
  try {
    parseCode(code);
  } catch (error) {
    if (error instanceof PaperError) return error.code;
    throw error;
  }
  throw new Error(`expected to be refused: ${code}`);
}

function varint(value: number): Uint8Array {
  const out = new ByteWriter();
  out.varint(value);
  return out.written();
}

function counted(text: string): Uint8Array {
  const bytes = utf8ToBytes(text);
  return concatBytes(varint(bytes.length), bytes);
}

function time(ms: number): Uint8Array {
  return Uint8Array.from({ length: 6 }, (_, i) => Math.floor(ms / 256 ** (5 - i)) % 256);
}
