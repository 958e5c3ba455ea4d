import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { negotiate } from '@fastify/accept-negotiator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isKnown } from './conditional.js';

/** How a file may be packed, the best first: each once, when it is first asked for so. */
const PACK = {
  br: (content: Buffer) => promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: (content: Buffer) => promisify(gzip)(content),
};
const ENCODINGS = Object.keys(PACK) as Encoding[];

type Encoding = keyof typeof PACK;

/** A file that is sent from memory: however many ask for it, none of them has anything read or packed anew. */
export class KeptFile {
  readonly #digest: string;
  readonly #packed = new Map<Encoding, Promise<Buffer>>();

  /** `headers` go with every answer; `packs` is whether the file is worth packing, and may be: a digest in `headers` is that of the file as it is. */
  constructor(
    private readonly content: Buffer,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly packs: boolean,
  ) {
    this.#digest = createHash('sha256').update(content).digest('base64url');
  }

  /** Answers a request with the file, or with 304 where it is there already. */
  async send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const encoding = this.packs ? negotiate(request.headers['accept-encoding'] ?? '', ENCODINGS) : null;
    const etag = `"${this.#digest}${encoding === null ? '' : `-${encoding}`}"`;
    reply.headers({ ...this.headers, etag, ...(this.packs && { vary: 'accept-encoding' }) });
    if (isKnown(request, etag)) return reply.code(304).send();
    if (encoding === null) return reply.send(this.content);
    return reply.header('content-encoding', encoding).send(await this.#pack(encoding));
  }

  #pack(encoding: Encoding): Promise<Buffer> {
    const known = this.#packed.get(encoding);
    if (known) return known;
    const packed = PACK[encoding](this.content);
    this.#packed.set(encoding, packed);
    packed.catch(() => this.#packed.delete(encoding));
    return packed;
  }
}
