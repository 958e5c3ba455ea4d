/** What marks an embedded proof, in every kind of document; a space and then something else follows it. */
export const MARK = 'sealroot-proof@2';

/** Most bytes of a proof in a document or beside it: as long as the longest proof text. */
export const MAX_PROOF_BYTES = 2_097_152;

/** Bytes as text, one character each. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  // In parts: the arguments of one call are limited.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** ASCII text as bytes. */
export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
