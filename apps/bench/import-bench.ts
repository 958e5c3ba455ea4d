import type { Figure } from './figure.js';
import { measureRawInsert, RAW_CLIENTS, record } from './intake-bench.js';
import type { Stage } from './service.js';

/** Lines that a client hands over at a time. */
const CHUNK_LINES = 1000;

const NEWLINE = 0x0a;

/** Lines of bulk imports, several at a time, against inserting the same rows with one `unnest` statement for each thousand. */
export async function benchImport(stage: Stage, seconds: number, statementBytes: number): Promise<Figure> {
  const raw = await measureRawInsert(stage, seconds, statementBytes);
  const cpu = stage.serviceCpu();
  const measured = await Promise.all(Array.from({ length: RAW_CLIENTS }, () => importFor(stage, seconds)));
  const perLine = cpu(measured.reduce((sum, { all }) => sum + all, 0));
  return {
    name: `bulk import, ${RAW_CLIENTS} at a time`,
    unit: 'records/s',
    ours: measured.reduce((sum, { perSecond }) => sum + perSecond, 0),
    raw: raw.perSecond,
    rawIs: 'unnest insert of the same rows',
    failures: measured.filter(({ failed }) => failed).length,
    cpu: { ours: perLine, raw: raw.cpu },
  };
}

/** Sends lines for `seconds`, after a warm-up of a third of that; counts those that were answered. */
async function importFor(stage: Stage, seconds: number): Promise<{ perSecond: number; all: number; failed: boolean }> {
  const beginMs = performance.now() + (seconds * 1000) / 3;
  const endMs = beginMs + seconds * 1000;
  let lines = 0;
  const { all, failed } = await importLines(
    stage,
    () =>
      performance.now() > endMs
        ? null
        : Buffer.from(Array.from({ length: CHUNK_LINES }, () => `${record()}\n`).join('')),
    (here) => {
      const now = performance.now();
      if (now >= beginMs && now < endMs) lines += here;
    },
  );
  return { perSecond: lines / seconds, all, failed };
}

/** Opens an import and sends it what `next` gives, whole lines, until that is null; resolves to how many were answered, and whether that is not what was sent. */
export async function importLines(
  stage: Stage,
  next: () => Buffer | null,
  onAnswered: (lines: number) => void = () => undefined,
): Promise<{ all: number; failed: boolean }> {
  const headers = { authorization: `Bearer ${stage.apiKey}`, 'content-type': 'application/x-ndjson' };
  const opened = await fetch(`${stage.serviceUrl}/v1/imports`, {
    method: 'POST',
    headers: { authorization: headers.authorization },
  });
  const path = opened.headers.get('location');
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const lines = next();
      if (lines === null) controller.close();
      else controller.enqueue(lines);
    },
  });
  const init = { method: 'POST', headers, body, duplex: 'half' };
  const answer = await fetch(`${stage.serviceUrl}${path}/lines?offset=0`, init as RequestInit);
  let all = 0;
  for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
    let here = 0;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) here += 1;
    all += here;
    onAnswered(here);
  }
  const told = await fetch(`${stage.serviceUrl}${path}`, { headers: { authorization: headers.authorization } });
  const { committed, failed } = (await told.json()) as { committed: number; failed: number };
  return { all, failed: answer.status !== 200 || failed > 0 || committed !== all };
}
