import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { compareBytes } from './byte-order.js';
import { ByteReader, varuint } from './byte-reader.js';
import { OtsError } from './error.js';

/** Length of an attestation tag, in bytes. */
export const ATTESTATION_TAG_BYTES = 8;
/** Longest payload of an attestation, in bytes. */
export const MAX_PAYLOAD_BYTES = 8192;
/** Longest calendar address of a pending attestation, in bytes. */
export const MAX_URI_BYTES = 1000;

/** No query, no fragment, no credentials, no percent signs: a calendar address can be nothing but a plain path. */
const URI_PATTERN = /^[A-Za-z0-9\-._/:]*$/;

/** The block chains whose attestation is a block height. */
export type ChainAttestationType = 'bitcoin' | 'litecoin' | 'ethereum';

/**
 * A statement that the message it stands at existed by some time.
 *
 * A chain attestation says that the message is the Merkle root (for `ethereum`, the transactions root) of the block at
 * `height`. A pending one says that the calendar at `uri` promised to supply the rest. An unknown one is kept
 * as it is: `tag` has 8 bytes, `payload` at most 8192.
 */
export type Attestation =
  | { readonly type: ChainAttestationType; readonly height: number }
  | { readonly type: 'pending'; readonly uri: string }
  | { readonly type: 'unknown'; readonly tag: Uint8Array; readonly payload: Uint8Array };

const TAGS: Readonly<Record<Exclude<Attestation['type'], 'unknown'>, string>> = {
  bitcoin: '0588960d73d71901',
  litecoin: '06869a0d73d71b45',
  ethereum: '30fe8087b5c7ead7',
  pending: '83dfe30d2ef90c8e',
};

const TYPES_BY_TAG = new Map(
  Object.entries(TAGS).map(([type, tag]) => [tag, type as Exclude<Attestation['type'], 'unknown'>]),
);

/** Reads an attestation from its tag on. A known tag's payload must be read whole. Throws `bad-attestation`, `truncated`, `bad-varuint`. */
export function readAttestation(reader: ByteReader): Attestation {
  const tag = reader.readBytes(ATTESTATION_TAG_BYTES);
  const payload = reader.readVarbytes(0, MAX_PAYLOAD_BYTES);
  if (payload === null) {
    throw new OtsError(
      'bad-attestation',
      `Reading an attestation: expected at most ${MAX_PAYLOAD_BYTES} payload bytes`,
    );
  }
  const type = TYPES_BY_TAG.get(bytesToHex(tag));
  if (type === undefined) return { type: 'unknown', tag, payload };
  const inner = new ByteReader(payload);
  const attestation: Attestation =
    type === 'pending' ? { type, uri: readUri(inner) } : { type, height: inner.readVaruint() };
  if (inner.remaining > 0) {
    throw new OtsError(
      'bad-attestation',
      `Reading a ${type} attestation: expected the end of its payload, got ${inner.remaining} more bytes`,
    );
  }
  return attestation;
}

/** The attestation with its tag, as it stands in a file. Throws `bad-attestation` and `bad-varuint`. */
export function attestationBytes(attestation: Attestation): Uint8Array {
  const payload = payloadBytes(attestation);
  return concatBytes(attestationTag(attestation), varuint(payload.length), payload);
}

/**
 * The canonical order: by tag, then by height as a number, by address as text, or by the unknown payload's bytes.
 * Zero means that both are the same attestation.
 */
export function compareAttestations(a: Attestation, b: Attestation): number {
  const byTag = compareBytes(attestationTag(a), attestationTag(b));
  if (byTag !== 0) return byTag;
  if ('height' in a && 'height' in b) return a.height - b.height;
  if (a.type === 'pending' && b.type === 'pending') return compareBytes(utf8ToBytes(a.uri), utf8ToBytes(b.uri));
  return compareBytes(payloadBytes(a), payloadBytes(b));
}

function attestationTag(attestation: Attestation): Uint8Array {
  if (attestation.type !== 'unknown') return hexToBytes(TAGS[attestation.type]);
  const { tag } = attestation;
  const taken = TYPES_BY_TAG.get(bytesToHex(tag));
  if (tag.length !== ATTESTATION_TAG_BYTES || taken !== undefined) {
    throw new OtsError(
      'bad-attestation',
      `Making an unknown attestation: expected an unknown tag of ${ATTESTATION_TAG_BYTES} bytes, got ${taken ?? `${tag.length} bytes`}`,
    );
  }
  return tag;
}

function payloadBytes(attestation: Attestation): Uint8Array {
  switch (attestation.type) {
    case 'pending': {
      const uri = utf8ToBytes(checkUri(attestation.uri));
      return concatBytes(varuint(uri.length), uri);
    }
    case 'unknown':
      if (attestation.payload.length > MAX_PAYLOAD_BYTES) {
        throw new OtsError(
          'bad-attestation',
          `Making an unknown attestation: expected at most ${MAX_PAYLOAD_BYTES} payload bytes, got ${attestation.payload.length}`,
        );
      }
      return attestation.payload;
    default:
      return varuint(attestation.height);
  }
}

function readUri(reader: ByteReader): string {
  const uri = reader.readVarbytes(0, MAX_URI_BYTES);
  if (uri === null) {
    throw new OtsError(
      'bad-attestation',
      `Reading a pending attestation: expected at most ${MAX_URI_BYTES} address bytes`,
    );
  }
  // One character per byte, so that a byte outside ASCII is refused by the pattern and not repaired by a decoder.
  return checkUri(String.fromCharCode(...uri));
}

function checkUri(uri: string): string {
  if (uri.length > MAX_URI_BYTES || !URI_PATTERN.test(uri)) {
    throw new OtsError(
      'bad-attestation',
      `Pending attestation: expected an address of at most ${MAX_URI_BYTES} characters A-Z a-z 0-9 - . _ / :, got another`,
    );
  }
  return uri;
}
