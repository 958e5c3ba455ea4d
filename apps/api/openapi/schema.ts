import { z } from 'zod';

/** A JSON Schema (2020-12), as OpenAPI 3.1 embeds it. */
export type JsonSchema = Record<string, unknown>;

const components = new Map<string, JsonSchema>();

/** Largest number of 32 bits with a sign. */
const MAX_INT32 = 0x7fffffff;

/** The JSON Schema of a zod schema, of what it takes or (`output`) makes of it. Parts with an `id` in their metadata become components and are
 * referred to. That a value may be left out is not its schema's to say. */
export function schemaOf(schema: z.ZodType, io: 'input' | 'output' = 'input'): JsonSchema {
  if (schema instanceof z.ZodOptional && !schema.meta()) return schemaOf(schema.unwrap() as z.ZodType, io);
  const { $schema: _, $defs, ...converted } = z.toJSONSchema(schema, { io }) as JsonSchema;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, JsonSchema>)) {
    components.set(name, forOpenApi(definition) as JsonSchema);
  }
  return forOpenApi(converted) as JsonSchema;
}

/** Every component that {@link schemaOf} has met, by name. */
export function schemaComponents(): Record<string, JsonSchema> {
  return Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The schema with references to components, and with the width of whole numbers: generated clients cut off what they think shorter. */
function forOpenApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(forOpenApi);
  if (typeof value !== 'object' || value === null) return value;
  const converted = Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string'
        ? member.replace('#/$defs/', '#/components/schemas/')
        : forOpenApi(member),
    ]),
  );
  if (converted['type'] !== 'integer') return converted;
  const maximum = (converted['maximum'] ?? Infinity) as number;
  return { ...converted, format: maximum <= MAX_INT32 ? 'int32' : 'int64' };
}
