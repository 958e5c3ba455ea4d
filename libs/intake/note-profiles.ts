import { Logger } from '@nestjs/common';
import { describeError, logSparsely } from '#config/sparse-log.js';
import type { AgencyProfileRepository } from '#database/agency-profile.repository.js';
import type { IntakeAgency } from './intake-agency.js';

const logger = new Logger('intake');

/** Notes that an agency has lodged records of these profiles, after their commit: what goes wrong here is told to the operator, and made up for by the
 * next one. */
export async function noteProfiles(
  notes: AgencyProfileRepository,
  agency: IntakeAgency,
  profiles: readonly string[],
  receivedAtMs: number,
): Promise<void> {
  await notes.note(agency.id, profiles, new Date(receivedAtMs)).catch((error: Error) => {
    logSparsely(logger, 'warn', `the profiles of ${agency.domain} were not noted: ${describeError(error)}`);
  });
}
