import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { hexToBytes } from '@noble/hashes/utils.js';
import { type DigestBytes, digestsToHex } from '#sdk/hashing.js';
import { canonicalize } from '#statement/jcs.js';
import { fileError } from '../cli-error.js';
import type { Terms } from './document.js';
import type { HashedFile } from './hash-pool.js';
import { STATE_SUFFIX } from './own-file.js';

/** Format name, on the first line. */
const FORMAT = 'sealroot/submission@1';

/** What is known of a file. */
interface Entry {
  size: number;
  mtimeMs: number;
  /** Hex. */
  digests: Record<string, string>;
  /** Of its record, once that is accepted and its receipt written. */
  id?: string;
}

/**
 * How far a submission of many files is: a line for each file that was hashed, and one for each that has a receipt. It is only added to, so that whatever ends
 * the program leaves what was written; a line that broke off is passed over. Its name comes from the service, the key and the terms: with others it is another one.
 */
export class SubmissionState {
  readonly #entries = new Map<string, Entry>();
  #lines: string[] = [];
  /** Id of the bulk import that takes the records. */
  importId: string | undefined;

  private constructor(private readonly file: FileHandle) {}

  /** Opens the state in a folder, with what it knows unless `fresh`. @throws CliError `cannot-create`, `no-input` */
  static async open(folder: string, whose: { service: string; keyPrefix: string }, terms: Terms, fresh: boolean) {
    const { outputFolder, ...said } = terms;
    const content = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    const name = createHash('sha256').update(canonicalize({ ...whose, content, out: outputFolder ?? '' }));
    const path = join(folder, `${name.digest('hex').slice(0, 16)}${STATE_SUFFIX}`);
    const file = await mkdir(folder, { recursive: true })
      .then(() => open(path, fresh ? 'w' : 'a', 0o600))
      .catch((error: unknown) => {
        throw fileError(`Writing ${path}`, error, 'cannot-create');
      });
    const state = new SubmissionState(file);
    await state.#read(path);
    state.#lines.push('', JSON.stringify({ format: FORMAT, ...whose }));
    return state;
  }

  /** What is known of a file of this size and time; undefined where it was not hashed, or has changed. Each is asked about once. */
  find(path: string, size: number, mtimeMs: number): { digests: DigestBytes; id: string | undefined } | undefined {
    const name = resolve(path);
    const entry = this.#entries.get(name);
    this.#entries.delete(name);
    if (entry === undefined || entry.size !== size || entry.mtimeMs !== mtimeMs) return undefined;
    const digests = Object.entries(entry.digests).map(([name, hex]) => [name, hexToBytes(hex)] as const);
    return { digests: Object.fromEntries(digests), id: entry.id };
  }

  /** A file was hashed. */
  hashed(path: string, { digests, mtimeMs, size }: HashedFile): void {
    this.#lines.push(JSON.stringify({ file: resolve(path), size, mtimeMs, digests: digestsToHex(digests) }));
  }

  /** Its record is accepted, and the receipt is written. */
  accepted(path: string, id: string): void {
    this.#lines.push(JSON.stringify({ file: resolve(path), id }));
  }

  /** The import was opened. */
  opened(id: string): void {
    this.importId = id;
    this.#lines.push(JSON.stringify({ import: id }));
  }

  /** Writes what was told. @throws CliError `cannot-create` */
  async write(): Promise<void> {
    const lines = this.#lines.splice(0);
    if (lines.length === 0) return;
    try {
      await this.file.appendFile(`${lines.join('\n')}\n`);
    } catch (error) {
      throw fileError('Writing how far the submission is', error, 'cannot-create');
    }
  }

  /** Writes the rest, and closes the file. */
  async close(): Promise<void> {
    await this.write().finally(() => this.file.close());
  }

  async #read(path: string): Promise<void> {
    try {
      for await (const line of createInterface({ input: createReadStream(path) })) this.#take(line);
    } catch (error) {
      throw fileError(`Reading ${path}`, error, 'no-input');
    }
  }

  #take(line: string): void {
    let said: { file?: unknown; import?: unknown; id?: string } & Partial<Entry>;
    try {
      said = JSON.parse(line) as typeof said;
    } catch (error) {
      if (error instanceof SyntaxError) return;
      throw error;
    }
    if (typeof said.import === 'string') this.importId = said.import;
    if (typeof said.file !== 'string') return;
    const { digests, file, id, mtimeMs, size } = said;
    const known = this.#entries.get(file);
    if (digests !== undefined && size !== undefined && mtimeMs !== undefined)
      this.#entries.set(file, { size, mtimeMs, digests });
    else if (known !== undefined && id !== undefined) known.id = id;
  }
}
