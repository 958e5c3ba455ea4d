import { z } from 'zod';
import { memberPointer, type Problem } from './error.js';
import { type Profile, PROFILES } from './profile.js';

const SCHEMAS = new Map(PROFILES.map(({ id, claims }) => [id, z.fromJSONSchema(claims)]));

/** Adds to `problems` where claims are not what their profile's JSON Schema asks for. */
export function checkClaimsSchema(claims: unknown, profile: Profile, pointer: string, problems: Problem[]): void {
  const result = SCHEMAS.get(profile.id)!.safeParse(claims);
  if (result.success) return;
  for (const { path, message } of result.error.issues) {
    const at = path.reduce<string>((parent, name) => memberPointer(parent, name as string | number), pointer);
    problems.push({ pointer: at, detail: `expected what ${profile.id} asks of its claims: ${message}` });
  }
}
