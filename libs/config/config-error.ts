/** A configuration that cannot be used; the message names every bad key. */
export class ConfigError extends Error {
  readonly code = 'bad-config';
  constructor(readonly problems: { key: string; detail: string }[]) {
    super(`The configuration cannot be used:\n${problems.map((p) => `  ${p.key}: ${p.detail}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}
