import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#config/config.js';
import { LogHistoryRepository } from '#database/log-history.repository.js';
import { Momentary } from '#health/momentary.js';
import { PublishedPages } from '../portal/published-pages.service.js';
import { SigningKeysService } from '../signing-keys/signing-keys.service.js';
import { AgenciesService } from '../agencies/agencies.service.js';

/** How long a description is the newest. */
const FRESH_MS = 1000;

/** Says who runs this service, which logs it writes and has written, where it anchors them, and for whom. */
@Injectable()
export class WellKnownService {
  readonly #described = new Momentary(FRESH_MS, () => this.#describe());

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'anchors' | 'operatorName' | 'operatorUrl' | 'publicUrl'>,
    private readonly logs: LogHistoryRepository,
    private readonly agencies: AgenciesService,
    private readonly signingKeys: SigningKeysService,
    private readonly published: PublishedPages,
  ) {}

  describe(): Promise<object> {
    return this.#described.get();
  }

  async #describe(): Promise<object> {
    const { anchors, operatorName, operatorUrl, publicUrl } = this.config;
    const [logs, { agencies }, keys, pages] = await Promise.all([
      this.logs.list(),
      this.agencies.list(),
      this.signingKeys.published(),
      this.published.list(),
    ]);
    return {
      format: 'sealroot/service@1',
      ...(publicUrl === undefined ? {} : { url: publicUrl }),
      operator: {
        ...(operatorName === undefined ? {} : { name: operatorName }),
        ...(operatorUrl === undefined ? {} : { url: operatorUrl }),
      },
      logs: logs.map(({ since, until, ...log }) => ({
        ...log,
        since: since?.toISOString() ?? null,
        until: until?.toISOString() ?? null,
      })),
      anchors,
      pages,
      agencies: agencies.map((agency) => {
        const signingKeys = keys.get(agency.domain);
        return signingKeys === undefined ? agency : { ...agency, signingKeys };
      }),
    };
  }
}
