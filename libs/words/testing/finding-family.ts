import type { Finding } from '#proof/finding.js';

type Part<F, Member extends string> = F extends Record<Member, infer Value extends string> ? ` ${Value}` : '';

/** Name of a kind of finding: its check, its outcome, and what else tells kinds apart. */
export type FindingKey<F extends Finding = Finding> = F extends Finding
  ? `${F['check']} ${F['outcome']}${Part<F, 'kind'>}${Part<F, 'reason'>}`
  : never;

/** One entry for each member of a family of kinds. */
export function family<Prefix extends string, Member extends string>(
  prefix: Prefix,
  members: readonly Member[],
  make: (member: Member) => Finding,
): Record<`${Prefix} ${Member}`, Finding> {
  return Object.fromEntries(members.map((member) => [`${prefix} ${member}`, make(member)])) as Record<
    `${Prefix} ${Member}`,
    Finding
  >;
}
