import { Controller, Get, Header, Inject } from '@nestjs/common';
import { z } from 'zod';
import { CONFIG, type Config } from '#config/config.js';
import { readTimeStampRoots } from '#anchors/time-stamp-roots.js';
import { formatPem } from '#tsp/pem.js';
import { Operation } from '../openapi/operation.js';
import { Problem } from '../problems/problem.js';

const EXAMPLE_ROOTS = '-----BEGIN CERTIFICATE-----\nMIIB…\n-----END CERTIFICATE-----\n';

/** Root certificates of the time-stamp authorities that the service trusts, for the page that verifies in the browser. */
@Controller('v1/time-stamp-roots')
export class TimeStampRootsController {
  /** Written anew from the certificates: whatever else stands in the file stays there. */
  readonly #pem: string;

  constructor(@Inject(CONFIG) config: Config) {
    this.#pem = readTimeStampRoots(config)
      .map((der) => formatPem('CERTIFICATE', der))
      .join('');
  }

  @Get()
  @Header('cache-control', 'public, max-age=300')
  @Header('content-type', 'application/x-pem-file')
  @Operation({
    tag: 'Time-stamps',
    summary: 'The roots that time-stamps lead to',
    description:
      'The root certificates of time-stamp authorities that the service trusts, as `openssl ts -verify -CAfile` takes them. Who does not trust the service compares their fingerprints with what the authorities publish.',
    answers: {
      200: {
        description: 'The certificates',
        content: { 'application/x-pem-file': { schema: z.string(), example: EXAMPLE_ROOTS } },
      },
    },
    problems: ['no-time-stamp-roots'],
  })
  get(): string {
    if (this.#pem !== '') return this.#pem;
    throw new Problem('no-time-stamp-roots', 'No roots of time-stamp authorities are configured.');
  }
}
