import { Injectable } from '@nestjs/common';
import { groupOf } from '#signature/sign.js';
import { signingInput } from '#signature/signing-input.js';
import { type AgencySignature, GROUP_MAX_LINES } from '#statement/agency-signature.js';
import type { Problem } from '#statement/error.js';
import { AgencySignatures } from './agency-signatures.js';
import type { IntakeAgency } from './intake-agency.js';
import { nativeSha256Into } from './native-sha256.js';
import type { StatusRequest } from './status-request.js';

/** What an agency has signed, verified. */
export interface SignedChanges {
  /** When it was: the statements are of that time. */
  receivedAtMs: number;
  /** Of the statement of a number, from 0 in the order of the request. */
  signatureOf: (i: number) => AgencySignature;
}

/** What a request is about: single records by their ids, or a range of ordinals. */
export type About = { ids: readonly string[] } | { range: { first: number; count: number } };

/** Verifies what agencies sign of changes of status and of what they rely on. */
@Injectable()
export class SignedChangesService {
  constructor(private readonly signatures: AgencySignatures) {}

  /** The signatures of the statements that a request becomes, null where it is not signed; or what is wrong, with pointers into its body. */
  async ofStatus(
    agency: IntakeAgency,
    { agencySignature, by, effectiveAt, reason, to }: StatusRequest,
    about: About,
  ): Promise<SignedChanges | { faults: Problem[] } | null> {
    if (agencySignature === undefined) return null;
    const said = { v: 1, kind: 'status', agency: agency.domain, to, reason, by, effectiveAt };
    const inputs =
      'ids' in about
        ? inputsOf(said, about.ids)
        : [signingInput({ ...said, range: { first: about.range.first, count: about.range.count } })];
    return this.#verified(agency, agencySignature, inputs);
  }

  /** The same of a reliance. */
  async ofReliance(
    agency: IntakeAgency,
    agencySignature: AgencySignature,
    said: { record: string; purpose: string },
  ): Promise<SignedChanges | { faults: Problem[] }> {
    const input = signingInput({ v: 1, kind: 'reliance', agency: agency.domain, ...said });
    return this.#verified(agency, agencySignature, [input]);
  }

  async #verified(
    agency: IntakeAgency,
    agencySignature: AgencySignature,
    inputs: readonly string[],
  ): Promise<SignedChanges | { faults: Problem[] }> {
    let signatureOf: SignedChanges['signatureOf'] = () => agencySignature;
    if (inputs.length > 1) {
      const fault = groupFault(agencySignature, inputs.length);
      if (fault !== null) return { faults: [fault] };
      const { placeOf } = groupOf(inputs, nativeSha256Into);
      signatureOf = (i) => ({ ...agencySignature, group: placeOf(i) });
    }
    const receivedAtMs = Date.now();
    const check = (await this.signatures.checkFor(agency, [{ agencySignature }], receivedAtMs))!;
    // The places in a group are of our making: if one leads to what was signed, all do.
    const faults = check(signatureOf(0), inputs[0]!);
    return faults.length > 0 ? { faults } : { receivedAtMs, signatureOf };
  }
}

/** What is signed of each record: the same but for its id, which stands as it is in canonical JSON. */
function inputsOf(said: object, ids: readonly string[]): string[] {
  const [before, after] = signingInput({ ...said, record: '' }).split('"record":""');
  return ids.map((id) => `${before}"record":"${id}"${after}`);
}

function groupFault({ group }: AgencySignature, records: number): Problem | null {
  if (group !== undefined)
    return {
      pointer: '/agencySignature/group',
      detail: 'expected no such member: of a list all statements are signed as one, in its order',
    };
  if (records <= GROUP_MAX_LINES) return null;
  return {
    pointer: '/records',
    detail: `expected at most ${GROUP_MAX_LINES} records that are signed as one, got ${records}`,
  };
}
