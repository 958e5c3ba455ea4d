import { type FileHandle, open, stat } from 'node:fs/promises';
import { concatBytes } from '@noble/hashes/utils.js';
import { BLOCK_HEADER_BYTES } from '#bitcoin/block-header.js';
import { BitcoinError } from '#bitcoin/error.js';
import { HeaderChain } from '#bitcoin/header-chain.js';
import { formatHeaderPackHead, type HeaderPack, parseHeaderPack, splitHeaderPack } from '#bitcoin/header-pack.js';
import { CliError, fileError } from '../cli-error.js';
import { nativeSha256 } from '../native-sha256.js';
import { writeWholeFile } from '../output-file.js';

/** Longest file that is read as a header pack, in bytes: far more headers than Bitcoin has. */
const MAX_PACK_BYTES = 1_073_741_824;

/** A checked header pack, and what its file holds after the last whole header. */
export interface PackOnDisk {
  pack: HeaderPack;
  /** Length of the head. */
  headBytes: number;
  /** Length of the head and all whole headers. */
  wholeBytes: number;
  /** Bytes of a header that is not whole: what a write was cut off in. */
  partialBytes: number;
}

/** Reads and checks a pack; undefined when there is no such file. @throws CliError `no-input`, `bad-data` */
export async function readPackFile(path: string): Promise<PackOnDisk | undefined> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > MAX_PACK_BYTES)
      throw new CliError('bad-data', `Reading ${path}: expected a header pack, got a file of ${size} bytes`);
    const file = await open(path, 'r');
    try {
      bytes = new Uint8Array(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw fileError(`Reading ${path}`, error, 'no-input');
  }
  try {
    const { headers } = splitHeaderPack(bytes);
    const partialBytes = headers.length % BLOCK_HEADER_BYTES;
    const wholeBytes = bytes.length - partialBytes;
    const pack = parseHeaderPack(bytes.subarray(0, wholeBytes), nativeSha256);
    return { pack, headBytes: bytes.length - headers.length, wholeBytes, partialBytes };
  } catch (error) {
    if (!(error instanceof BitcoinError)) throw error;
    throw new CliError('bad-data', `Reading ${path}: ${error.message}`, { cause: error });
  }
}

/** The same, for a file that must be there and whole. @throws CliError `no-input`, `bad-data` */
export async function readWholePack(path: string): Promise<PackOnDisk> {
  const found = await readPackFile(path);
  if (found === undefined) throw new CliError('no-input', `Reading ${path}: there is no such file or folder`);
  if (found.partialBytes > 0)
    throw new CliError(
      'bad-data',
      `Reading ${path}: expected whole headers of ${BLOCK_HEADER_BYTES} bytes, got ${found.pack.count} and ${found.partialBytes} bytes of another: the file was cut off ("sealroot headers fetch" repairs and continues it)`,
    );
  return found;
}

/** A pack that grows at its end. Every change is on the disk when its promise resolves. */
export class PackFile {
  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    private readonly headBytes: number,
    private chainSoFar: HeaderChain,
  ) {}

  /** Makes a file of a head and the first headers, all of it at once. @throws CliError `cannot-create` when the name is taken, and else */
  static async create(path: string, chain: HeaderChain, headers: readonly Uint8Array[]): Promise<PackFile> {
    const head = formatHeaderPackHead(chain.network.name, chain.startHeight);
    if (!(await writeWholeFile(path, concatBytes(head, ...headers), { replace: false })))
      throw new CliError('cannot-create', `Writing ${path}: expected no file there, got one meanwhile`);
    return new PackFile(path, await openToWrite(path), head.length, chain);
  }

  /** Opens a file to continue it, without the header that is not whole at its end. @throws CliError `cannot-create` */
  static async continue(path: string, found: PackOnDisk): Promise<PackFile> {
    const file = await openToWrite(path);
    const opened = new PackFile(path, file, found.headBytes, found.pack.chain);
    if (found.partialBytes > 0) await opened.#cutTo(found.wholeBytes);
    return opened;
  }

  /** What the headers in the file come to. */
  get chain(): HeaderChain {
    return this.chainSoFar;
  }

  /** Height of the last header. */
  get endHeight(): number {
    return this.chainSoFar.startHeight + this.chainSoFar.count - 1;
  }

  /** The headers from one height to another, both included, as they stand in the file. @throws CliError `cannot-create` */
  async read(from: number, to: number): Promise<Uint8Array[]> {
    const bytes = new Uint8Array((to - from + 1) * BLOCK_HEADER_BYTES);
    try {
      const { bytesRead } = await this.file.read(bytes, 0, bytes.length, this.#offset(from));
      if (bytesRead !== bytes.length) throw new Error(`expected ${bytes.length} bytes, got ${bytesRead}`);
    } catch (error) {
      throw fileError(`Reading ${this.path}`, error, 'cannot-create');
    }
    return Array.from({ length: to - from + 1 }, (_, i) =>
      bytes.subarray(i * BLOCK_HEADER_BYTES, (i + 1) * BLOCK_HEADER_BYTES),
    );
  }

  /** Writes headers behind the one at `after`, in the place of all that follow it. `chain` is the chain with them. A write that fails is
   * undone. @throws CliError `cannot-create` */
  async write(headers: readonly Uint8Array[], chain: HeaderChain, after = this.endHeight): Promise<void> {
    const bytes = concatBytes(...headers);
    const start = this.#offset(after + 1);
    // First cut, then written: a file that ends early is right, one with two branches is not.
    if (after < this.endHeight) await this.#cutTo(start);
    try {
      let done = 0;
      while (done < bytes.length) {
        const { bytesWritten } = await this.file.write(bytes, done, bytes.length - done, start + done);
        done += bytesWritten;
      }
      await this.file.datasync();
    } catch (error) {
      await this.#cutTo(start);
      throw fileError(`Writing ${this.path}`, error, 'cannot-create');
    }
    this.chainSoFar = chain;
  }

  /** A chain of the headers in the file up to a height, to append to. */
  async chainUpTo(height: number): Promise<HeaderChain> {
    const { network, startHeight } = this.chainSoFar;
    if (height === this.endHeight) return this.chainSoFar.copy();
    const chain = new HeaderChain(network, startHeight, nativeSha256);
    for (const header of await this.read(startHeight, height)) chain.append(header);
    return chain;
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  #offset(height: number): number {
    return this.headBytes + (height - this.chainSoFar.startHeight) * BLOCK_HEADER_BYTES;
  }

  async #cutTo(bytes: number): Promise<void> {
    try {
      await this.file.truncate(bytes);
      await this.file.datasync();
    } catch (error) {
      throw fileError(`Cutting ${this.path}`, error, 'cannot-create');
    }
  }
}

async function openToWrite(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    throw fileError(`Writing ${path}`, error, 'cannot-create');
  }
}
