import { Injectable } from '@nestjs/common';
import { BatchRepository } from '#database/batch.repository.js';
import type { ProofCheckpoint } from '#proof/checkpoint.js';
import { LogTree } from '#sealing/log-tree.js';
import { canonicalize } from '#statement/jcs.js';
import { parseCheckpoint } from '#tlog/checkpoint.js';
import { parseNote } from '#tlog/note.js';
import type { BatchStanding } from '../log/batch-standing.service.js';
import { LogService } from '../log/log.service.js';
import { proofAttestation } from './proof-attestation.js';
import { toBase64, toHex } from './proof-text.js';

/** What all proofs of a batch have in common, as JSON. */
export interface BatchPart {
  /** The first members of `batch`. */
  batch: string;
  /** The member `log`. */
  log: string;
}

/** Writes what a proof says of its batch: once for each state of the batch's anchoring. */
@Injectable()
export class BatchParts {
  readonly #parts = new WeakMap<BatchStanding, Promise<BatchPart>>();

  constructor(
    private readonly batches: BatchRepository,
    private readonly logTree: LogTree,
    private readonly log: LogService,
  ) {}

  /** What all proofs of a batch have in common. */
  of(standing: BatchStanding): Promise<BatchPart> {
    let parts = this.#parts.get(standing);
    if (parts === undefined) {
      const { checkpoint, entry } = standing.batch;
      const batch = `"checkpoint":${JSON.stringify(checkpoint)},"entry":"${toBase64(entry)}"`;
      parts = this.#logPart(standing).then((log) => ({ batch, log }));
      this.#parts.set(standing, parts);
      // A failed attempt is not kept: the database may be back for the next one.
      parts.catch(() => this.#parts.delete(standing));
    }
    return parts;
  }

  async #logPart({ batch, coverage }: BatchStanding): Promise<string> {
    const attested = coverage.flatMap(({ anchor, submission: { checkpointSize: size, attestation } }) =>
      attestation === null ? [] : [{ anchor, size, attestation }],
    );
    const sizes = [...new Set([batch.covering.size, ...attested.map(({ size }) => size)])].sort((a, b) => a - b);
    const checkpoints = await Promise.all(
      sizes.map(async (size): Promise<ProofCheckpoint> => {
        const { note } = size === batch.covering.size ? batch.covering : (await this.batches.checkpoint(size))!;
        const path = await this.logTree.inclusionPath(batch.number, size);
        const { root } = parseCheckpoint(parseNote(note).text);
        const attestations = attested
          .filter((item) => item.size === size)
          .flatMap(({ anchor, attestation }) => proofAttestation(anchor, attestation, root) ?? []);
        return { path: path.map(toHex), note, attestations };
      }),
    );
    // Only the covering checkpoint may stand there without an attestation.
    const kept = checkpoints.filter(({ attestations }, i) => i === 0 || attestations.length > 0);
    return canonicalize({ key: this.log.verifierKeyOf(batch), checkpoints: kept });
  }
}
