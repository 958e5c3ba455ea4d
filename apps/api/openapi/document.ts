import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { ZodType } from 'zod';
import { LIMIT_FIELDS } from '../limits/limited.js';
import { headersOf } from './operation.js';
import { CREATED_WITHIN_SECONDS, SIGNATURE_ALGORITHM, SIGNATURE_TAG } from '../auth/http-signature.js';
import { schemaComponents, schemaOf } from './schema.js';

const { 'retry-after': _, ...QUOTA_FIELDS } = LIMIT_FIELDS;

const DESCRIPTION = `Digests in, proofs out. Agencies lodge digests of documents; each accepted record is sealed into a batch within about a
second, the batch goes into a public append-only log, and the log's head is anchored to public chains. Every record's proof can be verified
without this service. Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`.`;

const SIGNATURE = `Instead of a bearer token: an HTTP message signature (RFC 9421) by a key that was registered with its public key. One signature, with
\`Signature-Input: sig1=("@method" "@authority" "@path" "@query" "content-digest" "content-type");created=…;expires=…;nonce="…";keyid="sr_…";alg="${SIGNATURE_ALGORITHM}";tag="${SIGNATURE_TAG}"\`
and \`Content-Digest: sha-256=:…:\` (RFC 9530); without a body the last two components may be left out, and more header fields may be covered. \`created\` is within ${CREATED_WITHIN_SECONDS} seconds of
the service's clock, \`expires\` to come, and a \`nonce\` good once in ten minutes: sign each attempt anew. \`@authority\` and \`@path\` are those of the service's public address.`;

/** The OpenAPI 3.1 document of every route; its server is `publicUrl` where there is one. */
export function buildDocument(app: INestApplication, version: string, publicUrl: string | undefined): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.1')
    .setTitle('Sealroot')
    .setDescription(DESCRIPTION.replaceAll('\n', ' '))
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer(publicUrl ?? '/')
    .addTag('Records', 'Lodging records and reading how far they are')
    .addTag('Imports', 'Records in bulk, each exactly once')
    .addTag('Status', 'What becomes of records, and which kinds there are')
    .addTag('Events', 'What happens to your records: a feed, and webhooks that push it')
    .addTag('Proofs', 'What a holder keeps and anyone can verify')
    .addTag('Log', 'Batches, the log over them, its keys and anchors')
    .addTag('Bitcoin', 'Block headers for verifying anchors')
    .addTag('EVM chains', 'Blocks for verifying anchors')
    .addTag('Time-stamps', 'Roots for verifying anchors')
    .addTag('Administration', 'Agencies and API keys, with the admin token')
    .addTag('Operations', 'Probes and metrics')
    .addSecurity('apiKey', { type: 'http', scheme: 'bearer', description: "An agency's API key, sr_…" })
    .addSecurity('signature', {
      type: 'apiKey',
      in: 'header',
      name: 'Signature',
      description: SIGNATURE.replaceAll('\n', ' '),
    })
    .addSecurity('adminToken', { type: 'http', scheme: 'bearer', description: "The operator's ADMIN_TOKEN" })
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    autoTagControllers: false,
    // Bodies that a handler's parameter names are described as those that `Operation` names.
    standardSchemaConverter: (schema) => ({ schema: schemaOf(schema as ZodType) }),
    operationIdFactory: (controller, method) => `${subject(controller)}_${method}`,
  });
  document.components = {
    ...document.components,
    schemas: schemaComponents() as NonNullable<OpenAPIObject['components']>['schemas'] & object,
  };
  tellLimits(document);
  return document;
}

/** Whatever counts as a submission says how much of a quota is left. */
function tellLimits(document: OpenAPIObject): void {
  for (const { post } of Object.values(document.paths)) {
    if (!['submit', 'status'].includes((post as { 'x-scope'?: string } | undefined)?.['x-scope'] ?? '')) continue;
    for (const [status, response] of Object.entries(post!.responses))
      if (status.startsWith('2') && response !== undefined && !('$ref' in response))
        response.headers = { ...response.headers, ...headersOf(QUOTA_FIELDS) };
  }
}

/** `EvmBlocksController` as clients name its operations: `evmBlocks`. */
function subject(controller: string): string {
  return controller.replace(/Controller$/, '').replace(/^[A-Z]/, (letter) => letter.toLowerCase());
}
