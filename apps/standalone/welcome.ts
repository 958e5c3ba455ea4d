import { join, resolve } from 'node:path';
import { DEMO_KEY_FILE } from './first-run.js';

/** What the first lines of a start tell a person. */
export interface Welcome {
  url: string;
  origin: string;
  /** Whether a demo agency is there to try things with. */
  isTrial: boolean;
  /** Its key, on the run that made it. */
  demo: { domain: string; key: string; file: string } | null;
  /** Where the demo agency's key lies. */
  dataDir: string;
}

/** The text that `npm start` prints once it listens: where, on the first run the demo agency's key, and what to try. */
export function welcomeText({ url, origin, isTrial, demo, dataDir }: Welcome): string {
  const lines = [
    '',
    `Sealroot is listening on ${url}`,
    '',
    `  page    ${url}/`,
    `  API     ${url}/docs`,
    `  log     ${origin}`,
  ];
  if (demo) lines.push(`  key     ${demo.key}`, `          (agency ${demo.domain}; shown once, kept in ${demo.file})`);
  const server = url === 'http://127.0.0.1:3000' ? '' : ` --url ${url}`;
  // The command looks in ./data by itself.
  const key = resolve(dataDir) === resolve('data') ? '' : ` --key-file ${join(dataDir, DEMO_KEY_FILE)}`;
  const commands = isTrial
    ? [
        `npx sealroot submit README.md --wait${key}${server}`,
        'npx sealroot verify README.md --proof README.md.sealroot.json',
      ]
    : [
        `npx sealroot agency create registry.example.gov --name "Land registry"${server}`,
        `npx sealroot key create registry.example.gov --label backend${server}`,
      ];
  lines.push('', 'Try next:', '', ...[...commands, `curl -s ${url}/v1/anchors`].map((command) => `  ${command}`), '');
  return lines.join('\n');
}
