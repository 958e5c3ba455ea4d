import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Submission } from '#anchors/anchor.js';
import { createEvmAnchor } from '#anchors/evm/evm.js';
import { createRfc3161Anchor } from '#anchors/rfc3161/rfc3161.js';
import { readEvmAttestation } from '#evm/attestation.js';
import type { ProofAttestation } from '#proof/anchors/kinds.js';
import { formatProof, type Proof } from '#proof/proof.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import { formatRfc3161Attestation, readRfc3161Attestation, type Rfc3161Attestation } from '#tsp/attestation.js';
import { type CertificateAuthority, SIGNER_EXTENSIONS } from '#tsp/testing/certificate-authority.js';
import { craftToken, writeTstInfo } from '#tsp/testing/stamp.js';
import type { EvmNode } from '#anchors/evm/testing/evm-node.js';
import type { TimeStampAuthority } from '#anchors/rfc3161/testing/time-stamp-authority.js';
import { settingsFor } from '#anchors/evm/testing/evm-anchoring.js';

/** The first checkpoint of a proof as anchors take it. */
export function checkpointIn(proof: Proof): { size: number; root: Uint8Array; text: string } {
  const { text } = parseNote(proof.log.checkpoints[0]!.note);
  const { root, size } = parseCheckpoint(text);
  return { size, root, text };
}

/** The proof with these attestations of its first checkpoint instead of its own. */
export function withAttestations(proof: Proof, attestations: ProofAttestation[]): Proof {
  const [first, ...others] = proof.log.checkpoints;
  return { ...proof, log: { ...proof.log, checkpoints: [{ ...first!, attestations }, ...others] } };
}

/** The proof as a file. */
export const proofText = (proof: Proof): string => formatProof(proof);

/** Anchors the first checkpoint of a proof in a real chain that mines each transaction at once. */
export async function attestInChain(proof: Proof, node: EvmNode): Promise<ProofAttestation & { type: 'evm' }> {
  const anchor = createEvmAnchor(await settingsFor(node));
  const checkpoint = checkpointIn(proof);
  let submission: Submission | null = null;
  for (let step = 0; step < 20; step++) {
    submission =
      submission === null || submission.state === 'unsubmitted'
        ? await anchor.submit(checkpoint, submission)
        : await anchor.confirm(submission);
    if (submission.attestation !== null) return { type: 'evm', ...readEvmAttestation(submission.attestation) };
  }
  throw new Error(`Anchoring: expected an attestation, got ${submission?.detail}`);
}

/** Has an authority time-stamp a checkpoint, and looks up whether its certificates were revoked. */
export async function attestByAuthority(
  checkpoint: ReturnType<typeof checkpointIn>,
  authority: TimeStampAuthority,
): Promise<ProofAttestation & { type: 'rfc3161' }> {
  const anchor = createRfc3161Anchor({
    urls: [authority.url],
    roots: [authority.root.der],
    timeoutMs: 5000,
    fetch,
    now: () => new Date(),
    randomBytes: (length) => new Uint8Array(randomBytes(length)),
    subtle: globalThis.crypto.subtle,
  });
  const confirmed = await anchor.submit(checkpoint, null);
  const { attestation, detail } = confirmed.state === 'confirmed' ? await anchor.confirm(confirmed) : confirmed;
  if (attestation === null) throw new Error(`Time-stamping: expected an attestation, got ${detail}`);
  return { type: 'rfc3161', ...readRfc3161Attestation(attestation) };
}

/** A time-stamp over a checkpoint's text, made now by a signer below the root whose certificate has run out when this resolves. */
export async function stampByExpiring(text: string, root: CertificateAuthority): Promise<Rfc3161Attestation> {
  const genTime = new Date(Math.floor(Date.now() / 1000) * 1000);
  const validUntil = new Date(genTime.getTime() + 1000);
  const signer = await root.issue({ commonName: 'Brief signer', validUntil, extensions: SIGNER_EXTENSIONS });
  const tstInfo = writeTstInfo({ message: new TextEncoder().encode(text), genTime });
  // The certificate need not be good while this is made, but at the time that the token says.
  const token = await craftToken({ tstInfo, signers: [signer] });
  await sleep(Math.max(0, validUntil.getTime() + 1100 - Date.now()));
  return formatRfc3161Attestation({ token, certificates: [], revocations: [] });
}
