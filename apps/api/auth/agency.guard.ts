import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Agency } from '#database/agency.repository.js';
import { AgencyCache } from './agency-cache.js';
import { bearerToken, unauthorized } from './bearer.js';

/** A request whose API key was checked. */
export interface AgencyRequest extends FastifyRequest {
  agency: Agency;
}

/** Lets a request through when it carries an agency's API key, and puts the agency on it. */
@Injectable()
export class AgencyGuard implements CanActivate {
  constructor(private readonly agencies: AgencyCache) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<AgencyRequest>();
    const agency = this.agencies.find(bearerToken(request));
    // A known key takes the synchronous way: this guard stands before the busiest route.
    return agency instanceof Promise ? agency.then((found) => admit(request, found)) : admit(request, agency);
  }
}

function admit(request: AgencyRequest, agency: Agency | null): boolean {
  if (agency === null) throw unauthorized('The API key is unknown, wrong or revoked.');
  request.agency = agency;
  return true;
}
