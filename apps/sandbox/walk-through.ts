import { cp, readFile, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseProof } from '#proof/proof.js';
import { sealroot, type CommandResult } from './command-line.js';
import { confirmedAnchors, proveByEveryAnchor } from './every-anchor.js';
import { type Narrator, WalkThroughError } from './narrator.js';
import type { Sandbox } from './sandbox.js';
import { hasPythonOpenTimestamps, verifyWithReference } from '#anchors/opentimestamps/testing/python-opentimestamps.js';

/** Exit codes of `sealroot verify` that the story relies on. */
const AUTHENTIC = 0;
const MISMATCH = 1;
const PENDING = 4;
const PROOF_SUFFIX = '.sealroot.json';

interface NotarisedDocument {
  path: string;
  proof: string;
}

/** Notarises the files of some folders in a running sandbox as an agency would, and checks every promise that was made about them.
 * Returns the number of documents. The sandbox must mine and its calendars commit by themselves.
 * @throws WalkThroughError at the first promise that does not hold */
export async function walkThrough(sandbox: Sandbox, paths: readonly string[], tell: Narrator): Promise<number> {
  const { service, node } = sandbox;
  const environment = { url: service.url, apiKey: service.apiKey };
  const proofs = join(sandbox.folder, 'proofs');
  const logKey = (await (await fetch(`${service.url}/v1/log/key`)).text()).trim();
  const submit = (...more: string[]) =>
    sealroot(['submit', ...paths, '--out', proofs, '--log-key', logKey, '--json', ...more], environment);
  const verify = ({ path, proof }: NotarisedDocument, ...more: string[]) =>
    sealroot(['verify', path, '--proof', proof, '--log-key', logKey, ...more]);
  const { further } = sandbox;
  const withNode = ['--bitcoin-rpc', node.rpcUrl];
  if (further) withNode.push('--evm-rpc', further.evm.rpcUrl);
  if (further?.authority) withNode.push('--tsa-root', further.authority.root.certificateFile);

  tell.step('Notarise: sealroot submit FOLDER --wait');
  for (const path of paths) tell.line(path);
  const submitted = await submit('--wait');
  const documents = readProofLines(submitted);
  expectCode('submitting', submitted, 0);
  const [sample] = documents;
  if (!sample) throw new WalkThroughError('Submitting: expected at least one document, got none');
  const sizes = await Promise.all(documents.map(({ path }) => stat(path)));
  const bytes = sizes.reduce((sum, { size }) => sum + size, 0);
  tell.passed(
    `${documents.length} documents (${Math.ceil(bytes / 1024)} KiB) accepted and sealed; ${documents.length} proofs written`,
  );
  tell.line('Only digests left the machine; every record has a receipt and a place in a sealed batch.');

  tell.step('Verify before any block: sealroot verify FILE --proof P');
  const early = await verify(sample, ...withNode);
  if (early.exitCode === PENDING)
    tell.passed('verdict pending, exit code 4: the proof holds up to the signed checkpoint, no block yet');
  else if (early.exitCode === AUTHENTIC)
    tell.passed('verdict authentic already: the sandbox mined faster than we asked');
  else expectCode('verifying before the first block', early, PENDING);

  tell.step('Wait for every anchor, then fetch the proofs: sealroot submit … --wait-anchored');
  for (const { name, detail } of await confirmedAnchors(service.url)) tell.passed(`${name}: ${detail}`);
  expectCode('waiting for the anchors', await submit('--wait-anchored', '--wait-timeout', '60'), 0);

  tell.step(`Verify each: sealroot verify FILE --proof P --bitcoin-rpc ${hidePassword(node.rpcUrl)}`);
  await forEachAtOnce(documents, async (document) =>
    expectCode(document.path, await verify(document, ...withNode), AUTHENTIC),
  );
  tell.passed(`${documents.length} of ${documents.length} authentic`);
  for (const line of (await verify(sample, ...withNode)).stdout.trimEnd().split('\n')) tell.line(line);

  tell.step('Verify without us: python3-opentimestamps and the node, none of our code');
  if (await hasPythonOpenTimestamps(process.env['CI'] !== undefined)) {
    const pairs = await exportOts(documents, logKey);
    const results = await verifyWithReference(node.rpcUrl, pairs);
    const refused = results.find(({ ok }) => !ok);
    if (refused || results.length !== documents.length)
      throw new WalkThroughError(
        `The reference library refused ${refused?.proof ?? 'a file'}: ${refused?.error ?? 'no answer'}`,
      );
    const heights = [...new Set(results.map(({ height = 0 }) => height))].sort((a, b) => a - b).join(', ');
    tell.passed(`${results.length} .ots files lead to the Merkle root of block ${heights}`);
  } else {
    tell.skipped('python3-opentimestamps is not installed (apt-get install python3-opentimestamps python3-bitcoinlib)');
  }

  if (further !== undefined) {
    tell.step(`Every anchor: one record, proved in ${further.authority ? 'four' : 'three'} independent ways`);
    await proveByEveryAnchor(service.url, { ...sample, logKey }, withNode, tell);
    if (!further.authority) tell.skipped('time-stamps: openssl is not installed (apt-get install openssl)');
  }

  tell.step('Tamper: change one bit of a document, one of a proof, and swap two proofs');
  await tamper(sandbox, documents, (document) => verify(document, ...withNode), tell);
  return documents.length;
}

/** Changed documents and proofs must all be refused, with the exit code that says so. */
async function tamper(
  sandbox: Sandbox,
  documents: readonly NotarisedDocument[],
  verify: (document: NotarisedDocument) => Promise<CommandResult>,
  tell: Narrator,
): Promise<void> {
  const sizes = await Promise.all(
    documents.map(async (document) => ({ document, bytes: (await stat(document.path)).size })),
  );
  // The smallest with a bit to change: the folder may hold films.
  const bySize = sizes.filter(({ bytes }) => bytes > 0).sort((x, y) => x.bytes - y.bytes);
  const victim = (bySize[0] ?? sizes[0])?.document;
  if (!victim) throw new WalkThroughError('Tampering: expected at least one document, got none');
  const content = await readFile(victim.path);
  const changed = content.length === 0 ? Buffer.of(0) : Buffer.from(content);
  const middle = Math.floor(changed.length / 2);
  changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle);
  const forged = join(sandbox.folder, 'forged-document');
  await writeFile(forged, changed);
  const result = await verify({ path: forged, proof: victim.proof });
  expectCode('a document with one bit changed', result, MISMATCH);
  tell.passed('a document with one bit changed: refused, exit code 1');
  const said = result.stdout.split('\n');
  for (const line of said.filter((text, i) => i === 0 || text.startsWith('✗'))) tell.line(line.trim());

  const proof = await readFile(victim.proof, 'utf8');
  const { batch } = parseProof(proof);
  const [sibling] = batch.path;
  const target = sibling ?? batch.entry;
  const forgedProof = join(sandbox.folder, 'forged-proof.sealroot.json');
  await writeFile(forgedProof, proof.replace(target, `${target.startsWith('0') ? '1' : '0'}${target.slice(1)}`));
  expectCode('a proof with one character changed', await verify({ ...victim, proof: forgedProof }), MISMATCH);
  tell.passed('a proof with one character changed: refused, exit code 1');

  // A larger document is another one; of the same size it may be a copy.
  const other = bySize.find(({ bytes }) => bytes > content.length)?.document;
  if (other) {
    expectCode('the proof of another document', await verify({ path: victim.path, proof: other.proof }), MISMATCH);
    tell.passed('the proof of another document: refused, exit code 1');
  }
}

/** Each proof as a detached OpenTimestamps file beside it. */
async function exportOts(
  documents: readonly NotarisedDocument[],
  logKey: string,
): Promise<{ document: string; proof: string }[]> {
  const pairs = documents.map(({ path, proof }) => ({
    document: path,
    from: proof,
    proof: proof.replace(PROOF_SUFFIX, '.ots'),
  }));
  await forEachAtOnce(pairs, async ({ document, from, proof }) => {
    const args = ['proof', document, '--from', from, '--format', 'ots', '--out', proof, '--log-key', logKey];
    expectCode(`writing ${proof}`, await sealroot(args), 0);
  });
  return pairs;
}

/** The documents and proof files that `submit --wait --json` reported. */
function readProofLines({ stdout }: CommandResult): NotarisedDocument[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { file: string; outcome: string; proof?: string })
    .flatMap(({ file, outcome, proof }) => (outcome === 'proof' && proof !== undefined ? [{ path: file, proof }] : []));
}

function expectCode(what: string, result: CommandResult, exitCode: number): void {
  if (result.exitCode === exitCode) return;
  throw new WalkThroughError(
    `${what}: expected exit code ${exitCode}, got ${result.exitCode}\n${result.stderr.slice(-2000)}${result.stdout.slice(-2000)}`,
  );
}

/** Works on all items, as many at once as there are processors. */
async function forEachAtOnce<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}

const hidePassword = (url: string): string => url.replace(/:[^:@/]+@/, ':…@');

/** A copy of the project's own sources in `folder`: what a sandbox without documents of its own notarises. A copy, since somebody may be
 * working on them just now, and a document that changes between notarising and verifying is rightly refused. */
export async function copyProjectSources(root: string, folder: string): Promise<string[]> {
  const names = ['apps', 'docker', 'libs', 'prisma', 'README.md', 'package.json', 'LICENSE'];
  return Promise.all(
    names.map(async (name) => {
      const copy = join(folder, name);
      await cp(join(root, name), copy, { recursive: true });
      return copy;
    }),
  );
}
