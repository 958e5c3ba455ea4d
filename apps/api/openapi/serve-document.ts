import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { KeptFile } from '../representations/kept-file.js';

/** Parts of the page for people that are sent from memory like the document: the largest of them, which otherwise are read anew for each who asks. */
const LARGE_PARTS = {
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'text/javascript; charset=utf-8',
  'swagger-ui.css': 'text/css; charset=utf-8',
};

/** Serves the document at `/openapi.json`, written once, and made into a page for people at `/docs`. */
export function serveDocument(app: NestFastifyApplication, server: FastifyInstance, document: OpenAPIObject): void {
  const json = new KeptFile(
    Buffer.from(JSON.stringify(document)),
    { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'public, max-age=60' },
    true,
  );
  server.get('/openapi.json', (request, reply) => json.send(request, reply));
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  for (const [name, type] of Object.entries(LARGE_PARTS)) {
    const content = readFileSync(join(folder, name));
    const part = new KeptFile(content, { 'content-type': type, 'cache-control': 'public, max-age=3600' }, true);
    server.get(`/docs/${name}`, (request, reply) => part.send(request, reply));
  }
  SwaggerModule.setup('docs', app, document, {
    raw: false,
    swaggerOptions: { validatorUrl: null },
    customSiteTitle: 'Sealroot API',
  });
}
