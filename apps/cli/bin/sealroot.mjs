#!/usr/bin/env node
// Runs the compiled command line; kept in plain JavaScript so that it can say what is missing before a build.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const compiled = new URL('../../../dist/apps/cli/main.js', import.meta.url);
if (existsSync(compiled)) {
  await import(compiled.href);
} else {
  const project = fileURLToPath(new URL('../../..', import.meta.url));
  process.stderr.write(
    `sealroot: the command is not built yet: expected ${fileURLToPath(compiled)}. Run "npm run build" in ${project}\n`,
  );
  process.exitCode = 70;
}
