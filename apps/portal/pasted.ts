import { base64urlnopad } from '@scure/base';
import { DIGEST_ALGORITHMS, DIGEST_BYTES, isDigestAlgorithm } from '#statement/digest.js';
import { PROOF_SUFFIX } from '#proof/format.js';
import { formatProof, type Proof } from '#proof/proof.js';
import type { GivenDigest } from './given-files.js';

/** What a code on paper begins with: the rest of what reads one is loaded for one. */
const CODE_PREFIX = 'SR1:';

/** Whether a text is a code on paper, as a hand scanner types it. */
export function isPaperCode(text: string): boolean {
  return text.trim().startsWith(CODE_PREFIX);
}

/** Name of a file that was given as a text. */
const TEXT_NAME = 'text.txt';

/** What a pasted text is: a digest in hex, with its algorithm before it or not; or else a file of that text, which may be a proof. */
export function readPasted(text: string): GivenDigest | File | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const [, name, hex = ''] = /^(?:([a-z0-9-]+):)?((?:[0-9a-f]{2})+)$/i.exec(trimmed) ?? [];
  const algorithms = DIGEST_ALGORITHMS.filter(
    (algorithm) => DIGEST_BYTES[algorithm] * 2 === hex.length && (name === undefined || name === algorithm),
  );
  if (algorithms.length > 0 && (name === undefined || isDigestAlgorithm(name)))
    return { hex: hex.toLowerCase(), algorithms };
  const isProof = trimmed.startsWith('{') && trimmed.includes('"sealroot/proof@');
  return new File([text], isProof ? `pasted${PROOF_SUFFIX}` : TEXT_NAME);
}

/** What a link to the page brings in its fragment, which no server is sent: a proof or a digest. Undefined for any other link. */
export function readFragment(fragment: string): GivenDigest | File | undefined {
  const [, name, value = ''] = /^#(proof|digest)=(.+)$/.exec(fragment) ?? [];
  if (name === 'digest') {
    const given = readPasted(value);
    return given instanceof File ? undefined : given;
  }
  if (name !== 'proof' || !/^[A-Za-z0-9_-]+$/.test(value) || value.length % 4 === 1) return undefined;
  return new File([new Uint8Array(base64urlnopad.decode(value))], `link${PROOF_SUFFIX}`);
}

/** A link to the page at `address` that looks a record up, by a digest that it was registered with. */
export function lookupLink({ statement: { digests } }: Proof, address: string): string {
  const [[algorithm, hex] = []] = Object.entries(digests);
  return new URL(`#digest=${algorithm}:${hex}`, address).href;
}

/** A link to the page at `address` that brings a proof. */
export function linkTo(proof: Proof, address: string): string {
  const link = new URL(address);
  link.hash = `proof=${base64urlnopad.encode(new TextEncoder().encode(formatProof(proof)))}`;
  return link.href;
}
