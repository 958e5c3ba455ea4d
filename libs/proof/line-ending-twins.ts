/** Largest text whose line endings are tried, in bytes. */
export const MAX_TWIN_BYTES = 1_048_576;

const [LF, CR, NUL] = [0x0a, 0x0d, 0x00];

/** What a text would be with other line endings: all of them LF, or all of them CRLF, as far as that is another text. Nothing for other files. */
export function lineEndingTwins(content: Uint8Array): Uint8Array[] {
  if (content.length > MAX_TWIN_BYTES || content.includes(NUL) || !content.includes(LF)) return [];
  const unix: number[] = [];
  const dos: number[] = [];
  for (let i = 0; i < content.length; i++) {
    const byte = content[i]!;
    const isBreak = byte === LF || (byte === CR && content[i + 1] === LF);
    if (byte === CR && isBreak) i += 1;
    unix.push(isBreak ? LF : byte);
    dos.push(...(isBreak ? [CR, LF] : [byte]));
  }
  return [unix, dos].map((bytes) => Uint8Array.from(bytes)).filter((twin) => !isSame(twin, content));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
