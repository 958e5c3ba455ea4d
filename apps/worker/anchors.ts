import { randomBytes } from 'node:crypto';
import type { Anchor } from '#anchors/anchor.js';
import { createHeaderSources } from '#anchors/header-sources.js';
import { createOpenTimestampsAnchor } from '#anchors/opentimestamps/opentimestamps.js';
import type { Config } from '#config/config.js';

/** Nest injection token of the configured anchors ({@link Anchor} by name). */
export const ANCHORS = Symbol('ANCHORS');

/** The configured anchors, by name. */
export type Anchors = ReadonlyMap<string, Anchor>;

/** Sets up the anchors that the configuration names, with the process's network, clock and randomness. */
export function createAnchors(config: Config): Anchors {
  const anchors = config.anchors.map((name): Anchor => {
    switch (name) {
      case 'opentimestamps':
        return createOpenTimestampsAnchor({
          calendars: config.otsCalendars,
          allow: config.otsCalendarAllow,
          quorum: config.otsQuorum,
          timeoutMs: config.otsTimeoutMs,
          pollSeconds: config.otsPollSeconds,
          blockSources: createHeaderSources(config),
          fetch,
          now: () => new Date(),
          randomBytes: (length) => new Uint8Array(randomBytes(length)),
        });
      default:
        throw new Error(`Setting up the anchors: expected opentimestamps, got ${name}`);
    }
  });
  return new Map(anchors.map((anchor) => [anchor.name, anchor]));
}
