/** A record that a service holds, as it is looked up. */
export interface Held {
  /** Hex. */
  digest: string;
  id: string;
  /** What the service tells of it: a JSON text. */
  line: string;
}

/** What a service with these records answers who looks one up privately: `size` to a page; it asks for 8 bits. Undefined for any other question. */
export function lookupAnswer(url: URL, records: readonly Held[], size = 100): Response | undefined {
  const [, what = ''] = /\/v1\/candidates(\/page|\/proofs)?$/.exec(url.pathname) ?? ['', 'other'];
  if (what === 'other') return undefined;
  if (what === '') return Response.json({ bits: 8, proofBits: 8 });
  const prefix = url.searchParams.get('prefix')!;
  const after = url.searchParams.get('after') ?? '';
  const found = records
    .filter(({ digest }) => Number.parseInt(digest.slice(0, 2), 16).toString(2).padStart(8, '0') === prefix)
    .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
    .filter((record) => placeOf(record) > after);
  const page = found.slice(0, size);
  const hasMore = found.length > size;
  if (what === '/page') {
    const bytes = Buffer.alloc(5 + 24 * size, 0xff);
    bytes.writeUInt32BE(page.length);
    bytes.writeUInt8(hasMore ? 1 : 0, 4);
    for (const [i, record] of page.entries()) bytes.write(placeOf(record), 5 + 24 * i, 'hex');
    return new Response(bytes);
  }
  const next = `</v1/candidates/proofs?prefix=${prefix}&after=${hasMore ? placeOf(page.at(-1)!) : ''}>; rel="next"`;
  return new Response(page.map(({ line }) => line.trim()).join('\n'), { headers: hasMore ? { link: next } : {} });
}

function placeOf({ digest, id }: Held): string {
  return digest.slice(0, 16) + id.replaceAll('-', '');
}
