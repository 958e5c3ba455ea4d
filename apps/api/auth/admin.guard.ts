import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ADMIN_TOKEN, AdminToken } from '#keys/admin-token.js';
import { Problem } from '../problems/problem.js';
import { bearerToken, unauthorized } from './bearer.js';

/** Lets a request through when it carries the operator's token. */
@Injectable()
export class AdminGuard implements CanActivate {
  constructor(@Inject(ADMIN_TOKEN) private readonly token: AdminToken) {}

  canActivate(context: ExecutionContext): boolean {
    if (!this.token.enabled) throw new Problem('admin-disabled', 'Set ADMIN_TOKEN or ADMIN_TOKEN_FILE to use them.');
    if (!this.token.matches(bearerToken(context.switchToHttp().getRequest<FastifyRequest>()))) {
      throw unauthorized('The admin token is wrong.');
    }
    return true;
  }
}
