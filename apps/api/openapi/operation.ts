import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import {
  ApiBody,
  ApiConsumes,
  ApiExtension,
  ApiHeader,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { z } from 'zod';
import type { KeyScope } from '#database/agency.repository.js';
import type { RouteTerms, Security } from '../auth/admission.js';
import { KEY_MAX_CHARACTERS } from '../idempotency/idempotency-key.js';
import { LIMIT_FIELDS } from '../limits/limited.js';
import { type ProblemCode, problemDetails, PROBLEMS } from '../problems/problem.js';
import { schemaOf } from './schema.js';

/** One way in which an operation answers. */
export interface Answer {
  description: string;
  /** By media type; `application/json` when only a schema is given. */
  content?: Record<string, { schema: z.ZodType; example?: unknown; examples?: Record<string, unknown> }>;
  headers?: Record<string, string>;
}

/** Who may use a route, which is also what is enforced: everybody unless it is said; and of a key, what it must be good for. */
type Access =
  { security?: 'adminToken'; scope?: undefined } | { security: Exclude<Security, 'adminToken'>; scope: KeyScope };

/** What the OpenAPI document says of one route, and what is kept to before it is reached. */
export type OperationDoc = Access & Description;

interface Description {
  tag: string;
  summary: string;
  description: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  /** Request headers that it heeds, all of which may be left out; `Idempotency-Key` needs no mention. */
  headers?: z.ZodObject;
  /** Whether a request that comes again under its `Idempotency-Key` is done once; this is also what is done. */
  idempotent?: true;
  /** `examples`: name → value. */
  body?: {
    schema: z.ZodType;
    examples: Record<string, unknown>;
    /** `application/json` unless another is given. */
    mediaType?: string;
    /** It may be left out. */
    optional?: true;
    /** Most elements of one list in it, where that is more than elsewhere. */
    maxWidth?: number;
  };
  answers: Record<number, Answer>;
  /** Problems that the route can answer with, besides those that every route has that is used and takes what this one does. */
  problems?: ProblemCode[];
}

const problemSchema = z
  .object({
    type: z.string().describe('urn:sealroot:problem:<code>, or one of the registry of HTTP problem types'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().describe('What was wrong this time'),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    errors: z
      .array(z.object({ pointer: z.string().describe('JSON pointer (RFC 6901)'), detail: z.string() }))
      .optional()
      .describe('Every single fault, when there can be several'),
    standing: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('How the record stands and since when, where that is why'),
    'violated-policies': z
      .array(z.string())
      .optional()
      .describe('Names of the limits that the request would go beyond, as in `RateLimit-Policy`'),
    retryAfterSeconds: z
      .int()
      .min(1)
      .optional()
      .describe('When to come again, in the last line of an answer that had begun'),
  })
  .meta({ id: 'Problem', description: 'An error answer (RFC 9457)' });

/** How OpenAPI says who may use a route: an empty list means everybody, an empty object in it that the key may be left out. */
function securityOf({ security }: Access): Record<string, string[]>[] {
  if (security === undefined) return [];
  if (security === 'adminToken') return [{ adminToken: [] }];
  const ofKeys = [{ apiKey: [] }, { signature: [] }];
  if (security === 'apiKeyOrAdminToken') return [...ofKeys, { adminToken: [] }];
  return security === 'optionalApiKey' ? [{}, ...ofKeys] : ofKeys;
}

/** A description with the scope that a key must have: OpenAPI has scopes for OAuth alone. */
function withScope({ description, scope }: OperationDoc): string | undefined {
  if (scope === undefined) return description;
  return [description, `A key needs the scope \`${scope}\`.`].filter((text) => text !== undefined).join(' ');
}

/** Problems that a route can answer with because of who may use it and what it takes, whatever it is for. */
function impliedProblems({ security, idempotent, params, body }: OperationDoc): ProblemCode[] {
  return [
    ...(security === undefined ? [] : OF_SECURITY[security]),
    ...(idempotent ? (['idempotency-in-progress', 'idempotency-key-reused'] as const) : []),
    ...(params === undefined ? [] : (['uri-too-long'] as const)),
    ...(body === undefined ? [] : OF_BODIES),
    ...(body === undefined || security === undefined || security === 'adminToken'
      ? []
      : (['digest-mismatch'] as const)),
    ...OF_REQUESTS,
  ];
}

const OF_REQUESTS: ProblemCode[] = ['bad-request', 'headers-too-large', 'internal', 'busy', 'unavailable'];
const OF_BODIES: ProblemCode[] = [
  'malformed-json',
  'repeated-member',
  'body-too-complex',
  'request-timeout',
  'body-too-large',
  'unsupported-media-type',
  'expectation-failed',
];
const OF_SECURITY: Record<Security, ProblemCode[]> = {
  apiKey: ['unauthorized', 'insufficient-scope', 'address-not-allowed', 'rate-limited'],
  optionalApiKey: ['unauthorized', 'address-not-allowed', 'rate-limited'],
  adminToken: ['unauthorized', 'admin-disabled'],
  apiKeyOrAdminToken: ['unauthorized', 'admin-disabled', 'insufficient-scope', 'address-not-allowed', 'rate-limited'],
};

/** Documents a route: parameters, body, answers and problems, with examples; and sets who may use it and whether it takes a body. */
export function Operation(doc: OperationDoc): MethodDecorator {
  const { tag, summary, security, scope, idempotent, params, query, headers, body, answers, problems = [] } = doc;
  const text = withScope(doc);
  const decorators: (MethodDecorator & ClassDecorator)[] = [
    ApiTags(tag) as MethodDecorator & ClassDecorator,
    ApiOperation({
      summary,
      ...(text === undefined ? {} : { description: text }),
      security: securityOf(doc),
    }) as MethodDecorator & ClassDecorator,
  ];
  const terms: RouteTerms = {
    ...(security ? { security } : {}),
    ...(idempotent ? { idempotent } : {}),
    ...(scope ? { scope } : {}),
    takesBody: body !== undefined,
    ...(body?.mediaType === undefined ? {} : { bodyType: body.mediaType }),
    ...(body?.maxWidth === undefined ? {} : { maxBodyWidth: body.maxWidth }),
  };
  if (scope !== undefined) decorators.push(ApiExtension('x-scope', scope) as MethodDecorator & ClassDecorator);
  decorators.push(RouteConfig(terms) as MethodDecorator & ClassDecorator);
  for (const [name, field] of Object.entries(params?.shape ?? {})) {
    decorators.push(ApiParam({ name, ...parameter(field as z.ZodType), required: true }));
  }
  for (const [name, field] of Object.entries(query?.shape ?? {})) {
    const required = !(field as z.ZodType).safeParse(undefined).success;
    decorators.push(ApiQuery({ name, ...parameter(field as z.ZodType), required }));
  }
  const heeded = { ...headers?.shape, ...(idempotent ? { 'Idempotency-Key': idempotencyKeySchema } : {}) };
  for (const [name, field] of Object.entries(heeded)) {
    decorators.push(ApiHeader({ name, ...parameter(field as z.ZodType), required: false }));
  }
  if (body) {
    const examples = Object.fromEntries(
      Object.entries(body.examples).map(([name, value]) => [name, { summary: name, value }]),
    );
    if (body.mediaType !== undefined) decorators.push(ApiConsumes(body.mediaType) as MethodDecorator & ClassDecorator);
    decorators.push(
      ApiBody({ schema: schemaOf(body.schema), examples, required: body.optional !== true } as Parameters<
        typeof ApiBody
      >[0]) as MethodDecorator & ClassDecorator,
    );
  }
  for (const [status, answer] of Object.entries(answers))
    decorators.push(ApiResponse(response(Number(status), idempotent ? withReplay(answer) : answer)));
  for (const [status, codes] of byStatus([...problems, ...impliedProblems(doc)])) {
    if (!(status in answers)) decorators.push(ApiResponse(problemResponse(status, codes)));
  }
  return applyDecorators(...decorators);
}

const idempotencyKeySchema = z
  .string()
  .max(KEY_MAX_CHARACTERS)
  .meta({
    description:
      'What the client names this request by, for this route: repeated with the same body within 24 hours, it gets the same answer and does nothing. ' +
      'Printable ASCII, quoted or bare. A request that was refused may be corrected under the same key',
    examples: ['"8e03978e-40d5-43e8-bc93-6894a57f9324"'],
  });

function withReplay(answer: Answer): Answer {
  const replayed = { 'idempotent-replayed': '`true` on the answer to a request that was done before' };
  return { ...answer, headers: { ...answer.headers, ...replayed } };
}

function parameter(field: z.ZodType): { schema: object; description: string } {
  const { description = '', ...schema } = schemaOf(field, 'output');
  return { schema, description: description as string };
}

function response(
  status: number,
  { description, content = {}, headers = {} }: Answer,
): Parameters<typeof ApiResponse>[0] {
  return {
    status,
    description,
    headers: headersOf(headers),
    content: Object.fromEntries(
      Object.entries(content).map(([mediaType, { schema, example, examples }]) => [
        mediaType,
        {
          schema: schemaOf(schema),
          ...(example === undefined ? {} : { example }),
          ...(examples === undefined
            ? {}
            : { examples: Object.fromEntries(Object.entries(examples).map(([k, value]) => [k, { value }])) }),
        },
      ]),
    ),
  } as Parameters<typeof ApiResponse>[0];
}

/** Response headers, by what they say. */
export function headersOf(headers: Record<string, string>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, text]) => [name, { description: text, schema: { type: 'string' } }]),
  );
}

function byStatus(codes: ProblemCode[]): Map<number, ProblemCode[]> {
  const groups = new Map<number, ProblemCode[]>();
  for (const code of new Set(codes)) {
    const { status } = PROBLEMS[code];
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return groups;
}

function problemResponse(status: number, codes: ProblemCode[]): Parameters<typeof ApiResponse>[0] {
  return {
    status,
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('. '),
    ...(codes.includes('rate-limited') ? { headers: headersOf(LIMIT_FIELDS) } : {}),
    content: {
      'application/problem+json': {
        schema: schemaOf(problemSchema),
        examples: Object.fromEntries(
          codes.map((code) => [code, { value: problemDetails(code, PROBLEMS[code].title) }]),
        ),
      },
    },
  } as Parameters<typeof ApiResponse>[0];
}
