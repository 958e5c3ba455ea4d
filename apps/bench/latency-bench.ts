import type { Figure } from './figure.js';
import { nextDigest } from './load.js';
import type { Stage } from './service.js';

/** Time between two looks for the proof. */
const POLL_MS = 10;

/** Time between two posts; not a divisor of the sealing interval, so that every phase of it is met. */
const SPACING_MS = 37;

/** A proof that takes longer is a failure of the run. */
const TIMEOUT_MS = 30_000;

/** Time from the start of a POST to the sealed proof in hand, over `samples` posts one after the other, each waited for beside the next ones. */
export async function benchLatency(stage: Stage, samples: number): Promise<Figure[]> {
  const waits: Promise<number>[] = [];
  for (let i = 0; i < samples; i += 1) {
    waits.push(postAndWait(stage));
    await new Promise((done) => setTimeout(done, SPACING_MS));
  }
  const times = (await Promise.all(waits)).sort((a, b) => a - b);
  const quantile = (q: number) => times[Math.min(times.length - 1, Math.floor(times.length * q))]!;
  return [
    { name: 'POST to sealed proof, p50', unit: 'ms', ours: quantile(0.5), failures: 0 },
    { name: 'POST to sealed proof, p99', unit: 'ms', ours: quantile(0.99), failures: 0 },
  ];
}

async function postAndWait(stage: Stage): Promise<number> {
  const start = performance.now();
  const answer = await fetch(`${stage.serviceUrl}/v1/records`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.apiKey}`, 'content-type': 'application/json' },
    body: `{"profile":"generic@1","digests":{"sha256":"${nextDigest()}"}}`,
  });
  const { id } = (await answer.json()) as { id: string };
  while (performance.now() - start < TIMEOUT_MS) {
    const proof = await fetch(`${stage.serviceUrl}/v1/records/${id}/proof`);
    await proof.arrayBuffer();
    if (proof.ok) return performance.now() - start;
    await new Promise((done) => setTimeout(done, POLL_MS));
  }
  throw new Error(`record ${id} had no proof after ${TIMEOUT_MS} ms`);
}
