import type { Finding } from './finding.js';
import type { Who } from './verification.js';

/** Whose word it is that a record, or a change of its status (the event with this ordinal), is the agency's. That a key is an agency's is said in the log: without the log's own key it
 * is nobody's. */
export function whoOf(findings: readonly Finding[], event?: number): Who {
  const passed = (name: Finding['check']) =>
    findings.some(
      (finding) =>
        finding.check === name && finding.outcome === 'passed' && (!('event' in finding) || finding.event === event),
    );
  if (!passed('log-key')) return 'unchecked';
  const [signature, authorisation] =
    event === undefined
      ? (['agency-signature', 'authorisation'] as const)
      : (['event-signature', 'event-authorisation'] as const);
  return passed(signature) && passed(authorisation) ? 'agency' : 'log';
}
