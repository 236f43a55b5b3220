import { AccountNotFound } from '../accounts/accounts.errors.ts'
import { UserNotFound } from '../auth/auth.errors.ts'
import { FeatureNotFound, ReservationClosed, ReservationNotFound, UsageKeyReused } from '../billing/feature.errors.ts'
import { ENTITLEMENTS, ORGANIZATION, RESERVATION, USAGE, USER } from './examples.ts'
import type { Operation, ServicePath } from './operation.ts'

/** What other programs may ask for with a service key. */
export const serviceOperations: readonly Operation<ServicePath>[] = [
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
    path: '/v1/accounts/{id}/entitlements',
    procedure: 'service.accounts.entitlements',
    tag: 'Services',
    summary: 'What an account may use now',
    errors: [AccountNotFound],
    example: { input: { id: ORGANIZATION.id }, output: ENTITLEMENTS },
  },
  {
    method: 'post',
    path: '/v1/accounts/{id}/usage',
    procedure: 'service.usage.consume',
    tag: 'Services',
    summary: 'Count what an account uses, or reserve it',
    description: 'The status is 200 either way: `allowed` says whether it was counted. The same key counts once.',
    errors: [AccountNotFound, FeatureNotFound, UsageKeyReused],
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
    errors: [ReservationNotFound, ReservationClosed],
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
    errors: [ReservationNotFound, ReservationClosed],
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
]
