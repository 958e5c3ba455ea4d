import { Injectable } from '@nestjs/common';
import type { Agency } from '#database/agency.repository.js';
import type { StatusRefusal } from '#intake/status-decision.js';
import type { IntakeAgency } from '#intake/intake-agency.js';
import { RelianceIntakeService } from '#intake/reliance-intake.js';
import { type IssuedReceipt, receiptMembers } from '#intake/receipts.js';
import { type SignedChanges, SignedChangesService } from '#intake/signed-changes.js';
import { StatusIntakeService, type StatusResult } from '#intake/status-intake.js';
import { codeProblem, parseStatusRequest, type StatusRequest } from '#intake/status-request.js';
import { type AgencySignature, checkAgencySignature } from '#statement/agency-signature.js';
import { isRecordId } from '#statement/record-id.js';
import { type ProblemItem, Problem } from '../problems/problem.js';
import { MAX_STATUS_RANGE, MAX_STATUS_RECORDS } from './status-schemas.js';

/** Seconds after which what is not in the log yet will be. */
const RETRY_AFTER_SECONDS = '1';

/** Records of a range that are named although nothing was done about them. */
const MAX_UNCHANGED = 1000;

/** Faults of a list that are named. */
const MAX_FAULTS = 100;

/** What goes with every status that is told without what shows it. */
export const NO_PROOF = 'As the service says it: a convenience. What shows the status to others is a proof.';

/** Changes of several records that are asked for. */
export type AskedChanges = { request: StatusRequest } & (
  { ids: string[] } | { range: { first: number; count: number } }
);

/** Changes of status, as the HTTP API speaks of them. */
@Injectable()
export class StatusService {
  constructor(
    private readonly intake: StatusIntakeService,
    private readonly reliances: RelianceIntakeService,
    private readonly signed: SignedChangesService,
  ) {}

  /** Changes one record; JSON text. @throws Problem */
  async changeOne(agency: Agency, id: string, body: unknown, requestId?: string): Promise<string> {
    const missing = new Problem('record-not-found', `There is no record ${id}.`);
    if (!isRecordId(id)) throw missing;
    const request = readRequest(body, [], requestId);
    const signed = await this.checkSignature(agency, { request, ids: [id] });
    const { results, receipt } = await this.intake.change(agency, [id], request, signed);
    const [result] = results as [StatusResult];
    if (result.outcome === 'refused') throw refusalProblem(result.refusal);
    return `${resultJson(result).slice(0, -1)}${receiptMembers(receipt)}}`;
  }

  /** Changes several records, or a range; JSON text. @throws Problem */
  async changeMany(agency: IntakeAgency, body: unknown, requestId?: string): Promise<string> {
    const what = this.read(body, requestId);
    const signed = await this.checkSignature(agency, what);
    if ('range' in what) return this.#changeRange(agency, what.range, what.request, signed);
    const { results, receipt } = await this.intake.change(agency, what.ids, what.request, signed);
    return answerJson(results, receipt);
  }

  /** What a body asks for that names several records, or a range. @throws Problem `invalid-body` */
  read(body: unknown, requestId?: string): AskedChanges {
    const request = readRequest(body, ['records', 'range'], requestId);
    const { records, range } = body as { records?: unknown; range?: unknown };
    if ((records === undefined) === (range === undefined)) {
      throw invalid([{ pointer: '', detail: 'expected either "records" or "range", got both or none' }]);
    }
    return range === undefined ? { request, ids: readIds(records) } : { request, range: readRange(range) };
  }

  /** What the agency has signed of it; null when it is not signed. @throws Problem `invalid-body` */
  async checkSignature(agency: IntakeAgency, { request, ...about }: AskedChanges): Promise<SignedChanges | null> {
    return heldOrInvalid(await this.signed.ofStatus(agency, request, about));
  }

  async #changeRange(
    agency: IntakeAgency,
    range: { first: number; count: number },
    request: StatusRequest,
    signed: SignedChanges | null,
  ): Promise<string> {
    const answer = await this.intake.changeRange(agency, range, request, signed);
    if ('refusal' in answer) throw refusalProblem(answer.refusal);
    return answerJson(answer.results, answer.receipt, answer.unchanged.slice(0, MAX_UNCHANGED));
  }

  /** Stores that an agency relies on a record; JSON text. @throws Problem */
  async rely(agency: Agency, id: string, body: unknown): Promise<string> {
    const missing = () => new Problem('record-not-found', `There is no record ${id}.`);
    if (!isRecordId(id)) throw missing();
    const { agencySignature, purpose, ...others } = (typeof body === 'object' && body !== null ? body : {}) as Record<
      string,
      unknown
    >;
    const problem = codeProblem(purpose);
    if (problem !== null) throw invalid([{ pointer: '/purpose', detail: problem }]);
    const unknown = Object.keys(others).map((name) => ({ pointer: `/${name}`, detail: 'expected no such member' }));
    if (unknown.length > 0) throw invalid(unknown);
    const said = { record: id, purpose: purpose as string };
    const signature = readSignature(agencySignature);
    const signed =
      signature === undefined ? null : heldOrInvalid(await this.signed.ofReliance(agency, signature, said));
    const accepted = await this.reliances.accept(agency, id, said.purpose, signed);
    if (accepted === null) throw missing();
    const { statement, leafHex, repeated, receipt } = accepted;
    const result = resultJson({ outcome: 'accepted', statement, leafHex, repeated });
    return `${result.slice(0, -1)}${receiptMembers(receipt)}}`;
  }
}

function readSignature(value: unknown): AgencySignature | undefined {
  if (value === undefined) return undefined;
  const errors: ProblemItem[] = [];
  checkAgencySignature(value, '/agencySignature', errors);
  if (errors.length > 0) throw invalid(errors);
  return value as AgencySignature;
}

function heldOrInvalid<Held extends SignedChanges | null>(found: Held | { faults: ProblemItem[] }): Held {
  if (found !== null && 'faults' in found) throw invalid(found.faults);
  return found;
}

/** `requestId`: what the request is called where its body does not say and that is what makes a repetition one. */
function readRequest(body: unknown, others: readonly string[], requestId: string | undefined): StatusRequest {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalid([{ pointer: '', detail: 'expected an object' }]);
  }
  const parsed = parseStatusRequest(body as Record<string, unknown>, Date.now(), others);
  if ('errors' in parsed) throw invalid(parsed.errors);
  const { ok: request } = parsed;
  if (request.to === 'consumed' && requestId !== undefined) request.requestId ??= requestId;
  return request;
}

function readIds(value: unknown): string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_STATUS_RECORDS) {
    throw invalid([{ pointer: '/records', detail: `expected a list of 1 to ${MAX_STATUS_RECORDS} record ids` }]);
  }
  const errors = value.flatMap((id, i) =>
    isRecordId(id) ? [] : [{ pointer: `/records/${i}`, detail: 'expected a record id' }],
  );
  if (errors.length > 0) throw invalid(errors.slice(0, MAX_FAULTS));
  return value as string[];
}

function readRange(value: unknown): { first: number; count: number } {
  const { first, count, ...others } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const isWhole = (n: unknown, least: number, most: number) =>
    Number.isSafeInteger(n) && (n as number) >= least && (n as number) <= most;
  if (
    !isWhole(first, 0, Number.MAX_SAFE_INTEGER - MAX_STATUS_RANGE) ||
    !isWhole(count, 1, MAX_STATUS_RANGE) ||
    Object.keys(others).length > 0
  ) {
    throw invalid([{ pointer: '/range', detail: `expected {"first", "count"} with 1 to ${MAX_STATUS_RANGE} records` }]);
  }
  return { first: first as number, count: count as number };
}

function invalid(errors: ProblemItem[]): Problem {
  const [first] = errors as [ProblemItem];
  return new Problem('invalid-body', `${first.pointer === '' ? 'The body' : first.pointer}: ${first.detail}`, {
    errors,
  });
}

function refusalProblem({ code, detail, standing }: StatusRefusal): Problem {
  return new Problem(code, `${detail}.`, {
    ...(standing === undefined ? {} : { standing: { ...standing } }),
    ...(code === 'not-sealed' ? { headers: { 'retry-after': RETRY_AFTER_SECONDS } } : {}),
  });
}

/** One result as JSON text: statements are never parsed or written twice. */
function resultJson(result: StatusResult): string {
  if (result.outcome === 'refused') return JSON.stringify({ problem: result.refusal });
  const { statement, leafHex, repeated } = result;
  return `{"statement":${statement},"leafHash":"${leafHex}"${repeated ? ',"repeated":true' : ''}}`;
}

function answerJson(results: StatusResult[], receipt: IssuedReceipt | undefined, unchanged?: object[]): string {
  const others = unchanged === undefined ? '' : `,"unchanged":${JSON.stringify(unchanged)}`;
  return `{"results":[${results.map(resultJson).join(',')}]${others}${receiptMembers(receipt)}}`;
}
