import { DocumentCheck } from './document-check.js';
import type { GivenFiles } from './given-files.js';
import { isWorking, type Stage } from './stage.js';
import type { CheckSurroundings } from './surroundings.js';

/** Checks at the same time: enough that one is hashed while others wait for the service. */
const AT_ONCE = 6;

/** A document among many, and what came of it. */
export interface ManyItem {
  files: GivenFiles;
  name: string;
  /** Undefined until it is checked. */
  stage?: Stage;
}

/** What given files are called in a list. */
export function nameOf({ document, ots, proof }: GivenFiles): string {
  return document?.name ?? proof?.name ?? ots?.name ?? '';
}

/**
 * Checks many documents, each once: what would be waited for is told as it stands. Tells of each when it is done. Rejects only when aborted or by a fault of this page.
 */
export async function checkMany(
  items: readonly ManyItem[],
  surroundings: Omit<CheckSurroundings, 'onStage'>,
  onDone: (index: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const shared = { ...surroundings, ...surroundings.once() };
  const left = items.keys();
  async function work(): Promise<void> {
    for (const index of left) {
      const item = items[index]!;
      item.stage = await checkOnce(item.files, shared, signal);
      onDone(index);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** The first stage that shows something. */
function checkOnce(
  files: GivenFiles,
  surroundings: Omit<CheckSurroundings, 'onStage'>,
  signal: AbortSignal,
): Promise<Stage> {
  return new Promise((resolve, reject) => {
    const enough = new AbortController();
    const onStage = (stage: Stage) => {
      if (isWorking(stage)) return;
      resolve(stage);
      enough.abort();
    };
    new DocumentCheck(files, { ...surroundings, onStage }, AbortSignal.any([signal, enough.signal]))
      .run()
      .catch((error: unknown) => {
        if (!enough.signal.aborted) reject(error instanceof Error ? error : new Error(String(error)));
      });
  });
}
