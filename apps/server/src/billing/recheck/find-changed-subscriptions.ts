import { isDeepStrictEqual } from 'node:util'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { CallingScope } from '../billing-scope.ts'
import { columnsOf } from '../converge/converge-subscription.ts'
import { choosePlanItem, findPlanPrices, type PlanItem } from '../converge/plan-item.ts'
import type { SubscriptionColumns } from '../converge/write-subscription.ts'
import { Customer } from '../customer.entity.ts'
import type { ListedPage, ListedSubscription, ProviderSubscription } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import type { ObjectToRecheck } from '../upkeep/objects-to-recheck.ts'
import type { RecheckState } from './recheck-state.ts'
import type { Slice } from './slice.ts'

/**
 * Compares a page of the provider's live subscriptions with our rows, in both directions: what the page says
 * differently, and what we have between the page's first and last one that the page does not have.
 */
export async function findChangedSubscriptions(scope: CallingScope, state: RecheckState): Promise<Slice> {
  const { em } = scope
  const page = await scope.billing.provider.listSubscriptions({ after: state.after })
  const changed = await changedOf(scope, page.items)
  await noteCreation(em, page.items)
  const last = page.items.at(-1)
  const oldest = page.next && last ? last.createdAt.toISOString() : null
  const absent = await absentFrom(scope, page, { state, oldest })
  const tied = page.items.flatMap(({ id, createdAt }) => (createdAt.toISOString() === oldest ? id : []))
  return {
    listed: page.items.length,
    unreadable: page.items.flatMap(({ id, subscription }) => (subscription ? [] : `subscription ${id}`)),
    toAsk: [...changed, ...absent],
    next: page.next
      ? { after: page.next, before: oldest, tied: oldest === state.before ? [...state.tied, ...tied] : tied }
      : null,
  }
}

type Listed = ListedSubscription<ProviderSubscription>

async function changedOf(scope: CallingScope, listed: readonly Listed[]): Promise<ObjectToRecheck[]> {
  const { em } = scope
  const rows = await em.find(Subscription, { providerSubscriptionId: { $in: listed.map(({ id }) => id) } })
  const known = new Map(rows.map((row) => [row.providerSubscriptionId, row]))
  const readable = listed.flatMap(({ subscription }) => subscription ?? [])
  const planPrices = await findPlanPrices(
    em,
    readable.flatMap(({ items }) => items),
  )
  const newcomers = readable.filter(({ id, status }) => !known.has(id) && status !== 'canceled')
  const customers = await em.find(Customer, { providerCustomerId: { $in: newcomers.map((s) => s.customerId) } })
  const ownerOf = new Map(customers.map(({ providerCustomerId, account }) => [providerCustomerId, account.id]))

  const changed: ObjectToRecheck[] = []
  for (const subscription of readable) {
    const { id, items, customerId, status } = subscription
    const row = known.get(id) ?? null
    const sold = choosePlanItem(planPrices, items, row)
    // The provider's account may have subscriptions of other products. We ignore them.
    const accountId = row?.account.id ?? (status === 'canceled' ? undefined : ownerOf.get(customerId))
    if (!sold || !accountId) continue
    if (row && !(await isChanged(scope, row, subscription, sold))) continue
    changed.push({ kind: 'subscription', id, accountId, isListed: true })
  }
  return changed
}

/** Columns that the list can't tell: when it became past due is a matter of all its invoices. */
const NOT_LISTED: ReadonlySet<string> = new Set(['pastDueSince', 'sweptAt'] satisfies (keyof SubscriptionColumns)[])
/**
 * Columns that rows of before don't have until they are next converged. Not to have one is no difference, or the first
 * recheck after an upgrade would fetch every subscription.
 */
const FILLED_LATER: ReadonlySet<string> = new Set([
  'providerItemId',
  'unitPriceCents',
] satisfies (keyof SubscriptionColumns)[])
/** The same, where not to have one means that there is nothing. */
const NOTHING_YET: ReadonlySet<string> = new Set([
  'discountCents',
  'includedTaxCents',
  'discounts',
] satisfies (keyof SubscriptionColumns)[])

async function isChanged(
  { em, billing }: CallingScope,
  row: Subscription,
  fetched: ProviderSubscription,
  sold: PlanItem,
): Promise<boolean> {
  // Whether the running period is paid matters only while collection is paused, which is rare.
  const isPeriodPaid = !fetched.pausedCollection || (await billing.provider.isPeriodPaid(fetched.id))
  const standing = { openInvoices: [], isPeriodPaid }
  const columns = await columnsOf({ em }, fetched, { sold, known: row, standing })
  return Object.entries(columns).some(([name, value]) => {
    const present = plain(Reflect.get(row, name))
    if (NOT_LISTED.has(name) || (present === null && FILLED_LATER.has(name))) return false
    if (present === null && NOTHING_YET.has(name)) return value !== 0 && !isDeepStrictEqual(value, [])
    return !isDeepStrictEqual(present, plain(value))
  })
}

/** A reference to another row as its id, and a missing value as null. */
function plain(value: unknown): unknown {
  if (value === undefined) return null
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : value
}

/** Rows get to know when the provider created them, which is the order of its list. */
async function noteCreation(em: EntityManager, listed: readonly Listed[]): Promise<void> {
  await em.execute(
    `update subscriptions set provider_created_at = listed.created_at
     from jsonb_to_recordset(?::jsonb) as listed (id text, created_at timestamptz)
     where provider_subscription_id = listed.id and provider_created_at is null`,
    [JSON.stringify(listed.map(({ id, createdAt }) => ({ id, created_at: createdAt })))],
  )
}

/** Live rows that should be between this page and the one before, or at its end, and are not on the list. */
async function absentFrom(
  { em, billing }: CallingScope,
  { items }: ListedPage<Listed>,
  { state, oldest }: { state: RecheckState; oldest: string | null },
): Promise<ObjectToRecheck[]> {
  const account = await billing.provider.account()
  const rows = await em.execute<{ id: string; accountId: string }[]>(
    `select provider_subscription_id as id, account_id as "accountId" from subscriptions
     where status <> 'canceled' and provider = ?
       and provider_created_at > ?::timestamptz and provider_created_at <= ?::timestamptz
       and (provider_account is null or provider_account = coalesce(?, provider_account))`,
    [billing.provider.name, oldest ?? '-infinity', state.before ?? 'infinity', account],
  )
  const isListed = new Set([...items.map(({ id }) => id), ...state.tied])
  return rows.filter(({ id }) => !isListed.has(id)).map((row) => ({ kind: 'subscription', ...row }))
}

/** How many rows without a known place on the list are taken at once. */
const UNLISTED = 20

/** Live rows that the provider has never listed. They are asked for one by one. */
export async function findUnlistedSubscriptions({ em, billing }: CallingScope, state: RecheckState): Promise<Slice> {
  const account = await billing.provider.account()
  const rows = await em.execute<{ rowId: string; id: string; accountId: string }[]>(
    `select id as "rowId", provider_subscription_id as id, account_id as "accountId" from subscriptions
     where status <> 'canceled' and provider = ? and provider_created_at is null and created_at < ?
       and (provider_account is null or provider_account = coalesce(?, provider_account))
       and (?::uuid is null or id > ?::uuid) order by id limit ?`,
    [billing.provider.name, state.startedAt, account, state.after, state.after, UNLISTED],
  )
  const last = rows.length === UNLISTED ? rows.at(-1) : undefined
  return {
    listed: 0,
    unreadable: [],
    toAsk: rows.map(({ id, accountId }) => ({ kind: 'subscription', id, accountId })),
    next: last ? { after: last.rowId } : null,
  }
}
