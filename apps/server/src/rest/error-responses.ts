import { AccountNotFound, RoleRequired } from '../accounts/accounts.errors.ts'
import { TransportNotAllowed } from '../auth/auth.errors.ts'
import { describeError, type ErrorDescription } from '../platform/errors/describe-error.ts'
import {
  AccountDisabled,
  AdminOnly,
  DomainError,
  EmailNotVerified,
  HTTP_STATUS,
  InternalError,
  InvalidInput,
  InvalidServiceKey,
  InvalidToken,
  OriginNotAllowed,
  PayloadTooLarge,
  ScopeRequired,
  UnsupportedMediaType,
} from '../platform/errors/errors.ts'
import { REQUEST_TIMEOUT } from '../platform/http/http-server.ts'
import { RateLimited } from '../platform/limits/limits.errors.ts'
import type { BoundOperation } from './bind-operation.ts'
import type { ReferenceObject, ResponseObject, SchemaObject } from './openapi-types.ts'

/** Everything that an operation can be refused with: by its guard, its input, its limit, and its own rules. */
export function errorsOf({
  input,
  source,
  choosesAccount,
  meta,
  errors = [],
  none,
}: BoundOperation): ErrorDescription[] {
  const level = ['public', 'user', 'verified', 'admin'].indexOf(meta.guard ?? 'public')
  const thrown = [
    ...(input ? [new InvalidInput({ [Object.keys(input.shape)[0] ?? '']: 'is invalid' })] : []),
    ...(input && (source === 'body' || choosesAccount) ? [new PayloadTooLarge(), new UnsupportedMediaType()] : []),
    ...(level >= 1 ? [new InvalidToken(), new AccountDisabled()] : []),
    ...(level >= 2 ? [new EmailNotVerified()] : []),
    ...(level >= 3 ? [new AdminOnly()] : []),
    ...(meta.guard === 'service' ? [new InvalidServiceKey(), new ScopeRequired(meta.scope)] : []),
    ...(meta.right ? [new AccountNotFound()] : []),
    ...(meta.right && meta.right !== 'see' ? [new RoleRequired()] : []),
    ...(meta.checksOrigin ? [new OriginNotAllowed(), new TransportNotAllowed()] : []),
    ...(meta.limit === 'none' ? [] : [new RateLimited(30_000)]),
    ...[...errors, ...(none ? [none] : [])].map((refusal) =>
      refusal instanceof DomainError ? refusal : new refusal(),
    ),
    new InternalError(),
  ]
  return [...new Map(thrown.map((error) => [error.reason, describeError(error)])).values()]
}

/**
 * The responses to an operation's errors, one for each status. A response with a single reason is the same for all
 * operations, so it is put into `components`.
 */
export function errorResponses(
  errors: ErrorDescription[],
  components: Record<string, ResponseObject>,
): Record<number, ResponseObject | ReferenceObject> {
  const responses: Record<number, ResponseObject | ReferenceObject> = {}
  for (const [status, group] of Map.groupBy(errors, ({ httpStatus }) => httpStatus)) {
    const [{ reason } = { reason: '' }, ...others] = group
    const name = reason.toLowerCase().replaceAll(/(?:^|_)(\w)/g, (_match, letter: string) => letter.toUpperCase())
    if (others.length === 0) components[name] ??= errorResponse(group)
    responses[status] = others.length > 0 ? errorResponse(group) : { $ref: `#/components/responses/${name}` }
  }
  return responses
}

/** The response to a request that takes too long to arrive, which is the same for every route. */
export function timeoutResponse(components: Record<string, ResponseObject>): ReferenceObject {
  components['RequestTimeout'] ??= errorResponse([REQUEST_TIMEOUT])
  return { $ref: '#/components/responses/RequestTimeout' }
}

const RETRY_AFTER = { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 1 } }
const CHALLENGE = { description: 'How to log in.', schema: { type: 'string', const: 'Bearer' } }

type DescribedError = Omit<ErrorDescription, 'code'> & { code: string }

function errorResponse(errors: DescribedError[]): ResponseObject {
  const reasons = errors.map(({ reason }) => reason)
  const headers = {
    ...(errors.some(({ retryAfter }) => retryAfter !== undefined) ? { 'Retry-After': RETRY_AFTER } : {}),
    ...(errors.some(({ httpStatus }) => httpStatus === 401) ? { 'WWW-Authenticate': CHALLENGE } : {}),
  }
  return {
    description: errors.map(({ message }) => message).join(' Or: '),
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    content: {
      'application/json': {
        schema: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              allOf: [
                { $ref: '#/components/schemas/Error' },
                { properties: { reason: { type: 'string', enum: reasons } }, required: ['reason'] },
              ],
            },
          },
        },
        examples: Object.fromEntries(
          errors.map(({ httpStatus: _, ...error }) => [error.reason, { summary: error.message, value: { error } }]),
        ),
      },
    },
  }
}

/** The schema of `error` in every error response. */
export function errorSchema(reasons: Iterable<string>): SchemaObject {
  return {
    type: 'object',
    description: 'Why a call was refused. Programs should decide by `reason`; `message` is for people.',
    required: ['code', 'reason', 'message'],
    properties: {
      code: {
        type: 'string',
        enum: [...Object.keys(HTTP_STATUS), REQUEST_TIMEOUT.code],
        description: 'The kind of error. It corresponds to the status.',
      },
      reason: { type: 'string', enum: [...new Set(reasons)].toSorted((a, b) => (a < b ? -1 : 1)) },
      message: { type: 'string' },
      fieldErrors: {
        type: 'object',
        description: 'The dotted path of each bad input field, with a sentence about it.',
        additionalProperties: { type: 'string' },
      },
      retryAfter: { type: 'integer', minimum: 1, description: 'Seconds to wait, as in `Retry-After`.' },
      unlockedBy: {
        type: 'object',
        required: ['planCode'],
        properties: { planCode: { type: 'string' } },
        description: 'The cheapest plan that would allow what was denied.',
      },
      endedBecause: {
        type: 'string',
        enum: ['LOGGED_IN_ELSEWHERE'],
        description: 'Why the session ended, if a login on another device ended it.',
      },
    },
  }
}
