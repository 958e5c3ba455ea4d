import { Module } from '@nestjs/common';
import { AgencyProfileRepository } from '#database/agency-profile.repository.js';
import { KeyNotices } from '#database/key-notices.js';
import { SigningKeyRepository } from '#database/signing-key.repository.js';
import { AgencySignatures } from './agency-signatures.js';
import { ImportRepository } from '#database/import.repository.js';
import { RecordRepository } from '#database/record.repository.js';
import { RelianceRepository } from '#database/reliance.repository.js';
import { StatusRepository } from '#database/status.repository.js';
import { ImportIntake } from './import-intake.js';
import { IntakeService } from './intake.js';
import { Registrar } from './registrar.js';
import { Receipts } from './receipts.js';
import { RelianceIntakeService } from './reliance-intake.js';
import { SignedChangesService } from './signed-changes.js';
import { SupersedingIntake } from './superseding.js';
import { StatusIntakeService } from './status-intake.js';

const PROVIDERS = [
  KeyNotices,
  SigningKeyRepository,
  AgencySignatures,
  AgencyProfileRepository,
  RecordRepository,
  IntakeService,
  Receipts,
  ImportRepository,
  ImportIntake,
  StatusRepository,
  StatusIntakeService,
  SignedChangesService,
  SupersedingIntake,
  RelianceRepository,
  RelianceIntakeService,
  Registrar,
];

/** The way in for records and for changes of their status. Needs the global modules of configuration, database and keys. */
@Module({ providers: PROVIDERS, exports: PROVIDERS })
export class IntakeModule {}
