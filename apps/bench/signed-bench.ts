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

/** Lines of bulk imports that the agency has signed in groups, against lines without signatures; all are written and signed before they are sent. */
export async function benchSignedImport(stage: Stage, seconds: number): Promise<Figure> {
  const signer = await registeredSigner(stage);
  const groups = Math.ceil(seconds * GROUPS_PER_SECOND);
  const clients = async (makeGroup: () => Promise<Buffer>, groupsEach: number) => {
    const all = Array.from({ length: RAW_CLIENTS * groupsEach }, makeGroup);
    return Promise.all(all).then((made) =>
      Array.from({ length: RAW_CLIENTS }, (_, i) => made.slice(i * groupsEach, (i + 1) * groupsEach)),
    );
  };
  const kinds = [unsignedGroup, () => signedGroup(signer)] as const;
  for (const makeGroup of kinds) await measure(stage, await clients(makeGroup, 1));
  const raw = await measure(stage, await clients(kinds[0], groups));
  const ours = await measure(stage, await clients(kinds[1], groups));
  return {
    name: `bulk import, signed in groups of ${GROUP_MAX_LINES.toLocaleString('en-US')}`,
    unit: 'records/s',
    ours: ours.perSecond,
    raw: raw.perSecond,
    rawIs: 'the same without signatures',
    failures: ours.failed + raw.failed,
    cpu: { ours: ours.cpu, raw: raw.cpu },
  };
}

/** Sends what each client has to send, and measures until the last line is answered. */
async function measure(
  stage: Stage,
  clients: readonly (readonly Buffer[])[],
): Promise<{ perSecond: number; failed: number; cpu: CpuTime | null }> {
  const cpu = stage.serviceCpu();
  const start = performance.now();
  const sent = await Promise.all(
    clients.map((groups) => {
      const left = [...groups];
      return importLines(stage, () => left.shift() ?? null);
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const lines = clients.flat().length * GROUP_MAX_LINES;
  return { perSecond: lines / seconds, failed: sent.filter(({ failed }) => failed).length, cpu: cpu(lines) };
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
