import { crc32, deflateSync } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import type { CarriedText, CodeForm } from '#paper/code.js';
import { formatCode } from '#paper/codec.js';
import { PaperError } from '#paper/error.js';
import { PRINTED_MODULE_MM, pngOf, qrModules, svgOf } from '#paper/image.js';
import { makeCode } from '#paper/make.js';
import { BatchPaths } from '#sealing/batch-paths.js';
import { parseStatement } from '#statement/statement.js';
import { BatchStandingService } from '../log/batch-standing.service.js';
import { MadeOnce } from '../limits/made-once.js';
import { Room } from '../limits/room.js';
import { LogService } from '../log/log.service.js';
import { Problem } from '../problems/problem.js';
import { RecordsService } from './records.service.js';

/** In what a code is answered: `text` is what the QR code holds. */
export const QR_FORMATS = ['svg', 'png', 'text'] as const;

export type QrFormat = (typeof QR_FORMATS)[number];

/** Media type of each. */
export const QR_MEDIA_TYPES: Readonly<Record<QrFormat, string>> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  text: 'text/plain; charset=utf-8',
};

/** Pixels of a module: 600 dpi at the size for print. */
const PIXELS = 8;

/** Codes without a document remembered, some ten kilobytes each. */
const CACHE_CODES = 500;

/** Codes drawn at a time, and how many may wait for that: drawing takes milliseconds in which nothing else is done. */
const ROOM = { policy: 'codes', places: 2, waiting: 64 };

/** Makes the codes on paper of sealed records. */
@Injectable()
export class QrService {
  readonly #room = new Room(ROOM);
  readonly #kept = new MadeOnce<string, Uint8Array | string>({ most: CACHE_CODES, room: this.#room });

  constructor(
    private readonly records: RecordsService,
    private readonly standings: BatchStandingService,
    private readonly batchPaths: BatchPaths,
    private readonly log: LogService,
  ) {}

  /** The code that says which record a paper belongs to, of what everybody may know. It never changes.
   * @throws Problem `record-not-found`, `proof-not-ready`, `format-unavailable`, `busy` */
  ofRecord(id: string, form: CodeForm, format: QrFormat): Promise<Uint8Array | string> {
    return this.#kept.get(`${id} ${form} ${format}`, () => this.#draw(id, form, format));
  }

  /** The code with the document in it, which is kept nowhere. @throws Problem as {@link ofRecord}, and `invalid-body` for another document */
  ofDocument(id: string, form: CodeForm, format: QrFormat, document: CarriedText): Promise<Uint8Array | string> {
    return this.#room.use(() => this.#draw(id, form, format, document));
  }

  async #draw(id: string, form: CodeForm, format: QrFormat, document?: CarriedText): Promise<Uint8Array | string> {
    return drawn(await this.#text(id, form, document), id, format);
  }

  async #text(id: string, form: CodeForm, document?: CarriedText): Promise<string> {
    const record = await this.records.get(id);
    const standing = record.place && (await this.standings.find(record.place.batch));
    if (!record.place || !standing) {
      throw new Problem('proof-not-ready', 'The record is accepted and waits for its batch to be sealed.', {
        headers: { 'retry-after': '1' },
      });
    }
    const { batch } = standing;
    const { index } = record.place;
    const path = await this.batchPaths.inclusionPath(batch.number, index, batch.size);
    try {
      const sealed = {
        statement: parseStatement(JSON.parse(record.statement)),
        batch,
        index,
        path,
        checkpoint: batch.checkpoint,
        logKey: this.log.verifierKeyOf(batch),
      };
      return formatCode(makeCode(sealed, form, document));
    } catch (cause) {
      throw cause instanceof PaperError ? problemOf(cause, document !== undefined) : cause;
    }
  }
}

function drawn(text: string, id: string, format: QrFormat): Uint8Array | string {
  if (format === 'text') return `${text}\n`;
  const modules = qrModules(text);
  if (format === 'png') return Buffer.from(pngOf(modules, PIXELS, { crc32, deflateSync }));
  return svgOf(modules, { sizeMm: Math.round(modules.length * PRINTED_MODULE_MM), title: id });
}

/** No message of these repeats the document or its salt. */
function problemOf(cause: PaperError, hasDocument: boolean): Problem {
  if (!hasDocument) return new Problem('format-unavailable', `${cause.message}.`, { cause });
  const errors = [{ pointer: '/text', detail: cause.message }];
  return new Problem('invalid-body', `/text: ${cause.message}`, { errors, cause });
}
