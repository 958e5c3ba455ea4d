import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from '#embed/byte-source.js';
import { CliError, fileError } from './cli-error.js';

/** An open file that is read piece by piece. To be closed. */
export interface FileSource extends ByteSource {
  /** @throws CliError `no-input` when the file was changed since it was opened: what was read then fits no file */
  checkUnchanged(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a file to read of it what is needed. @throws CliError `no-input` */
export async function openSource(path: string): Promise<FileSource> {
  const doing = `Reading ${path}`;
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const before = await file.stat();
    if (before.isDirectory()) throw new CliError('no-input', `${doing}: expected a file, got a folder`);
    return source(file, doing, before);
  } catch (error) {
    await file?.close();
    if (error instanceof CliError) throw error;
    throw fileError(doing, error, 'no-input');
  }
}

function source(file: FileHandle, doing: string, before: { size: number; mtimeMs: number }): FileSource {
  const changed = () => new CliError('no-input', `${doing}: expected it to stay as it is, but it changed meanwhile`);
  return {
    size: before.size,
    async read(start, end) {
      const bytes = new Uint8Array(end - start);
      for (let at = 0; at < bytes.length;) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at).catch((error: unknown) => {
          throw fileError(doing, error, 'no-input');
        });
        if (bytesRead === 0) throw changed();
        at += bytesRead;
      }
      return bytes;
    },
    async checkUnchanged() {
      const after = await file.stat();
      if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw changed();
    },
    close: () => file.close(),
  };
}
