import type { EntityManager } from '@mikro-orm/postgresql'
import { AccountNotFound, listInvitations, listMembers } from '../../accounts/index.ts'
import { DEFAULT_PROVIDER, listOwnedSubscriptions, type ProviderName } from '../../billing/index.ts'
import { readOwnData } from '../../service/index.ts'
import type { PeopleScope } from '../admin-scope.ts'
import type { AccountDetails } from '../people.schemas.ts'
import { readAccountRows, readOwnersOfAccount } from './account-row.ts'
import { explainAccess } from './explain-access.ts'
import { readLiveSubscriptions } from './read-live-subscriptions.ts'

/** How many members and invitations come with an account. */
const FIRST = 50

/**
 * Reads an account for an operator: its owners, members and invitations, its billing, and whether it has access and why.
 * Deleted organizations are shown, too.
 *
 * @throws {AccountNotFound}
 */
export async function getAnyAccount(
  scope: PeopleScope,
  { id }: { id: string },
): Promise<Omit<AccountDetails, 'ownFields'>> {
  const { em } = scope
  const [account] = await readAccountRows(em, [id])
  if (!account) throw new AccountNotFound()
  const ofAccount = { accountId: id, cursor: null, limit: FIRST }
  const seats = await scope.accounts.seats.readSeats(scope, id)
  const { subscriptions } = await listOwnedSubscriptions(scope, { accountId: id })
  const { closedAt, customer } = await readState(em, id)
  const { publicData, privateData, revision } = await readOwnData(em, { of: 'account', id })
  const blockedBy = !account.isClosed ? null : account.kind === 'personal' ? 'user_disabled' : 'account_deleted'
  return {
    ...account,
    ...{ publicData, privateData, dataRevision: revision },
    closedAt,
    subscription: (await readLiveSubscriptions(scope, [id])).get(id) ?? null,
    access: await explainAccess(scope, { accountId: id, blockedBy }),
    seats: seats && { used: account.members, included: seats.included, max: seats.max },
    subscriptions,
    customer,
    payments: await summarizePayments(em, id),
    owners: await readOwnersOfAccount(em, id),
    memberPage: await listMembers(scope, ofAccount),
    invitations: (await listInvitations(scope, ofAccount)).items,
  }
}

async function readState(em: EntityManager, accountId: string): Promise<Pick<AccountDetails, 'closedAt' | 'customer'>> {
  const [row] = await em.execute<
    {
      closed_at: string | null
      provider: ProviderName | null
      provider_customer_id: string | null
      trial_used_at: string | null
      created_at: string | null
    }[]
  >(
    `select account.closed_at, at.provider, at.provider_customer_id, customer.trial_used_at, customer.created_at
     from accounts account left join customers customer on customer.account_id = account.id
       and customer.provider = ?
     left join lateral (
       select known.provider, known.provider_customer_id from customers known
       where known.account_id = account.id and known.provider_customer_id is not null
       order by exists (
         select 1 from subscriptions s
         where s.account_id = account.id and s.status <> 'canceled' and s.provider = known.provider) desc,
         known.created_at desc limit 1) at on true
     where account.id = ?`,
    [DEFAULT_PROVIDER, accountId],
  )
  const createdAt = dateOrNull(row?.created_at)
  return {
    closedAt: dateOrNull(row?.closed_at),
    customer: createdAt && {
      provider: row?.provider ?? DEFAULT_PROVIDER,
      providerCustomerId: row?.provider_customer_id ?? null,
      trialUsedAt: dateOrNull(row?.trial_used_at),
      createdAt,
    },
  }
}

interface PaymentRow {
  currency: string
  net: string
  refunded: string
  paid: number
  open: number
  failed: number
  disputed: number
  last_paid_at: string | null
}

/** Sums of 64 bits come as text. */
async function summarizePayments(em: EntityManager, accountId: string): Promise<AccountDetails['payments']> {
  const isPaid = `status in ('succeeded', 'partially_refunded', 'refunded')`
  const rows = await em.execute<PaymentRow[]>(
    `select currency, coalesce(sum(amount - refunded) filter (where ${isPaid}), 0)::text as net,
       coalesce(sum(refunded), 0)::text as refunded,
       count(*) filter (where ${isPaid})::int as paid,
       count(*) filter (where status in ('pending', 'requires_action'))::int as open,
       count(*) filter (where status in ('failed', 'uncollectible'))::int as failed,
       count(*) filter (where status = 'disputed')::int as disputed,
       max(created_at) filter (where ${isPaid}) as last_paid_at
     from payments where account_id = ? group by currency order by count(*) desc, currency`,
    [accountId],
  )
  return rows.map(({ net, refunded, last_paid_at, ...counts }) => ({
    ...counts,
    netCents: Number(net),
    refundedCents: Number(refunded),
    lastPaidAt: dateOrNull(last_paid_at),
  }))
}

const dateOrNull = (moment: string | null | undefined): Date | null => (moment ? new Date(moment) : null)
