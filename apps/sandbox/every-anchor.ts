import { setTimeout as sleep } from 'node:timers/promises';
import { sealroot } from './command-line.js';
import { type Narrator, WalkThroughError } from './narrator.js';

/** Time for the slowest anchor: a transaction in a block, and the calendars' commitment in another. */
const TIMEOUT_MS = 120_000;

/** What `sealroot verify --json` says of a check. */
interface SaidFinding {
  check: string;
  outcome: string;
  /** Of an anchor. */
  kind?: string;
  words: { sentence: string };
}

interface SaidAnchor {
  name: string;
  state: string;
  detail: string;
}

/** Shows one record proved in every place there is: fetches its proof again, now that every anchor has confirmed, and has it verified with `sources`, the options of `sealroot verify` that name a source of each kind.
 * @throws WalkThroughError when an attestation is missing or does not verify */
export async function proveByEveryAnchor(
  url: string,
  sample: { path: string; proof: string; logKey: string },
  sources: readonly string[],
  tell: Narrator,
): Promise<void> {
  const fetched = await sealroot(['proof', sample.path, '--out', sample.proof, '--log-key', sample.logKey], {
    url,
  });
  if (fetched.exitCode !== 0) throw new WalkThroughError(`Fetching the proof again: got ${fetched.stderr}`);
  const verified = await sealroot(
    ['verify', sample.path, '--proof', sample.proof, '--log-key', sample.logKey, ...sources, '--json'],
    {},
  );
  const { verdict, findings } = JSON.parse(verified.stdout) as { verdict: string; findings: SaidFinding[] };
  const passed = findings.filter(({ check, outcome }) => check === 'anchor' && outcome === 'passed');
  const kinds = new Set(passed.map(({ kind }) => String(kind)));
  const expected = ['bitcoin', 'evm', ...(sources.includes('--tsa-root') ? ['rfc3161'] : [])];
  const refused = findings.find(({ outcome }) => outcome === 'failed' || outcome === 'unavailable');
  if (verdict !== 'authentic' || refused !== undefined || !expected.every((kind) => kinds.has(kind)))
    throw new WalkThroughError(
      `Verifying against every source: expected an authentic record attested by ${expected.join(', ')}, got ${verdict}: ${refused?.words.sentence ?? [...kinds].join(', ')}`,
    );
  tell.passed(`one record, ${passed.length} attestations by ${kinds.size} kinds of witness, all verified:`);
  for (const { words } of passed) tell.line(words.sentence);
  for (const { check, words } of findings) if (check === 'beacon') tell.line(words.sentence);
}

/** What each anchor says of itself, once all have confirmed their newest checkpoint. @throws WalkThroughError when that takes too long */
export async function confirmedAnchors(url: string): Promise<SaidAnchor[]> {
  const end = Date.now() + TIMEOUT_MS;
  for (;;) {
    const { anchors } = (await (await fetch(`${url}/v1/anchors`)).json()) as { anchors: SaidAnchor[] };
    const waiting = anchors.filter(({ state }) => state !== 'confirmed' && state !== 'final');
    if (waiting.length === 0) return anchors;
    if (Date.now() > end)
      throw new WalkThroughError(
        `Waiting for every anchor: got ${waiting.map(({ name, detail }) => `${name}: ${detail}`).join('; ')}`,
      );
    await sleep(500);
  }
}
