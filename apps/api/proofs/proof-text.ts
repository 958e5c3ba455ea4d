/** Bytes as lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

/** Bytes as base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** A path as JSON text: an array of hashes in hex. */
export function toHexList(path: readonly Uint8Array[]): string {
  return `[${path.map((hash) => `"${toHex(hash)}"`).join()}]`;
}
