import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RouteTable } from '../problems/route-table.js';
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

/** Addresses that are for people or hold the document itself. */
const UNDOCUMENTED = /^(\/docs|\/openapi\.json$|\/$|\/(index\.html|assets\/.*|[^/]+\.(svg|png|ico|txt|webmanifest))$)/;

describe('/openapi.json', () => {
  let service: TestService;
  let document: Document;
  const routes = new RouteTable();
  const operations: { path: string; method: string; operation: Operation }[] = [];

  beforeAll(async () => {
    service = await startService({ PUBLIC_URL: 'https://notary.example.gov' }, { portalFolder: '/nowhere', routes });
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
        expect(schema, `${path} ${name}`).toMatchObject({ type: 'string' });
        expect(description !== undefined, `${path} ${name}`).toBe(true);
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
    expect(document.paths['/v1/records']?.['post']?.security).toEqual([{ apiKey: [] }]);
    expect(document.paths['/v1/lookup/{algorithm}/{digest}']?.['get']?.security).toEqual([]);
    expect(document.paths['/v1/records/{id}']?.['get']?.security).toEqual([{}, { apiKey: [] }]);
    expect(document.paths['/v1/agencies']?.['post']?.security).toEqual([{ adminToken: [] }]);
  });

  it('says which bodies may be left out, and shows the outcome of an item only where items are posted', () => {
    const body = (path: string) => document.paths[path]?.['post']?.requestBody;
    expect(body('/v1/agencies/{domain}/keys')?.required).toBe(false);
    expect(body('/v1/records')?.required).toBe(true);
    for (const { path, method, operation } of operations)
      if (method === 'get') expect(JSON.stringify(operation), path).not.toContain('"outcome":"accepted"');
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
