/** What is wrong with one setting. */
export interface SettingProblem {
  /** Its name in the environment. */
  readonly key: string;
  /** What was expected, and what is there instead; shows no secret. */
  readonly detail: string;
}

/** A configuration that cannot be used; the message names every bad key. */
export class ConfigError extends Error {
  readonly code = 'bad-config';
  constructor(readonly problems: readonly SettingProblem[]) {
    super(`The configuration cannot be used:\n${problems.map((p) => `  ${p.key}: ${p.detail}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}
