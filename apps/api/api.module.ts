import type pg from 'pg';
import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '#config/config.module.js';
import type { Config } from '#config/config.js';
import { AnchorReaderRepository } from '#database/anchor-reader.repository.js';
import { AgencyDomainRepository } from '#database/agency-domain.repository.js';
import { AuditHeadRepository } from '#database/audit-head.repository.js';
import { AuditLogRepository } from '#database/audit-log.repository.js';
import { CheckpointListRepository } from '#database/checkpoint-list.repository.js';
import { DelayRepository } from '#database/delay.repository.js';
import { CandidateRepository } from '#database/candidate.repository.js';
import { BatchRecordRepository } from '#database/batch-record.repository.js';
import { DatabaseModule } from '#database/database.module.js';
import { FeedEventRepository } from '#database/feed-event.repository.js';
import { LogHistoryRepository } from '#database/log-history.repository.js';
import { IdempotencyRepository } from '#database/idempotency.repository.js';
import { QuotaRepository } from '#database/quota.repository.js';
import { LeafRepository } from '#database/leaf.repository.js';
import { GateBatchRepository } from '#database/gate-batch.repository.js';
import { RecordLookupRepository } from '#database/record-lookup.repository.js';
import { RecordReaderRepository } from '#database/record-reader.repository.js';
import { WriteProbe } from '#database/write-probe.js';
import { SealProgressRepository } from '#database/seal-progress.repository.js';
import { SignatureNonceRepository } from '#database/signature-nonce.repository.js';
import { StatusLeafRepository } from '#database/status-leaf.repository.js';
import { READ_POOL } from '#database/pool.js';
import { STATUS_READER, StatusRepository } from '#database/status.repository.js';
import { SubmissionReaderRepository } from '#database/submission-reader.repository.js';
import { UsageRepository } from '#database/usage.repository.js';
import { WebhookDeliveryRepository } from '#database/webhook-delivery.repository.js';
import { WebhookEndpointRepository } from '#database/webhook-endpoint.repository.js';
import { WebhookLogRepository } from '#database/webhook-log.repository.js';
import { IntakeModule } from '#intake/intake.module.js';
import { KeysModule } from '#keys/keys.module.js';
import { ProposalRepository } from '#database/proposal.repository.js';
import { QueueModule } from '#queue/queue.module.js';
import { SealingModule } from '#sealing/sealing.module.js';
import { AgenciesController } from './agencies/agencies.controller.js';
import { AgenciesService } from './agencies/agencies.service.js';
import { AnchorsController } from './anchors/anchors.controller.js';
import { AnchorsService } from './anchors/anchors.service.js';
import { AuditLogController } from './audit-log/audit-log.controller.js';
import { AuditLogNotary } from './audit-log/audit-log-notary.js';
import { AuditLogService } from './audit-log/audit-log.service.js';
import { Admission } from './auth/admission.js';
import { AgencyCache } from './auth/agency-cache.js';
import { SignedRequests } from './auth/signed-requests.js';
import { HeadersController } from './bitcoin/headers.controller.js';
import { HeadersService } from './bitcoin/headers.service.js';
import { CalendarAgency } from './calendar/calendar-agency.js';
import { CalendarHealth } from './calendar/calendar-health.js';
import { CalendarRepository } from './calendar/calendar.repository.js';
import { CalendarService } from './calendar/calendar.service.js';
import { DigestIntake } from './calendar/digest-intake.js';
import { CandidatesController } from './candidates/candidates.controller.js';
import { CandidatesService } from './candidates/candidates.service.js';
import { DelaysController } from './delays/delays.controller.js';
import { DelaysService } from './delays/delays.service.js';
import { DomainsController } from './domains/domains.controller.js';
import { DomainsService } from './domains/domains.service.js';
import { EventsController } from './events/events.controller.js';
import { EventsService } from './events/events.service.js';
import { EvmBlocksController } from './evm/evm-blocks.controller.js';
import { EvmBlocksService } from './evm/evm-blocks.service.js';
import { GateController } from './gate/gate.controller.js';
import { GateService } from './gate/gate.service.js';
import { BatchStandingService } from './log/batch-standing.service.js';
import { BatchesService } from './log/batches.service.js';
import { IdempotencyService } from './idempotency/idempotency.service.js';
import { ImportsController } from './imports/imports.controller.js';
import { ImportsService } from './imports/imports.service.js';
import { Quotas } from './limits/quotas.js';
import { QuotasController } from './limits/quotas.controller.js';
import { LogClock } from './log/log-clock.js';
import { LogController } from './log/log.controller.js';
import { EndedRecords } from './log/ended-records.js';
import { LogService } from './log/log.service.js';
import { PublishedPages } from './portal/published-pages.service.js';
import { WellKnownController } from './log/well-known.controller.js';
import { WellKnownService } from './log/well-known.service.js';
import { PublicEntriesService } from './log/public-entries.service.js';
import { TilesController } from './log/tiles.controller.js';
import { TilesService } from './log/tiles.service.js';
import { AgencySigningKeysController, SigningKeysController } from './signing-keys/signing-keys.controller.js';
import { SigningKeysService } from './signing-keys/signing-keys.service.js';
import { MetricsService } from './operations/metrics.service.js';
import { OperationsController } from './operations/operations.controller.js';
import { QueueState } from './operations/queue-state.js';
import { LogPages } from './pages/log-pages.js';
import { OperatorPages } from './pages/operator-pages.js';
import { RecordPages } from './pages/record-pages.js';
import { ReadinessService } from './operations/readiness.service.js';
import { ServiceStateService } from './operations/service-state.service.js';
import { AuthorisationPart } from './proofs/authorisation-part.js';
import { BatchParts } from './proofs/batch-parts.js';
import { BulkProofsController } from './proofs/bulk-proofs.controller.js';
import { BulkProofsService } from './proofs/bulk-proofs.service.js';
import { ProofWaitService } from './proofs/proof-wait.service.js';
import { ProofService } from './proofs/proof.service.js';
import { ProofsController } from './proofs/proofs.controller.js';
import { StatusHeads } from './proofs/status-heads.js';
import { StatusPart } from './proofs/status-part.js';
import { QrController } from './records/qr.controller.js';
import { QrService } from './records/qr.service.js';
import { ProposalsController } from './proposals/proposals.controller.js';
import { ProposalsService } from './proposals/proposals.service.js';
import { RecordIntakeService } from './records/record-intake.service.js';
import { RecordsController } from './records/records.controller.js';
import { RecordStatus } from './records/record-status.js';
import { RecordsService } from './records/records.service.js';
import { StatusController } from './status/status.controller.js';
import { StatusViewsController } from './status/status-views.controller.js';
import { StatusViewsService } from './status/status-views.service.js';
import { RecordHistory } from './status/record-history.js';
import { StatusService } from './status/status.service.js';
import { UsageController } from './usage/usage.controller.js';
import { UsageCounter } from './usage/usage-counter.js';
import { UsageService } from './usage/usage.service.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';
import { WebhooksService } from './webhooks/webhooks.service.js';
import { TimeStampRootsController } from './time-stamps/time-stamp-roots.controller.js';

/** The HTTP API. The importing application supplies the configuration: `ConfigModule.forRoot(config)`. */
@Module({
  imports: [DatabaseModule, KeysModule, IntakeModule, SealingModule, QueueModule],
  controllers: [
    RecordsController,
    QrController,
    CandidatesController,
    DelaysController,
    ImportsController,
    StatusController,
    StatusViewsController,
    GateController,
    EventsController,
    WebhooksController,
    ProofsController,
    BulkProofsController,
    LogController,
    TilesController,
    WellKnownController,
    AnchorsController,
    HeadersController,
    EvmBlocksController,
    TimeStampRootsController,
    AgenciesController,
    AgencySigningKeysController,
    SigningKeysController,
    AuditLogController,
    DomainsController,
    ProposalsController,
    QuotasController,
    UsageController,
    OperationsController,
  ],
  providers: [
    AnchorReaderRepository,
    RecordLookupRepository,
    CandidateRepository,
    CandidatesService,
    CheckpointListRepository,
    DelayRepository,
    DelaysService,
    LogPages,
    OperatorPages,
    PublishedPages,
    RecordPages,
    RecordReaderRepository,
    SealProgressRepository,
    WriteProbe,
    SubmissionReaderRepository,
    AgencyCache,
    QuotaRepository,
    Quotas,
    UsageRepository,
    UsageCounter,
    UsageService,
    SignatureNonceRepository,
    SignedRequests,
    Admission,
    RecordIntakeService,
    ImportsService,
    IdempotencyRepository,
    IdempotencyService,
    RecordsService,
    RecordStatus,
    RecordHistory,
    StatusService,
    { provide: STATUS_READER, useFactory: (pool: pg.Pool) => new StatusRepository(pool), inject: [READ_POOL] },
    StatusViewsService,
    GateBatchRepository,
    GateService,
    QrService,
    FeedEventRepository,
    LogHistoryRepository,
    EventsService,
    WebhookDeliveryRepository,
    WebhookEndpointRepository,
    WebhookLogRepository,
    WebhooksService,
    StatusLeafRepository,
    BatchParts,
    ProofService,
    ProofWaitService,
    BatchRecordRepository,
    BulkProofsService,
    StatusHeads,
    StatusPart,
    AuthorisationPart,
    LogClock,
    BatchStandingService,
    BatchesService,
    LogService,
    EndedRecords,
    WellKnownService,
    PublicEntriesService,
    TilesService,
    LeafRepository,
    AnchorsService,
    HeadersService,
    EvmBlocksService,
    AgenciesService,
    SigningKeysService,
    AuditHeadRepository,
    AuditLogNotary,
    AuditLogRepository,
    AuditLogService,
    AgencyDomainRepository,
    DomainsService,
    ProposalRepository,
    ProposalsService,
    QueueState,
    ServiceStateService,
    ReadinessService,
    MetricsService,
    CalendarRepository,
    CalendarAgency,
    CalendarHealth,
    DigestIntake,
    CalendarService,
  ],
})
export class ApiModule {
  /** The API with its configuration: the root module of a process that runs nothing else. */
  static forProcess(config: Config): DynamicModule {
    return { module: ApiModule, imports: [ConfigModule.forRoot(config)] };
  }
}
