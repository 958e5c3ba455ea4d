import { Injectable } from '@nestjs/common';
import { IntakeService } from '#intake/intake.js';
import type { IntakeAgency } from '#intake/intake-agency.js';
import { MetricsService } from '../operations/metrics.service.js';
import { CalendarAgency } from './calendar-agency.js';

/** Profile of the calendar's records. */
export const CALENDAR_PROFILE = 'generic@1';

/** Most digests in one request to the intake: as many as share one commit unless it is set otherwise. */
const MAX_GROUP = 1000;

interface Waiting {
  messageHex: string;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Records what was posted to the calendar, as records of the service's own agency. Digests that arrive in one turn of the event loop are
 * one request of it, so that they share what a request costs besides its records. */
@Injectable()
export class DigestIntake {
  #waiting: Waiting[] = [];
  #scheduled = false;

  constructor(
    private readonly intake: IntakeService,
    private readonly agency: CalendarAgency,
    private readonly metrics: MetricsService,
  ) {}

  /** Resolves once the message (32 bytes, hex) is committed to the database.
   * @throws IntakeError when it was not, or not surely */
  record(messageHex: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ messageHex, resolve, reject });
      if (this.#scheduled) return;
      this.#scheduled = true;
      // After this turn of the event loop, so that all requests read from the sockets in it are in.
      setImmediate(() => {
        this.#scheduled = false;
        while (this.#waiting.length > 0) void this.#accept(this.#waiting.splice(0, MAX_GROUP));
      });
    });
  }

  async #accept(group: Waiting[]): Promise<void> {
    try {
      await this.#store(await this.agency.ensure(), group);
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }

  async #store(agency: IntakeAgency, group: Waiting[]): Promise<void> {
    const items = group.map(({ messageHex }) => ({ digests: { sha256: messageHex }, profile: CALENDAR_PROFILE }));
    const { results } = await this.intake.accept(agency, items);
    const refused = results.find(({ outcome }) => outcome !== 'accepted');
    if (refused) throw new Error(`Recording a digest: expected it to be accepted, got ${refused.json}`);
    this.metrics.countIntake(results.length, 0);
  }
}
