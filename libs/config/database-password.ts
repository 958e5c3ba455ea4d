import { readFileSync } from 'node:fs';
import { ConfigError } from '#setting/config-error.js';

/** The database's URL with the password in `file`.
 * @throws ConfigError when there is none */
export function withPassword(databaseUrl: string, file: string): string {
  let password: string;
  try {
    password = readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([
      { key: 'DATABASE_PASSWORD_FILE', detail: `expected a file that can be read, got ${code} at ${file}` },
    ]);
  }
  if (password === '')
    throw new ConfigError([{ key: 'DATABASE_PASSWORD_FILE', detail: `expected a password, got nothing in ${file}` }]);
  const url = new URL(databaseUrl);
  url.password = encodeURIComponent(password);
  return url.href;
}
