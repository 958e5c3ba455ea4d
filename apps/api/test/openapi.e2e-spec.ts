import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { verifyProof } from '#proof/verify.js';
import { RouteTable } from '../problems/route-table.js';
import { compileAgainst, lintOpenApi } from './openapi-tools.js';
import { sha256Hex } from './public-proof.js';
import { startService, type TestService } from './service.js';

type Json = Record<string, unknown>;
interface Content {
  schema: Json;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
}
interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  security?: Record<string, string[]>[];
  parameters: { name: string; in: string; required: boolean; schema: Json; description: string }[];
  requestBody?: { required?: boolean; content: Record<string, Content> };
  responses: Record<string, { description: string; content?: Record<string, Content> }>;
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json>; securitySchemes: Record<string, Json> };
  tags: { name: string }[];
}

/** What is written by somebody who knows the service only by its document. */
const CLIENT = `
import { log_key, proofs_get, records_byId, records_create, type RecordRequest } from './client.js';
export { configure } from './client.js';

export async function lodge(sha256: string): Promise<string> {
  const request: RecordRequest = { digests: { sha256 }, profile: 'generic@1' };
  const [outcome] = (await records_create({ body: [request] })).records;
  if (outcome?.outcome !== 'accepted') throw new Error('expected an accepted record');
  return outcome.id;
}

export async function prove(id: string) {
  const { batch } = await records_byId({ path: { id } });
  const proof = await proofs_get({ path: { id }, query: { status: 'none' } });
  if (proof.batch.index !== batch?.index) throw new Error('expected the proof to be of that place');
  return { proof, key: await log_key() };
}`;

interface GeneratedClient {
  configure(settings: { serverUrl: string; auth: { bearer: string } }): void;
  lodge(sha256: string): Promise<string>;
  prove(id: string): Promise<{ proof: unknown; key: string }>;
}

/** Addresses that are for people or hold the document itself. */
const UNDOCUMENTED =
  /^(\/docs|\/(lookup|explorer|operator)(\/|$)|\/openapi\.json$|\/$|\/(index\.html|assets\/.*|[^/]+\.(svg|png|ico|txt|css|webmanifest))$)/;

describe('/openapi.json', () => {
  let service: TestService;
  let document: Document;
  const routes = new RouteTable();
  const operations: { path: string; method: string; operation: Operation }[] = [];

  beforeAll(async () => {
    service = await startService({ PUBLIC_URL: 'https://notary.example.gov/' }, { portalFolder: '/nowhere', routes });
    const answer = await service.app.inject('/openapi.json');
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    document = answer.json<Document>();
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) operations.push({ path, method, operation });
    }
  });
  afterAll(() => service.stop());

  /** A schema of the document with its components at hand, as zod reads it. */
  const compile = (schema: Json) =>
    z.fromJSONSchema(
      JSON.parse(
        JSON.stringify({ ...schema, $defs: document.components.schemas }).replaceAll(
          '#/components/schemas/',
          '#/$defs/',
        ),
      ) as Parameters<typeof z.fromJSONSchema>[0],
    );

  it('is OpenAPI 3.1 and documents every route that exists', () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    // Without the slash at the end of PUBLIC_URL: paths begin with one.
    expect(document.servers).toEqual([{ url: 'https://notary.example.gov' }]);
    const documented = new Set(operations.map(({ path, method }) => `${method.toUpperCase()} ${path}`));
    const missing = routes
      .entries()
      .filter(({ method, url }) => method !== 'HEAD' && method !== 'OPTIONS' && !UNDOCUMENTED.test(url))
      .map(({ method, url }) => `${method} ${url.replace(/:([a-z]+)/gi, '{$1}').replace('*', '{path}')}`)
      .filter((name) => !documented.has(name));
    expect(missing).toEqual([]);
  });

  it('describes each operation: summary, tag, unique id, parameters of its path, security, answers', () => {
    const tags = new Set(document.tags.map(({ name }) => name));
    expect(new Set(operations.map(({ operation }) => operation.operationId)).size).toBe(operations.length);
    for (const { path, operation } of operations) {
      expect(operation.summary, path).toBeTruthy();
      expect(
        operation.tags.every((tag) => tags.has(tag)),
        path,
      ).toBe(true);
      const inPath = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      expect(
        operation.parameters
          .filter((parameter) => parameter.in === 'path')
          .map(({ name }) => name)
          .sort(),
        path,
      ).toEqual(inPath.toSorted((a, b) => a!.localeCompare(b!)));
      for (const { name, schema, description } of operation.parameters) {
        expect(schema['type'], `${path} ${name}`).toMatch(/^(string|integer)$/);
        expect(description, `${path} ${name}`).toBeTruthy();
      }
      for (const scheme of (operation.security ?? []).flatMap((entry) => Object.keys(entry))) {
        expect(document.components.securitySchemes).toHaveProperty(scheme);
      }
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        path,
      ).toBe(true);
      expect(operation.responses['500']?.content).toHaveProperty(['application/problem+json']);
    }
    expect(document.paths['/v1/records']?.['post']?.security).toEqual([{ apiKey: [] }, { signature: [] }]);
    expect(document.paths['/v1/records']?.['post']).toMatchObject({ 'x-scope': 'submit' });
    expect(document.paths['/v1/lookup/{algorithm}/{digest}']?.['get']?.security).toEqual([]);
    expect(document.paths['/v1/records/{id}']?.['get']?.security).toEqual([{}, { apiKey: [] }, { signature: [] }]);
    expect(document.paths['/v1/agencies']?.['post']?.security).toEqual([{ adminToken: [] }]);
  });

  it('says which bodies may be left out, and shows the outcome of an item only where items are posted', () => {
    const body = (path: string) => document.paths[path]?.['post']?.requestBody;
    expect(body('/v1/agencies/{domain}/keys')?.required).toBe(false);
    expect(body('/v1/records')?.required).toBe(true);
    for (const { path, method, operation } of operations)
      if (method === 'get') expect(JSON.stringify(operation), path).not.toContain('"outcome":"accepted"');
  });

  it('names every body, and the width of every whole number', () => {
    const bodies = operations.flatMap(({ operation }) => Object.values(operation.requestBody?.content ?? {}));
    expect(bodies.length).toBeGreaterThan(5);
    for (const { schema } of bodies) expect(Object.keys(schema)).toEqual(['$ref']);
    const isNumber = (value: unknown): value is Json => (value as Json | null)?.['type'] === 'integer';
    const numbers: Json[] = [];
    JSON.stringify(document, (_, value: unknown) => (isNumber(value) && numbers.push(value), value));
    expect(numbers.length).toBeGreaterThan(20);
    for (const number of numbers) expect(number['format'], JSON.stringify(number)).toMatch(/^int(32|64)$/);
  });

  it('breaks no rule of the linters', () => {
    expect(lintOpenApi(document)).toEqual([]);
  });

  it('is enough to lodge a record, and to get a proof that holds, by a generated client', async () => {
    const client = await compileAgainst<GeneratedClient>(document, CLIENT);
    await service.app.listen(0, '127.0.0.1');
    client.configure({ serverUrl: await service.app.getUrl(), auth: { bearer: service.key } });
    const id = await client.lodge(sha256Hex('a document'));
    await service.seal();
    const { proof, key } = await client.prove(id);
    const digests = { sha256: Buffer.from(sha256Hex('a document'), 'hex') };
    const { verdict, record } = await verifyProof({ proof, digests, trustedKeys: [key.trim()], now: new Date() });
    expect({ verdict, id: record?.id }).toEqual({ verdict: 'pending', id });
    await expect(client.prove('019cae01-0e7b-7a35-8d21-6f0c1b2a3948')).rejects.toMatchObject({ status: 404 });
  });

  it('refers only to schemas that it has', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref!);
    expect(refs.length).toBeGreaterThan(20);
    for (const ref of refs)
      expect(document.components.schemas).toHaveProperty([ref.replace('#/components/schemas/', '')]);
  });

  it('has examples that fit their schemas', () => {
    let checked = 0;
    for (const { path, method, operation } of operations) {
      const contents = [
        operation.requestBody?.content,
        ...Object.values(operation.responses).map(({ content }) => content),
      ];
      for (const content of contents) {
        for (const [mediaType, { schema, example, examples = {} }] of Object.entries(content ?? {})) {
          const values = [
            ...(example === undefined ? [] : [example]),
            ...Object.values(examples).map(({ value }) => value),
          ];
          for (const value of values) {
            const result = compile(schema).safeParse(value);
            expect(result.success, `${method} ${path} ${mediaType}: ${result.error?.message}`).toBe(true);
            checked += 1;
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(50);
  });

  it('fits what the service answers', async () => {
    for (const url of [
      '/v1/batches',
      '/v1/anchors',
      '/readyz',
      '/.well-known/jwks.json',
      '/.well-known/sealroot.json',
      `/v1/lookup/sha256/${'0'.repeat(64)}`,
    ]) {
      const path = url.replace(/sha256\/0+$/, '{algorithm}/{digest}');
      const { schema } = document.paths[path]!['get']!.responses['200']!.content!['application/json']!;
      expect(compile(schema).safeParse((await service.app.inject(url)).json()).success, url).toBe(true);
    }
  });

  it('has a page for people, which loads nothing from elsewhere', async () => {
    const page = await service.app.inject('/docs');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'/);
    const links = [...page.body.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, link]) => link!);
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      expect(link).toMatch(/^\.\/docs\//);
      expect((await service.app.inject(new URL(link, 'http://host/').pathname)).statusCode, link).toBe(200);
    }
  });

  it('says plainly that the portal is not built when it is not', async () => {
    const answer = await service.app.inject('/');
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toMatch(/not built/);
  });
});
