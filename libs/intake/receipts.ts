import { hash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { SIGNING_KEY, type SigningKey } from '#keys/signing-key.js';
import { HASH_BYTES } from '#merkle/hash.js';
import { rowAbove } from '#merkle/tile.js';
import { formatReceiptHead, includeBy, receiptOrigin } from '#receipt/head.js';
import { formatTime } from '#statement/time.js';
import { nativeSha256Into } from './native-sha256.js';

/** A signed promise over what one request had accepted. */
export interface IssuedReceipt {
  /** `{"note":…,"index":…,"path":[…]}`. */
  json: string;
  /** Time by which it is all in the log. */
  includeBy: string;
}

/** A receipt's members of an answer, after others; empty without one. */
export function receiptMembers(receipt: IssuedReceipt | undefined): string {
  return receipt === undefined ? '' : `,"receipt":${receipt.json},"includeBy":"${receipt.includeBy}"`;
}

interface Waiting {
  /** Entry of the request, 32 bytes, as a Latin-1 string. */
  entry: string;
  resolve: (receipt: IssuedReceipt) => void;
  reject: (error: unknown) => void;
}

/** Makes receipts. Requests that ask at the same time, as those of one commit group do, share one signature: each is a leaf of one tree. */
@Injectable()
export class Receipts {
  #waiting: Waiting[] = [];
  #signing = false;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'logOrigin'>,
    @Inject(SIGNING_KEY) private readonly key: SigningKey,
  ) {}

  /** The receipt of a request over `leavesHex`: the leaf hashes of its accepted items in the order of the answer, concatenated. Call it only after their
   * commit. */
  issue(leavesHex: string): Promise<IssuedReceipt> {
    return this.#issue(hash('sha256', Buffer.from(leavesHex, 'hex'), 'binary'));
  }

  /** The same for an entry (32 bytes) that was computed before. */
  issueFor(entry: Uint8Array): Promise<IssuedReceipt> {
    return this.#issue(Buffer.from(entry).toString('latin1'));
  }

  #issue(entry: string): Promise<IssuedReceipt> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      if (this.#signing) return;
      this.#signing = true;
      // After this turn of the event loop, in which the others of the commit group ask too.
      setImmediate(() => void this.#signAll());
    });
  }

  async #signAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        await this.#sign(group);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    this.#signing = false;
  }

  async #sign(group: readonly Waiting[]): Promise<void> {
    const { logOrigin } = this.config;
    const rows = treeOver(group);
    const nodes = rows.map((row) => Buffer.from(row.buffer));
    const committedAt = formatTime(Date.now());
    const text = formatReceiptHead({ logOrigin, size: group.length, root: rows.at(-1)!, committedAt });
    const note = JSON.stringify(await this.key.signNote(receiptOrigin(logOrigin), text));
    const by = includeBy({ committedAt });
    for (const [index, { resolve }] of group.entries())
      resolve({ json: `{"note":${note},"index":${index},"path":[${pathJson(nodes, index)}]}`, includeBy: by });
  }
}

/** The rows of the RFC 9162 tree over the group's entries, leaves first, the root last. */
function treeOver(group: readonly Waiting[]): Uint8Array[] {
  const leaves = new Uint8Array(group.length * HASH_BYTES);
  const preimage = Buffer.alloc(1 + HASH_BYTES);
  let at = 0;
  for (const { entry } of group) {
    preimage.write(entry, 1, 'latin1');
    at = nativeSha256Into(preimage, leaves, at);
  }
  const rows: Uint8Array[] = [leaves];
  for (let row: Uint8Array = leaves; row.length > HASH_BYTES;) rows.push((row = rowAbove(row, nativeSha256Into)));
  return rows;
}

/** The siblings on the way from leaf `index` to the root, each in base64, as the inside of a JSON array. */
function pathJson(rows: readonly Buffer[], index: number): string {
  let json = '';
  for (const [height, row] of rows.entries()) {
    const at = (Math.floor(index / 2 ** height) ^ 1) * HASH_BYTES;
    // The last node of a row of odd length has no sibling, nor has the root.
    if (at < row.length) json += `${json === '' ? '' : ','}"${row.toString('base64', at, at + HASH_BYTES)}"`;
  }
  return json;
}
