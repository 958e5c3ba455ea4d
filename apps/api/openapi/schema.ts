import { z } from 'zod';

/** A JSON Schema (2020-12), as OpenAPI 3.1 embeds it. */
export type JsonSchema = Record<string, unknown>;

const components = new Map<string, JsonSchema>();

/** The JSON Schema of a zod schema. Parts with an `id` in their metadata become components and are referred to. */
export function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, $defs, ...converted } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, JsonSchema>)) {
    components.set(name, withComponentRefs(definition) as JsonSchema);
  }
  return withComponentRefs(converted) as JsonSchema;
}

/** Every component that {@link schemaOf} has met, by name. */
export function schemaComponents(): Record<string, JsonSchema> {
  return Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function withComponentRefs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withComponentRefs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string'
        ? member.replace('#/$defs/', '#/components/schemas/')
        : withComponentRefs(member),
    ]),
  );
}
