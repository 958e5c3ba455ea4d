import { generateKeyPairSync } from 'node:crypto';
import { agencySigner, keyRegistration, type Signer } from '#sdk/signing.js';
import { nativeSha256Into } from '#sealing/native-sha256.js';
import { signGroup } from '#signature/sign.js';
import { signingInput } from '#signature/signing-input.js';
import { GROUP_MAX_LINES } from '#statement/agency-signature.js';
import type { CpuTime } from './cpu-time.js';
import type { Figure } from './figure.js';
import { importLines } from './import-bench.js';
import { RAW_CLIENTS, record } from './intake-bench.js';
import { BENCH_AGENCY, type Stage } from './service.js';

/** Groups that one client sends for each second of the measurement, about. */
const GROUPS_PER_SECOND = 1.5;

/** Times that both kinds of lines are sent in turn, so that what else the machine does meanwhile takes the same from both. */
const ROUNDS = 4;

/** Lines of bulk imports that the agency has signed in groups, against lines without signatures; all are written and signed before they are sent. */
export async function benchSignedImport(stage: Stage, seconds: number): Promise<Figure> {
  const signer = await registeredSigner(stage);
  const groups = Math.ceil((seconds * GROUPS_PER_SECOND) / ROUNDS);
  const send = async (makeGroup: () => Promise<Buffer>, groupsEach: number) => {
    const bodies = await Promise.all(Array.from({ length: RAW_CLIENTS * groupsEach }, makeGroup));
    return measure(stage, bodies);
  };
  const signed = () => signedGroup(signer);
  await send(unsignedGroup, 1);
  await send(signed, 1);
  const raw: Measured[] = [];
  const ours: Measured[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    raw.push(await send(unsignedGroup, groups));
    ours.push(await send(signed, groups));
  }
  const all = [...raw, ...ours];
  return {
    name: `bulk import, signed in groups of ${GROUP_MAX_LINES.toLocaleString('en-US')}`,
    unit: 'records/s',
    ours: perSecond(ours),
    raw: perSecond(raw),
    rawIs: 'the same without signatures',
    failures: all.reduce((sum, { failed }) => sum + failed, 0),
    cpu: { ours: meanCpu(ours), raw: meanCpu(raw) },
  };
}

/** One round of one kind of lines. */
interface Measured {
  lines: number;
  seconds: number;
  failed: number;
  cpu: CpuTime | null;
}

/** Sends groups by several clients, and measures until the last line is answered. */
async function measure(stage: Stage, groups: readonly Buffer[]): Promise<Measured> {
  const left = [...groups];
  const cpu = stage.serviceCpu();
  const start = performance.now();
  const clients = Array.from({ length: RAW_CLIENTS }, () => importLines(stage, () => left.shift() ?? null));
  const sent = await Promise.all(clients);
  const seconds = (performance.now() - start) / 1000;
  const lines = groups.length * GROUP_MAX_LINES;
  return { lines, seconds, failed: sent.filter(({ failed }) => failed).length, cpu: cpu(lines) };
}

function perSecond(rounds: readonly Measured[]): number {
  const sum = (part: 'lines' | 'seconds') => rounds.reduce((all, round) => all + round[part], 0);
  return sum('lines') / sum('seconds');
}

/** Of rounds with as many lines each. */
function meanCpu(rounds: readonly Measured[]): CpuTime | null {
  const known = rounds.flatMap(({ cpu }) => (cpu === null ? [] : [cpu]));
  if (known.length === 0) return null;
  const mean = (part: keyof CpuTime) => known.reduce((all, cpu) => all + cpu[part], 0) / known.length;
  return { load: mean('load'), server: mean('server'), database: mean('database') };
}

/** A key that is registered for the agency of the bench. */
async function registeredSigner(stage: Stage): Promise<Signer> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const signer = agencySigner({ agency: BENCH_AGENCY, privateKey: pem });
  const described = await fetch(`${stage.serviceUrl}/.well-known/sealroot.json`);
  const { logs } = (await described.json()) as { logs: { origin: string }[] };
  const answer = await fetch(`${stage.serviceUrl}/v1/signing-keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(await keyRegistration(signer, logs[0]!.origin)),
  });
  if (answer.status !== 201)
    throw new Error(`Registering the key of the bench: expected 201, got ${answer.status} ${await answer.text()}`);
  return signer;
}

async function unsignedGroup(): Promise<Buffer> {
  return Buffer.from(Array.from({ length: GROUP_MAX_LINES }, () => `${record()}\n`).join(''));
}

async function signedGroup(signer: Signer): Promise<Buffer> {
  const records = Array.from({ length: GROUP_MAX_LINES }, () => JSON.parse(record()) as object);
  const said = { v: 1, kind: 'record', agency: signer.agency };
  const inputs = records.map((one) => signingInput({ ...said, ...one }));
  const signatures = await signGroup(signer.agency, inputs, signer, nativeSha256Into);
  const lines = records.map((one, i) => `${JSON.stringify({ ...one, agencySignature: signatures[i] })}\n`);
  return Buffer.from(lines.join(''));
}
