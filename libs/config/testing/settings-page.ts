import { z } from 'zod';
import { configSchema } from '../config.js';

const HEAD = `# Settings of the service with their meaning and default. Copy to .env and uncomment what you change.
# Written from libs/config/config.ts: npx vitest run --project unit libs/config -u
# Anchors and EVM_CHAINS are described in docker/anchoring.md.
`;

/** The text of `.env.example`: every setting in the schema's order. */
export function settingsPage(): string {
  const entries = Object.entries(configSchema.shape).map(
    ([key, schema]) => `# ${schema.description}\n# ${key}=${asText(defaultOf(schema))}\n`,
  );
  return [HEAD, ...entries].join('\n');
}

function defaultOf(schema: z.ZodType): unknown {
  return schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
}

/** A parsed value as the environment would have it; nothing for none. */
function asText(value: unknown): string {
  if (value === undefined || value instanceof Map) return '';
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(',') : JSON.stringify(value);
}
