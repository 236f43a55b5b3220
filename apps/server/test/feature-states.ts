import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { FeatureTerms } from '../src/billing/access/entitlements-row.ts'
import type { FeatureTermsRow } from '../src/billing/access/feature-terms-sql.ts'
import type { FollowedEntitlements } from '../src/billing/access/read-many-entitlements.ts'
import { newId } from '../src/platform/database/ids.ts'
import { randomFrom } from './random-from.ts'

const ACCOUNTS = 150
const PERS = ['period', 'period', 'period', 'month', 'day', 'total'] as const
const HOURS = [-800, -49, -25, -1, 0, 1, 2, 47, 73, 800]
/** The last moment of a year, a leap day, and one in between. */
const NOWS = ['2026-12-31T23:59:59.999Z', '2028-02-29T12:00:00.000Z', '2026-11-15T10:20:30.400Z']

export const FEATURES = ['f.0', 'f.1', 'f.2', 'f.3', 'f.4', 'never']

/**
 * Adds plans, and accounts in random states: with and without access, closed, overridden, with prices per unit. It is
 * for a transaction that is undone.
 *
 * @param base an account with a subscription. The others are copies of it.
 */
export async function addFeatureStates(
  em: EntityManager,
  seed: number,
  base: string,
): Promise<{ accountIds: string[]; billingNow: Date }> {
  const random = randomFrom(seed)
  const upTo = (most: number) => Math.floor(random() * most)
  const oneOf = <Item>(items: readonly Item[]): Item => items[upTo(items.length)] as Item
  const billingNow = new Date(oneOf(NOWS))
  const at = (hours: number) => new Date(billingNow.getTime() + hours * 3_600_000).toISOString()
  const near = () => at(oneOf(HOURS))
  /** PostgreSQL keeps microseconds, JavaScript does not. A window has one name all the same. */
  const precise = () => near().replace('Z', `${oneOf(['', '500', '999'])}Z`)
  const sometimes = <Value>(value: () => Value, often = 0.3): Value | null => (random() < often ? value() : null)
  const limited = () => ({ limit: oneOf([0, 1, 100, 2 ** 53 - 1, null]), per: oneOf(PERS) })
  const features = () =>
    Object.fromEntries(
      FEATURES.slice(0, 5).flatMap((name) => (random() < 0.7 ? [[name, random() < 0.2 ? true : limited()]] : [])),
    )

  const plans = ['active', 'active', 'retired', 'draft'].flatMap((status, place) =>
    ['free', 'pro'].map((tier) => ({
      ...{ id: randomUUID(), code: `seeded-${tier}-${place}`, status, tier, features: features() },
      price_cents: tier === 'free' ? -upTo(2) : 100,
    })),
  )
  const accountIds = Array.from({ length: ACCOUNTS }, () => randomUUID())
  const accounts = accountIds.map((id) => ({ id, closed_at: random() < 0.1 ? at(-1) : null }))
  const overrides = accountIds.flatMap((id) =>
    FEATURES.slice(0, 5).flatMap((feature) => {
      const value = oneOf([true, false, limited()])
      return random() < 0.3 ? [{ id: newId(), account_id: id, feature, value, until: sometimes(near) }] : []
    }),
  )
  const subscriptions = accountIds.slice(ACCOUNTS / 10).map((id) => ({
    ...{ id: randomUUID(), account_id: id, user_id: null, provider_subscription_id: null, plan_id: oneOf(plans).id },
    status: oneOf(['active', 'active', 'active', 'trialing', 'past_due', 'unpaid', 'paused', 'pending', 'canceled']),
    provider: oneOf(['stripe', 'stripe', 'paymob', 'manual']),
    ...{ current_period_start: precise(), current_period_end: at(oneOf([...HOURS, 800, 800, 800, 800])) },
    ...{ cancel_at_period_end: random() < 0.2, cancel_at: sometimes(near), paused_from: sometimes(near) },
    ...{ past_due_since: sometimes(near), followed_at: sometimes(near) },
    overage: sometimes(
      () => Object.fromEntries(FEATURES.filter(() => random() < 0.9).map((name) => [name, { limit: 1 }])),
      0.8,
    ),
  }))
  const copies = (table: string) =>
    `insert into ${table} select copy.* from ${table} base, jsonb_array_elements(?::jsonb) changes,
       jsonb_populate_record(base, changes) copy`
  const ofBase = 'select plan_id from subscriptions where account_id = ?'
  await em.execute(`${copies('plans')} where base.id = (${ofBase})`, [JSON.stringify(plans), base])
  await em.execute(
    `insert into accounts (id, kind, name, created_at, closed_at)
     select id, 'organization', 'Seeded', now(), closed_at
     from jsonb_to_recordset(?::jsonb) as added (id uuid, closed_at timestamptz)`,
    [JSON.stringify(accounts)],
  )
  await em.execute(
    `insert into entitlement_overrides (id, account_id, feature, value, until, reason, created_at)
     select id, account_id, feature, value, until, 'Seeds', now() from jsonb_to_recordset(?::jsonb)
       as added (id uuid, account_id uuid, feature text, value jsonb, until timestamptz)`,
    [JSON.stringify(overrides)],
  )
  await em.execute(`${copies('subscriptions')} where base.account_id = ?`, [JSON.stringify(subscriptions), base])
  return { accountIds, billingNow }
}

/** What the SQL of feature terms says of one account's feature. */
export interface TermsOfAccount extends FeatureTermsRow {
  id: string
  feature: string
}

const NOTHING: FeatureTerms = { limit: 0, per: 'total', isBilled: false, startsAt: new Date(0) }

/**
 * Compares it with what reading says. A feature that no plan on sale and no override has is not read: it must allow
 * nothing.
 *
 * @returns null if it is the same.
 */
export function differenceOf(row: TermsOfAccount, read: ReadonlyMap<string, FollowedEntitlements>) {
  const { view, terms } = read.get(row.id) ?? { view: null, terms: new Map<string, FeatureTerms>() }
  const { limit, per, isBilled, startsAt } = terms.get(row.feature) ?? NOTHING
  const endsAt = view?.features[row.feature]?.resetsAt ?? null
  const inSql = {
    ...{ limit: row.limit === null ? null : Number(row.limit), isBilled: row.is_billed_above, planPer: row.plan_per },
    ...{ per: row.per, startsAt: new Date(row.starts_at), endsAt: row.ends_at === null ? null : new Date(row.ends_at) },
    isKnown: row.is_known || !terms.has(row.feature),
  }
  const counted = per === 'period' && view?.planCode === null ? 'month' : per
  const inTypeScript = { limit, isBilled, planPer: per, per: counted, startsAt, endsAt, isKnown: true }
  return isDeepStrictEqual(inSql, inTypeScript) ? null : { feature: row.feature, inSql, inTypeScript }
}
