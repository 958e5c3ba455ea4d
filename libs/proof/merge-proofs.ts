import { canonicalize } from '#statement/jcs.js';
import { formatStatement } from '#statement/statement.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { formatNote, MAX_SIGNATURES, parseNote } from '#tlog/note.js';
import { includesAttestation, type ProofAttestation } from './anchors/kinds.js';
import { type AuthorisationProof, registeredKey, signingKeys } from './authorisation-proof.js';
import type { ProofCheckpoint } from './checkpoint.js';
import { PROOF_MAX_ATTESTATIONS, PROOF_MAX_AUTHORISATIONS, PROOF_MAX_CHECKPOINTS } from './format.js';
import type { StatusProof } from './status-proof.js';
import type { Proof } from './proof.js';

/** Why two proofs could not be made one. */
export type MergeFault =
  /** They are of different records, or tell different things of one. */
  | 'other-record'
  /** They show different roots of one log at one size: two histories, of which one is false. */
  | 'other-history'
  /** Together they have more than a proof can hold. */
  | 'too-large';

/**
 * One proof that says everything that either says of one record: the checkpoints of both, of each the signatures and the attestations of both, and
 * the newer status, and the newer word on each key that signed. So a later proof never takes anything from an earlier one. Neither needs to hold: whoever verifies the result finds out.
 */
export function mergeProofs(a: Proof, b: Proof): Proof | MergeFault {
  if (a.id !== b.id || identity(a) !== identity(b)) return 'other-record';
  const bySize = new Map<number, ProofCheckpoint>();
  for (const checkpoint of [...a.log.checkpoints, ...b.log.checkpoints]) {
    const size = sizeOf(checkpoint);
    const there = bySize.get(size);
    const merged = there === undefined ? checkpoint : mergeCheckpoints(there, checkpoint);
    if (typeof merged === 'string') return merged;
    bySize.set(size, merged);
  }
  const ascending = [...bySize].sort(([x], [y]) => x - y).map(([, checkpoint]) => checkpoint);
  // Beyond the first, which leads from the batch to the log, one that nothing attests says nothing.
  const checkpoints = ascending.filter(({ attestations }, i) => i === 0 || attestations.length > 0);
  if (checkpoints.length > PROOF_MAX_CHECKPOINTS) return 'too-large';
  const newer = mergeStatuses(a.status, b.status);
  if (typeof newer === 'string') return newer;
  const status = newer && withoutRepeats(newer, checkpoints);
  const keys = signingKeys([a.statement, ...(status?.events ?? []).map(({ statement }) => statement)]);
  const authorisations = mergeAuthorisations([...(a.authorisations ?? []), ...(b.authorisations ?? [])], keys);
  if (typeof authorisations === 'string') return authorisations;
  if (authorisations.length > PROOF_MAX_AUTHORISATIONS) return 'too-large';
  const salt = a.salt ?? b.salt;
  return {
    ...a,
    ...(salt === undefined ? {} : { salt }),
    log: { key: a.log.key, checkpoints },
    ...(status === undefined ? {} : { status }),
    ...(authorisations.length === 0 ? {} : { authorisations }),
  };
}

/** For each of these keys the one that knows more of what has become of its registration, of which there is one in a log. */
function mergeAuthorisations(
  all: readonly AuthorisationProof[],
  keys: ReadonlySet<unknown>,
): AuthorisationProof[] | MergeFault {
  const newest = new Map<unknown, AuthorisationProof>();
  for (const one of all) {
    const key = registeredKey(one);
    if (!keys.has(key)) continue;
    const other = newest.get(key);
    if (other !== undefined && formatStatement(other.statement) !== formatStatement(one.statement))
      return 'other-record';
    if (other === undefined || sizeOf(one.status.checkpoint) > sizeOf(other.status.checkpoint)) newest.set(key, one);
  }
  return [...newest.values()];
}

/** The newer of two statuses, which has all that the older one knew of the record; of two as of one checkpoint, what attests either. */
function mergeStatuses(a: StatusProof | undefined, b: StatusProof | undefined): StatusProof | undefined | MergeFault {
  if (a === undefined || b === undefined) return a ?? b;
  const [sizeA, sizeB] = [sizeOf(a.checkpoint), sizeOf(b.checkpoint)];
  if (sizeA !== sizeB) return sizeA > sizeB ? a : b;
  const checkpoint = mergeCheckpoints(a.checkpoint, b.checkpoint);
  return typeof checkpoint === 'string' ? checkpoint : { ...a, checkpoint };
}

/** A status without the attestations of its checkpoint that stand among the log's. */
function withoutRepeats({ checkpoint, ...status }: StatusProof, checkpoints: readonly ProofCheckpoint[]): StatusProof {
  const twin = checkpoints.find(({ note }) => parseNote(note).text === parseNote(checkpoint.note).text);
  const { root } = parseCheckpoint(parseNote(checkpoint.note).text);
  const attestations = checkpoint.attestations.filter(
    (one) => !twin?.attestations.some((other) => includesAttestation(other, one, root)),
  );
  return { ...status, checkpoint: { ...checkpoint, attestations } };
}

function sizeOf({ note }: ProofCheckpoint): number {
  return parseCheckpoint(parseNote(note).text).size;
}

/** What two proofs of one record have in common, as text. */
function identity({ statement, batch, log }: Proof): string {
  return canonicalize({ statement: { ...statement }, index: batch.index, entry: batch.entry, key: log.key } as never);
}

function mergeCheckpoints(a: ProofCheckpoint, b: ProofCheckpoint): ProofCheckpoint | MergeFault {
  const [one, other] = [parseNote(a.note), parseNote(b.note)];
  if (one.text !== other.text) return 'other-history';
  const signatures = [...one.signatures];
  for (const signature of other.signatures)
    if (!signatures.some((each) => JSON.stringify(line(each)) === JSON.stringify(line(signature))))
      signatures.push(signature);
  if (signatures.length > MAX_SIGNATURES) return 'too-large';
  const root = parseCheckpoint(one.text).root;
  const attestations = b.attestations.reduce(
    (all, attestation) => withAttestation(all, attestation, root),
    a.attestations,
  );
  if (attestations.length > PROOF_MAX_ATTESTATIONS) return 'too-large';
  return { path: a.path, note: formatNote({ text: one.text, signatures }), attestations };
}

function line({ name, keyId, signature }: ReturnType<typeof parseNote>['signatures'][number]): unknown[] {
  return [name, [...keyId], [...signature]];
}

/** The attestations with one more, unless one of them says all of it; in place of those of which it says all. */
function withAttestation(
  all: readonly ProofAttestation[],
  addition: ProofAttestation,
  root: Uint8Array,
): ProofAttestation[] {
  if (all.some((attestation) => includesAttestation(attestation, addition, root))) return [...all];
  return [...all.filter((attestation) => !includesAttestation(addition, attestation, root)), addition];
}
