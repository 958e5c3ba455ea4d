import { concatBytes } from '@noble/hashes/utils.js';
import { elementsOf, readDer, TAG } from '../der.js';
import { writeDer } from '../der-writer.js';

/** A way in which BER may differ from DER. */
export type BerForm = 'open lengths' | 'long lengths' | 'content in pieces';

const CONTENT = TAG.octetString;
const OPEN = Uint8Array.of(0x80);
const END = Uint8Array.of(0, 0);

/** A token or an answer in BER, as some authorities write them: what no signature is over gets the form, certificates and the signer's part stay DER. */
export function asBer(der: Uint8Array, form: BerForm): Uint8Array {
  const element = readDer(der, 'an element to write in BER');
  const { tag, content } = element;
  if (tag === CONTENT && form === 'content in pieces') {
    const pieces = [content.subarray(0, 7), content.subarray(7)].map((piece) => writeDer(CONTENT, piece));
    return concatBytes(Uint8Array.of(CONTENT | 0x20), OPEN, ...pieces, END);
  }
  if ((tag & 0x20) === 0 || tag === TAG.set) return der;
  const inner = elementsOf(element, 'an element to write in BER', tag).rest;
  const body = concatBytes(...inner.map(({ bytes }) => (isCertificate(bytes) ? bytes : asBer(bytes, form))));
  if (form !== 'long lengths') return concatBytes(Uint8Array.of(tag), OPEN, body, END);
  const length = [24, 16, 8, 0].map((shift) => (body.length >>> shift) & 0xff);
  return concatBytes(Uint8Array.of(tag, 0x84, ...length), body);
}

/** Whether an element is a SEQUENCE of three that ends with a BIT STRING. */
function isCertificate(der: Uint8Array): boolean {
  const element = readDer(der, 'a certificate or not');
  if (element.tag !== TAG.sequence) return false;
  const parts = elementsOf(element, 'a certificate or not').rest;
  return parts.length === 3 && parts[2]!.tag === TAG.bitString;
}
