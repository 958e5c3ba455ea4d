import type { startHashWorker } from './file-hasher.js';
import type { GivenCode, GivenDigest } from './given-files.js';
// eslint-disable-next-line import/default -- the bundler makes the address; the module itself has no export of it
import workerAddress from './pdf-worker.ts?worker&url';
import type { readCode } from './read-code.js';
import type { PdfAnswer, PdfRequest } from './pdf-worker.js';

/** Largest file that is searched, in bytes: it is held in memory. */
const MAX_BYTES = 100 * 1024 * 1024;

/** Longest time for all pages, in milliseconds. */
const TIME_MS = 30_000;

/** What a search of a PDF's pages for a code of ours came to. */
export type PdfSearch = { state: 'found'; page: number; code: GivenCode } | UnfoundCode;

/** None: on which of how many pages; or why they could not be searched, `not-here` where that is never done. */
export type UnfoundCode =
  | { state: 'none'; looked: number; of: number }
  | { state: 'encrypted' | 'unreadable' | 'too-much' | 'no-reader' | 'not-here' };

/** What is shared with the page, which would be sent in more pieces if this module asked for it. */
export interface PdfTools {
  startWorker: typeof startHashWorker;
  readCode: typeof readCode;
}

/** Looks for a code of ours on the pages of a PDF, in a worker of its own, which a file that takes too long ends with. `onPage`: told how many of how many were looked at. */
export async function searchPdf(
  tools: PdfTools,
  file: Blob,
  onPage: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<PdfSearch> {
  if (file.size > MAX_BYTES) return { state: 'too-much' };
  const worker = tools.startWorker(new URL(workerAddress, import.meta.url).href, { type: 'module' });
  try {
    return await ask(
      tools,
      worker,
      await file.arrayBuffer(),
      onPage,
      AbortSignal.any([signal, AbortSignal.timeout(TIME_MS)]),
    );
  } catch (error) {
    signal.throwIfAborted();
    console.info('the pages of a PDF could not be searched:', error);
    return { state: (error as Error).name === 'TimeoutError' ? 'too-much' : 'unreadable' };
  } finally {
    worker.terminate();
  }
}

function ask(
  tools: PdfTools,
  worker: Worker,
  file: ArrayBuffer,
  onPage: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<PdfSearch> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    let isThere = false;
    // A script that cannot be fetched, or memory that is not there.
    worker.addEventListener('error', () => resolve({ state: isThere ? 'unreadable' : 'no-reader' }));
    let [looked, pages, of] = [0, 0, 0];
    async function take(answer: PdfAnswer): Promise<void> {
      isThere = true;
      if ('failure' in answer) resolve({ state: answer.failure });
      else if ('done' in answer) resolve({ state: 'none', looked, of });
      else if ('pages' in answer) ({ of, pages } = answer);
      else {
        const code = await firstOfOurs(tools, answer.texts);
        if (code) resolve({ state: 'found', page: answer.page, code });
        looked++;
      }
      onPage(looked, pages);
    }
    let turn = Promise.resolve();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<PdfAnswer>) => {
      turn = turn.then(() => take(data)).catch(reject);
    };
    const request: PdfRequest = { file, port: port2 };
    worker.postMessage(request, [file, port2]);
  });
}

/** What the first of these codes leads to that is a code on paper or names a digest. */
async function firstOfOurs({ readCode }: PdfTools, texts: readonly string[]): Promise<GivenCode | undefined> {
  for (const text of texts) {
    const given = await readCode(text);
    if (typeof given === 'string' || given instanceof File) continue;
    return 'digest' in given ? given : { digest: given as GivenDigest };
  }
  return undefined;
}
