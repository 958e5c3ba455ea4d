import { readdir, readFile } from 'node:fs/promises';
import { fileError } from './cli-error.js';

/** The content of a file. @throws CliError `no-input` */
export function readInput(path: string): Promise<Buffer<ArrayBuffer>> {
  return readFile(path).catch((error: unknown) => {
    throw fileError(`Reading ${path}`, error, 'no-input');
  });
}

/** The same; undefined when there is no such file. @throws CliError `no-input` */
export function findInput(path: string): Promise<Buffer<ArrayBuffer> | undefined> {
  return readInput(path).catch(noneWhereMissing);
}

/** Names of what is in a folder, in order; undefined when there is no such folder. @throws CliError `no-input` */
export async function findFolder(path: string): Promise<string[] | undefined> {
  const names = await readdir(path).catch((error: unknown) =>
    noneWhereMissing(fileError(`Reading the folder ${path}`, error, 'no-input')),
  );
  return names?.sort();
}

function noneWhereMissing(error: Error): undefined {
  if ((error.cause as NodeJS.ErrnoException | undefined)?.code !== 'ENOENT') throw error;
}
