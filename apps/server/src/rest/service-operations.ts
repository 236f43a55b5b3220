import { AccountNotFound } from '../accounts/accounts.errors.ts'
import { UserNotFound } from '../auth/auth.errors.ts'
import { FeatureNotFound, ReservationClosed, ReservationNotFound, UsageKeyReused } from '../billing/feature.errors.ts'
import { CursorTooOld, CursorUnknown } from '../events/events.errors.ts'
import { RevisionStale } from '../platform/errors/errors.ts'
import { Busy } from '../platform/limits/limits.errors.ts'
import { ENTITLEMENTS, MEMBER, ORGANIZATION, RESERVATION, SESSION, USAGE, USER, USER_EVENT } from './examples.ts'
import type { Operation, ServicePath } from './operation.ts'

const SESSION_ID = '0198c5f2-6b70-7a3d-8c1e-2f3a4b5c6d7e'

const NO_DATA = { publicData: {}, privateData: {}, revision: 'Yk3b0Qm2x9Zt4WcA' }

/** What other programs may ask for with a service key. */
export const serviceOperations: readonly Operation<ServicePath>[] = [
  {
    method: 'post',
    path: '/v1/introspect',
    procedure: 'service.introspect',
    tag: 'Services',
    summary: 'Whether an access token would be accepted now, and whose it is',
    description: '`active` is false as soon as the session has ended. Follows RFC 7662.',
    example: {
      input: { token: SESSION.accessToken },
      output: { active: true, user: USER, sessionId: SESSION_ID, expiresAt: SESSION.expiresAt },
    },
  },
  {
    method: 'get',
    path: '/v1/revocations',
    procedure: 'service.revocations',
    tag: 'Services',
    summary: 'Ended sessions, whose access tokens are no longer valid',
    description:
      'Without `after`, it starts with the sessions that ended within the lifetime of one access token. A session may appear twice, but none is missing.',
    example: {
      input: { wait: 0 },
      output: { sessions: [{ id: SESSION_ID, endedAt: SESSION.expiresAt }], cursor: 'MTc2NDQ3MzYzMH56fn4w' },
    },
  },
  {
    method: 'get',
    path: '/v1/accounts/{id}',
    procedure: 'service.accounts.get',
    tag: 'Services',
    summary: 'Any account',
    errors: [AccountNotFound],
    example: {
      input: { id: ORGANIZATION.id },
      output: {
        ...{ id: ORGANIZATION.id, kind: ORGANIZATION.kind, name: ORGANIZATION.name },
        ...{ isOpen: true, members: 2, publicData: {}, createdAt: ORGANIZATION.createdAt },
      },
    },
  },
  {
    method: 'get',
    path: '/v1/accounts/{id}/members',
    procedure: 'service.accounts.members',
    tag: 'Services',
    summary: 'The members of an account, newest first',
    errors: [AccountNotFound],
    example: { input: { id: ORGANIZATION.id }, output: { items: [MEMBER], nextCursor: null } },
  },
  {
    method: 'get',
    path: '/v1/accounts/{id}/data',
    procedure: 'service.accounts.data',
    tag: 'Services',
    summary: 'All fields that the configuration adds to an account',
    errors: [AccountNotFound],
    example: { input: { id: ORGANIZATION.id }, output: NO_DATA },
  },
  {
    method: 'patch',
    path: '/v1/accounts/{id}/data',
    procedure: 'service.accounts.changeData',
    tag: 'Services',
    summary: 'Change fields that the configuration adds to an account',
    description: '`null` removes a field. Fields that are not sent stay as they are.',
    errors: [AccountNotFound, RevisionStale],
    example: { input: { id: ORGANIZATION.id, publicData: {}, privateData: {} }, output: NO_DATA },
  },
  {
    method: 'get',
    path: '/v1/accounts/{id}/entitlements',
    procedure: 'service.accounts.entitlements',
    tag: 'Services',
    summary: 'What an account may use now',
    errors: [AccountNotFound],
    example: { input: { id: ORGANIZATION.id }, output: ENTITLEMENTS },
  },
  {
    method: 'get',
    path: '/v1/events',
    procedure: 'service.events.list',
    tag: 'Services',
    summary: 'Events, in order',
    description:
      'Events are in the order of their commits, without gaps. Send the `cursor` of the answer as `after` of the next call. With `wait`, the call waits up to that many seconds for an event.',
    errors: [CursorTooOld, CursorUnknown],
    example: {
      input: { after: '41', limit: 100, types: 'user.created,user.updated', wait: 20 },
      output: { events: [USER_EVENT], cursor: '42', hasMore: false },
    },
  },
  {
    method: 'post',
    path: '/v1/accounts/{id}/usage',
    procedure: 'service.usage.consume',
    tag: 'Services',
    summary: 'Count what an account uses, or reserve it',
    description: 'The status is 200 either way: `allowed` says whether it was counted. The same key counts once.',
    errors: [AccountNotFound, FeatureNotFound, UsageKeyReused, Busy],
    example: {
      input: { id: ORGANIZATION.id, feature: 'ai.tokens', amount: 500, key: 'answer-7f3a', reserve: 60 },
      output: { ...USAGE, reservation: RESERVATION },
    },
  },
  {
    method: 'patch',
    path: '/v1/accounts/{id}/usage/{reservation}',
    procedure: 'service.usage.settle',
    tag: 'Services',
    summary: 'Settle a reservation: say how much was used',
    errors: [ReservationNotFound, ReservationClosed, Busy],
    example: {
      input: { id: ORGANIZATION.id, reservation: RESERVATION, amount: 420 },
      output: { ...USAGE, used: 1_420, remaining: 98_580 },
    },
  },
  {
    method: 'delete',
    path: '/v1/accounts/{id}/usage/{reservation}',
    procedure: 'service.usage.giveBack',
    tag: 'Services',
    summary: 'Give a reservation back',
    errors: [ReservationNotFound, ReservationClosed, Busy],
    example: {
      input: { id: ORGANIZATION.id, reservation: RESERVATION },
      output: { ...USAGE, used: 1_000, remaining: 99_000 },
    },
  },
  {
    method: 'get',
    path: '/v1/users/{id}',
    procedure: 'service.users.get',
    tag: 'Services',
    summary: 'Any user',
    errors: [UserNotFound],
    example: { input: { id: USER.id }, output: USER },
  },
  {
    method: 'get',
    path: '/v1/users/{id}/data',
    procedure: 'service.users.data',
    tag: 'Services',
    summary: 'All fields that the configuration adds to a user',
    errors: [UserNotFound],
    example: { input: { id: USER.id }, output: NO_DATA },
  },
  {
    method: 'patch',
    path: '/v1/users/{id}/data',
    procedure: 'service.users.changeData',
    tag: 'Services',
    summary: 'Change fields that the configuration adds to a user',
    description: '`null` removes a field. Fields that are not sent stay as they are.',
    errors: [UserNotFound, RevisionStale],
    example: { input: { id: USER.id, publicData: {}, privateData: {} }, output: NO_DATA },
  },
  {
    method: 'get',
    path: '/v1/users',
    procedure: 'service.users.list',
    tag: 'Services',
    summary: 'The user with an email address',
    description: 'A list with one user or none.',
    example: { input: { email: USER.email }, output: { items: [USER], nextCursor: null } },
  },
]
