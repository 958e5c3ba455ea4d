import { Injectable } from '@nestjs/common';
import type { Agency } from '#database/agency.repository.js';
import { formatAccepted, formatAcceptedOne } from '#intake/accepted.js';
import { IntakeService } from '#intake/intake.js';
import type { Origin } from '#intake/origin.js';
import { Admission } from '../auth/admission.js';
import { MetricsService } from '../operations/metrics.service.js';
import { Problem } from '../problems/problem.js';
import type { ProofWish } from '../proofs/proof-wait.service.js';
import { MAX_RECORDS } from './record-schemas.js';

/** An answer that is already JSON text. */
export interface JsonAnswer {
  status: number;
  json: string;
  location?: string;
}

/** Takes in a request body: one record or an array of them. The rules of a record are the intake library's. */
@Injectable()
export class RecordIntakeService {
  constructor(
    private readonly intake: IntakeService,
    private readonly metrics: MetricsService,
    private readonly admission: Admission,
  ) {}

  /** `origin` where the request may come again; `wish` where proofs are to be waited for. @throws Problem for a body that is no record or array, an array of a wrong length, and a single record that was refused */
  async accept(agency: Agency, body: unknown, origin: Origin | null, wish: ProofWish | null): Promise<JsonAnswer> {
    if (Array.isArray(body)) return this.#acceptMany(agency, body, origin, wish);
    const accepted = await this.intake.accept(agency, [body], undefined, origin);
    const result = accepted.results[0]!;
    if (result.outcome === 'rejected') {
      this.metrics.countIntake(0, 1);
      const { code, detail, errors, standing } = result.problem;
      throw new Problem(code, detail, {
        ...(errors ? { errors } : {}),
        ...(standing ? { standing: { ...standing } } : {}),
        ...(code === 'not-sealed' ? { headers: { 'retry-after': '1' } } : {}),
      });
    }
    this.metrics.countIntake(result.repeated ? 0 : 1, 0);
    const proof = wish === null ? null : await wish.one(result.id);
    return { status: 201, json: formatAcceptedOne(accepted, proof), location: `/v1/records/${result.id}` };
  }

  async #acceptMany(
    agency: Agency,
    items: unknown[],
    origin: Origin | null,
    wish: ProofWish | null,
  ): Promise<JsonAnswer> {
    if (items.length === 0)
      throw new Problem('no-records', `Expected 1 to ${MAX_RECORDS} records, got an empty array.`);
    if (items.length > MAX_RECORDS) {
      throw new Problem(
        'too-many-records',
        `Expected at most ${MAX_RECORDS} records in one request, got ${items.length}.`,
      );
    }
    const pause = (workedMs: number) => this.admission.turn(agency.id, workedMs);
    const accepted = await this.intake.accept(agency, items, pause, origin);
    let stored = 0;
    let rejected = 0;
    for (const result of accepted.results) {
      if (result.outcome === 'rejected') rejected += 1;
      else if (!result.repeated) stored += 1;
    }
    this.metrics.countIntake(stored, rejected);
    const ids = new Set(accepted.results.flatMap((result) => (result.outcome === 'accepted' ? [result.id] : [])));
    const proofs = wish === null ? null : await wish.all([...ids], pause);
    return { status: 200, json: formatAccepted(accepted, proofs) };
  }
}
