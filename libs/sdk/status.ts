import type { AgencySignature } from '#statement/agency-signature.js';
import { parseRelianceStatement, type RelianceStatement } from '#statement/reliance-statement.js';
import type { ChangedStatus } from '#statement/status-change.js';
import { parseStatusStatement } from '#statement/status-statement.js';
import { normalizeTime } from '#statement/time.js';
import type { VerifierKey } from '#tlog/verifier-key.js';
import { type Problem, readProblem } from './problem.js';
import { checkReceipt, type CheckedReceipt } from './promise.js';
import { type AcceptedEvent, reading, readLeafHash, wrong } from './record.js';
import type { Transport } from './transport.js';

/** What a record, or several, become. */
export interface StatusChange {
  /** `active` ends a suspension. */
  to: ChangedStatus;
  /** Code of the agency's own: a-z, 0-9 and -. */
  reason?: string | undefined;
  /** The record that takes the place of a superseded one. */
  by?: string | undefined;
  /** Since when, RFC 3339; now unless given. */
  effectiveAt?: string | undefined;
  /** The agency's own signature, see `signChange`; a client with a `signer` signs what has none. */
  agencySignature?: AgencySignature | undefined;
}

/** A change that was accepted, with the promise that it will be in the log. */
export interface AcceptedChange extends AcceptedEvent, CheckedReceipt {
  /** Said before: this is the first answer again. */
  repeated?: true | undefined;
}

/** What became of one change of several. */
export type ChangeOutcome =
  { outcome: 'accepted'; event: AcceptedEvent; repeated: boolean } | { outcome: 'refused'; problem: Problem };

/** What became of several changes. */
export interface AcceptedChanges {
  /** Of a list, in its order; of a range, in that of the ordinals. */
  items: ChangeOutcome[];
  /** Of a range: records that stay as they are, at most 1,000 of them. */
  unchanged: { ordinal: number; status: ChangedStatus; effectiveAt: string }[];
  /** Over the events in `items`, in their order; undefined where none was accepted. */
  promise: CheckedReceipt | undefined;
}

/** That an agency relies on a record. */
export interface AcceptedReliance extends CheckedReceipt {
  statement: RelianceStatement;
  /** 32 bytes, hex. */
  leafHash: string;
  /** Said before: this is the first answer again. */
  repeated?: true | undefined;
}

/** How a request that changes something is sent. */
export interface ChangeOptions {
  /** One of the caller's own, to repeat it later; 1 to 255 printable ASCII characters. Otherwise one is drawn for each call. */
  idempotencyKey: string;
  signal?: AbortSignal | undefined;
}

type Body = Readonly<Record<string, unknown>> | undefined;

const isRepeated = (value: unknown) => (value === true ? { repeated: true as const } : {});

/** Changes the status of a record. @throws SdkError, `does-not-hold`; ProblemError `not-sealed` until the record and the change before are in the log */
export async function changeStatus(
  transport: Transport,
  logKey: VerifierKey,
  record: string,
  change: StatusChange,
  options: ChangeOptions,
): Promise<AcceptedChange> {
  const path = `/v1/records/${encodeURIComponent(record)}/status`;
  const said = (await transport.json(path, { method: 'POST', json: change, ...options })) as Body;
  const event = readEvent(said, change);
  if (event.statement.record !== record) throw wrong('expected a statement of this record, got one of another');
  return { ...event, ...checkReceipt(said?.['receipt'], [event.leafHash], logKey), ...isRepeated(said?.['repeated']) };
}

/** Changes the status of several records: of a list, or of a range of ordinals. @throws as {@link changeStatus} */
export async function changeStatuses(
  transport: Transport,
  logKey: VerifierKey,
  change: StatusChange & ({ records: readonly string[] } | { range: { first: number; count: number } }),
  options: ChangeOptions,
): Promise<AcceptedChanges> {
  const said = (await transport.json('/v1/status', { method: 'POST', json: change, ...options })) as Body;
  const results = said?.['results'];
  if (!Array.isArray(results) || ('records' in change && results.length !== change.records.length))
    throw wrong('expected a result for each record, got something else');
  const items = results.map((result: unknown): ChangeOutcome => {
    const { problem, repeated } = (result ?? {}) as { problem?: unknown; repeated?: unknown };
    const read = readProblem(problem);
    if (read !== undefined) return { outcome: 'refused', problem: read };
    return { outcome: 'accepted', event: readEvent(result as Body, change), repeated: repeated === true };
  });
  const leaves = items.flatMap((item) => ('event' in item ? [item.event.leafHash] : []));
  const promise = leaves.length === 0 ? undefined : checkReceipt(said?.['receipt'], leaves, logKey);
  return { items, unchanged: (said?.['unchanged'] ?? []) as AcceptedChanges['unchanged'], promise };
}

/** Says that the agency relies on a record, which is told of its changes from then on. @throws SdkError, `does-not-hold` */
export async function rely(
  transport: Transport,
  logKey: VerifierKey,
  record: string,
  { agencySignature, purpose }: { purpose: string; agencySignature?: AgencySignature | undefined },
  options: ChangeOptions,
): Promise<AcceptedReliance> {
  const path = `/v1/records/${encodeURIComponent(record)}/reliances`;
  const said = (await transport.json(path, {
    method: 'POST',
    json: { purpose, agencySignature },
    ...options,
  })) as Body;
  const statement = reading(() => parseRelianceStatement(said?.['statement']));
  if (statement.record !== record || statement.purpose !== purpose)
    throw wrong('expected a statement of what was said, got another one');
  checkSigned(statement, agencySignature, said);
  const leafHash = readLeafHash(said?.['leafHash']);
  const promise = checkReceipt(said?.['receipt'], [leafHash], logKey);
  return { statement, leafHash, ...promise, ...isRepeated(said?.['repeated']) };
}

/** That a statement has the signature that was sent, or, where it is one of before, one of before. */
function checkSigned(
  { agencySignature: got }: { agencySignature?: AgencySignature | undefined },
  sent: AgencySignature | undefined,
  said: Body,
): void {
  if (sent === undefined || got?.value === sent.value) return;
  if (got === undefined || said?.['repeated'] !== true)
    throw wrong('expected the signature that was sent in the statement, got another or none');
}

/** The event in an answer: it says what was asked. Its leaf hash cannot be computed from the statement alone, which names no ordinals. */
function readEvent(said: Body, { agencySignature, by, effectiveAt, reason, to }: StatusChange): AcceptedEvent {
  const statement = reading(() => parseStatusStatement(said?.['statement']));
  const time = effectiveAt === undefined ? statement.effectiveAt : (normalizeTime(effectiveAt) ?? effectiveAt);
  const asked = [to, reason, by, time];
  const got = [statement.to, statement.reason, statement.by, statement.effectiveAt];
  if (JSON.stringify(asked) !== JSON.stringify(got))
    throw wrong('expected a statement of what was asked, got another one');
  checkSigned(statement, agencySignature, said);
  return { statement, leafHash: readLeafHash(said?.['leafHash']) };
}
