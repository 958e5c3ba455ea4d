import { findByDigest, findRecords } from './find-record.js';
import { proofPrivately } from './private-lookup.js';
import { basisOf, fetchDelays } from './service-basis.js';
import type { ServiceClient } from './service-client.js';
import { SharedService } from './shared-service.js';
import type { Asked, Register } from './surroundings.js';

/** Where records are looked up and what is gone by, where a service is asked for both. */
export function askingService(service: ServiceClient): Asked {
  return {
    basis: basisOf(service),
    register: registerOf(service),
    once: () => askingService(new SharedService(service.base, service.fetchAnswer)),
  };
}

function registerOf(service: ServiceClient): Register {
  return {
    findByDigest: (...asked) => findByDigest(service, ...asked),
    findRecords: (...asked) => findRecords(service, ...asked),
    proof: (...asked) => proofPrivately(service, ...asked),
    delays: (...asked) => fetchDelays(service, ...asked),
  };
}
