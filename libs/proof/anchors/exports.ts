import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import type { ProofCheckpoint } from '../checkpoint.js';
import type { AttestationExport, ExportAccess, ExportPart } from './attestation-export.js';
import { EVM_EXPORT } from './evm/export.js';
import type { KnownAttestation } from './kinds.js';
import { OPENTIMESTAMPS_EXPORT } from './opentimestamps/export.js';
import { RFC3161_EXPORT } from './rfc3161/export.js';

const EXPORTS: { [Type in KnownAttestation['type']]: AttestationExport<Extract<KnownAttestation, { type: Type }>> } = {
  opentimestamps: OPENTIMESTAMPS_EXPORT,
  evm: EVM_EXPORT,
  rfc3161: RFC3161_EXPORT,
};

/** What the attestations of a proof give stock tools together. */
export function exportTogether(access: ExportAccess): ExportPart[] {
  return Object.values(EXPORTS).flatMap((kind) => kind.ofProof?.(access) ?? []);
}

/** What each attestation of a checkpoint gives stock tools; `name` is what the checkpoint's own files are called, up to the dot. */
export async function exportEach(
  { attestations, note }: ProofCheckpoint,
  name: string,
  access: ExportAccess,
): Promise<ExportPart[]> {
  const { root } = parseCheckpoint(parseNote(note).text);
  const counts = new Map<string, number>();
  const parts = attestations.map(async (attestation) => {
    if (attestation.type === 'unknown') return undefined;
    const count = (counts.get(attestation.type) ?? 0) + 1;
    counts.set(attestation.type, count);
    // The compiler does not see by itself that the attestation is of its type's kind.
    const kind = EXPORTS[attestation.type] as AttestationExport<KnownAttestation>;
    return kind.ofAttestation?.({ attestation, root, checkpointName: name, suffix: suffixOf(count) }, access);
  });
  return (await Promise.all(parts)).flatMap((part) => part ?? []);
}

/** Nothing for the first of its kind, so that most names are short. */
const suffixOf = (count: number): string => (count === 1 ? '' : `-${count}`);
