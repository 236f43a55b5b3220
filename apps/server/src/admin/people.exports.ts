import { formatAmount } from '../platform/money.ts'
import { when } from './lists/cells.ts'
import { defineExport } from './lists/export-list.ts'
import { ListAllAccountsInput, ListUsersInput, type SubscriptionSummary } from './people.schemas.ts'
import { listAllAccounts } from './people/list-all-accounts.ts'
import { listUsers } from './people/list-users.ts'

const PAGING = { cursor: true, limit: true } as const

const PLAN = ['plan', 'plan_status', 'access', 'price', 'currency', 'period_end']
const planCells = (plan: SubscriptionSummary | null) =>
  plan
    ? [
        ...[plan.planCode, plan.status, plan.accessReason, formatAmount(plan.priceCents, plan.currency)],
        ...[plan.currency.toUpperCase(), when(plan.currentPeriodEnd)],
      ]
    : PLAN.map(() => '')

/** The operators' files about people and accounts. Times are in UTC. */
export const peopleExports = [
  defineExport({
    name: 'users',
    filters: ListUsersInput.omit(PAGING),
    header: [
      ...['id', 'email', 'username', 'active', 'verified', 'admin', ...PLAN, 'organizations', 'identities'],
      ...['last_login', 'signed_up'],
    ],
    list: listUsers,
    cells: (row) => [
      ...[row.id, row.email, row.username, String(row.isActive), String(row.isVerified), String(row.isAdmin)],
      ...[...planCells(row.subscription), String(row.organizations), row.identities.join('; ')],
      ...[when(row.lastLoginAt), when(row.createdAt)],
    ],
  }),
  defineExport({
    name: 'accounts',
    filters: ListAllAccountsInput.omit(PAGING),
    header: ['id', 'kind', 'name', 'owner', 'owner_email', 'members', ...PLAN, 'closed', 'created'],
    list: listAllAccounts,
    cells: (row) => [
      ...[row.id, row.kind, row.name, row.owner?.id ?? '', row.owner?.email ?? '', String(row.members)],
      ...[...planCells(row.subscription), String(row.isClosed), when(row.createdAt)],
    ],
  }),
]
