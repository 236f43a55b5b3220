import { AccountNotFound } from '../accounts/accounts.errors.ts'
import { UserNotFound } from '../auth/auth.errors.ts'
import { ORGANIZATION, USER } from './examples.ts'
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
        ...{ isOpen: true, members: 2, createdAt: ORGANIZATION.createdAt },
      },
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
