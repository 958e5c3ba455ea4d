import { ANCHOR_KINDS, kindOfAnchor } from '#anchors/kinds.js';
import { sourceProblems } from '#anchors/source-settings.js';
import type { SettingProblem } from '#setting/config-error.js';
import type { Config } from './config.js';

/** Rules that concern more than one setting; `wanted`: the words of `ANCHORS`. */
export function crossCheck(config: Config, wanted: readonly string[]): SettingProblem[] {
  return [
    ...serviceProblems(config),
    ...sourceProblems(config),
    ...ANCHOR_KINDS.flatMap((kind) => kind.problems(config, wanted.includes(kind.name))),
    ...policyProblems(config),
  ];
}

function serviceProblems(config: Config): SettingProblem[] {
  const problems: SettingProblem[] = [];
  if (config.databasePasswordFile !== undefined) {
    const detail =
      config.databaseUrl === undefined
        ? 'expected DATABASE_URL, got none'
        : new URL(config.databaseUrl).password !== ''
          ? 'expected a password either in DATABASE_URL or in a file, got both'
          : null;
    if (detail !== null) problems.push({ key: 'DATABASE_PASSWORD_FILE', detail });
  }
  if (config.signingKey && config.signingKeyFile)
    problems.push({ key: 'SIGNING_KEY', detail: 'expected either SIGNING_KEY or SIGNING_KEY_FILE, got both' });
  if (config.adminToken && config.adminTokenFile)
    problems.push({ key: 'ADMIN_TOKEN', detail: 'expected either ADMIN_TOKEN or ADMIN_TOKEN_FILE, got both' });
  if (config.otsCalendar === 'on' && config.publicUrl === undefined)
    problems.push({ key: 'OTS_CALENDAR', detail: 'expected PUBLIC_URL, which clients find the calendar by' });
  return problems;
}

function policyProblems({ anchors, ...config }: Config): SettingProblem[] {
  const policies = [
    ['ANCHOR_INTERVALS', config.anchorIntervals],
    ['ANCHOR_OVERDUE_TIMES', config.anchorOverdueTimes],
    ['ANCHOR_BUDGETS', config.anchorBudgets],
  ] as const;
  const strangers = policies.flatMap(([key, given]) =>
    [...given.keys()]
      .filter((anchor) => !anchors.includes(anchor))
      .map((anchor) => ({ key, detail: `expected anchors of this service (${anchors.join(', ')}), got ${anchor}` })),
  );
  const unpaid = [...config.anchorBudgets.keys()]
    .filter((anchor) => !kindOfAnchor(anchor)?.isPaid)
    .map((anchor) => ({ key: 'ANCHOR_BUDGETS', detail: `expected anchors that cost money, got ${anchor}` }));
  return [...strangers, ...unpaid];
}
