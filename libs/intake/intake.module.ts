import { Module } from '@nestjs/common';
import { RecordRepository } from '#database/record.repository.js';
import { RelianceRepository } from '#database/reliance.repository.js';
import { StatusRepository } from '#database/status.repository.js';
import { IntakeService } from './intake.js';
import { RelianceIntakeService } from './reliance-intake.js';
import { StatusIntakeService } from './status-intake.js';

/** The way in for records and for changes of their status. Needs the global modules of configuration, database and keys. */
@Module({
  providers: [
    RecordRepository,
    IntakeService,
    StatusRepository,
    StatusIntakeService,
    RelianceRepository,
    RelianceIntakeService,
  ],
  exports: [
    RecordRepository,
    IntakeService,
    StatusRepository,
    StatusIntakeService,
    RelianceRepository,
    RelianceIntakeService,
  ],
})
export class IntakeModule {}
