import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';

/** Serves the document at `/openapi.json`, written once, and made into a page for people at `/docs`. */
export function serveDocument(app: NestFastifyApplication, server: FastifyInstance, document: OpenAPIObject): void {
  const json = Buffer.from(JSON.stringify(document));
  server.get('/openapi.json', (_request, reply) =>
    reply
      .headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'public, max-age=60' })
      .send(json),
  );
  SwaggerModule.setup('docs', app, document, {
    raw: false,
    swaggerOptions: { validatorUrl: null },
    customSiteTitle: 'Sealroot API',
  });
}
