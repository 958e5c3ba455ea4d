import { Injectable } from '@nestjs/common';
@Injectable()
export class QueueState {
  async counts(): Promise<{ queue: string; counts: Record<string, number> }[]> { return []; }
}
