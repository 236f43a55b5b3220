import type { EntityManager } from '@mikro-orm/postgresql'
import { hasAccess } from '../access/has-access.ts'
import { rankOf } from '../access/tiers.ts'
import { atProvider, isConfigured } from '../billing-scope.ts'
import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { Plan } from '../plan.entity.ts'
import { intervalColumns, intervalOf, type IntervalColumns } from '../plans/billing-interval.ts'
import { costOfMembers, hasSeats, seatTermsOf } from '../plans/seat-terms.ts'
import { isForeign, type ProviderAccount, type ProviderSubscription } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'
import { LOCKED_ROW } from '../subscriptions/lock-subscription.ts'
import { brokenRule, decideEntry, type HeldPlan, type Incoming, type Standing } from './decide-entry.ts'
import { reportOperators } from './report-operators.ts'
import type { FollowUp } from './send-follow-ups.ts'
import { writeSubscription, type ConvergedSubscription, type SubscriptionColumns } from './write-subscription.ts'

/** A subscription that runs at the provider and is not live here. */
export interface Candidate {
  fetched: ProviderSubscription
  columns: SubscriptionColumns
  /** Its row, if it had ended here before. */
  known: Subscription | null
  isSecondTrial: boolean
}

/**
 * Carries out what {@link decideEntry} decides about a subscription that runs at the provider and is not live here.
 * Here it only writes rows. What has to be done at the provider is returned as follow-ups.
 */
export async function admitSubscription(
  locked: LockedScope,
  customer: LockedCustomer,
  candidate: Candidate,
): Promise<ConvergedSubscription> {
  const { em } = locked
  const { columns, known, fetched } = candidate
  const standing = await em.findOne(Subscription, liveOf(customer.account.id), LOCKED_ROW)
  const account = standing && (await accountOf(locked, standing))
  // Both plans are compared for the same number of members.
  const members = hasSeats(columns) ? columns.quantity : standing && hasSeats(standing) ? standing.quantity : 1
  const stands = standing && (await standingOf(locked, standing, { account, members }))
  const incoming = await incomingOf(locked, customer, { ...candidate, members })
  const entry = decideEntry(stands, incoming)
  const rule = brokenRule(stands, incoming)
  if (rule) await reportOperators(locked, customer, { id: fetched.id, rule })
  const write = async () => writeSubscription(locked, customer, known, columns)
  const expireCheckouts: FollowUp = { kind: 'expire-checkouts', customerId: customer.id }

  switch (entry) {
    case 'begin':
      return { subscription: await write(), followUps: [expireCheckouts] }

    case 'upgrade':
    case 'replace': {
      const endStanding = standing ? await supersede(em, standing, { at: fetched.startedAt, account }) : []
      const subscription = await write()
      const mail: FollowUp = {
        ...{ kind: 'mail-plan-changed', subscription, by: fetched.id },
        invoice: fetched.latestInvoice,
      }
      return {
        subscription,
        followUps: [...endStanding, expireCheckouts, ...(entry === 'upgrade' ? [mail] : [])],
      }
    }

    case 'undo':
      return undoSubscription(locked, customer, candidate)

    case 'supersede':
      return { subscription: known, followUps: known ? await supersedeKnown(em, known, fetched.startedAt) : [] }

    case 'beside':
    case 'not-yet':
      return { subscription: null, followUps: [] }
  }
}

/** Has a subscription that should never have been bought ended and paid back. */
export async function undoSubscription(
  locked: LockedScope,
  customer: LockedCustomer,
  { columns, known, fetched }: Pick<Candidate, 'columns' | 'known' | 'fetched'>,
): Promise<ConvergedSubscription> {
  // Canceled from the start, so that it never counts beside the live subscription.
  const subscription = await writeSubscription(locked, customer, known, { ...columns, status: 'canceled' })
  subscription.supersede(fetched.startedAt)
  subscription.reversedAt = fetched.startedAt
  await locked.em.flush()
  return {
    subscription,
    followUps: [
      { kind: 'reverse-subscription', subscriptionId: subscription.id },
      { kind: 'expire-checkouts', customerId: customer.id },
    ],
  }
}

/**
 * The account of our key at a subscription's own provider, which may be another one than the incoming subscription's.
 *
 * @returns null if it is unknown, or that provider is not configured.
 */
async function accountOf(locked: LockedScope, { provider }: Subscription): Promise<ProviderAccount | null> {
  return isConfigured(locked, provider) ? atProvider(locked, provider).billing.provider.account() : null
}

/** Ends the account's live subscription, to make room for another. */
async function supersede(
  em: EntityManager,
  standing: Subscription,
  { at, account }: { at: Date; account: ProviderAccount | null },
): Promise<FollowUp[]> {
  standing.supersede(at)
  // Flushed before the new row is written, because the index allows one live subscription per account.
  await em.flush()
  const isReachable = standing.providerSubscriptionId && !isForeign(standing.providerAccount, account)
  return isReachable ? [{ kind: 'cancel-superseded', subscriptionId: standing.id }] : []
}

/** Keeps a subscription that has ended here from becoming live again, because another one has come. */
async function supersedeKnown(em: EntityManager, known: Subscription, at: Date): Promise<FollowUp[]> {
  known.supersededAt = at
  await em.flush()
  return [{ kind: 'cancel-superseded', subscriptionId: known.id }]
}

async function standingOf(
  scope: LockedScope,
  standing: Subscription,
  { account, members }: { account: ProviderAccount | null; members: number },
): Promise<Standing> {
  const { providerSubscriptionId, status, plan } = standing
  return {
    providerSubscriptionId: providerSubscriptionId ?? null,
    isForeign: isForeign(standing.providerAccount, account),
    status,
    hasAccess: await hasAccess(scope, standing),
    held: await heldPlan(scope.em, plan.id, {
      ...intervalColumns(intervalOf(standing)),
      priceCents: costOfMembers(standing.unitPrice(), seatTermsOf(standing), members),
    }),
  }
}

async function incomingOf(
  scope: LockedScope,
  { isAccountOpen }: LockedCustomer,
  { fetched, columns, known, isSecondTrial, members }: Candidate & { members: number },
): Promise<Incoming> {
  const priceCents = costOfMembers(columns.unitPriceCents, seatTermsOf(columns), members)
  return {
    isKnown: known !== null,
    status: columns.status,
    hasAccess: await hasAccess(scope, { ...columns, provider: scope.billing.provider.name }),
    held: await heldPlan(scope.em, columns.plan, { ...columns, priceCents }),
    isFromCheckout: fetched.isFromCheckout,
    upgradeFrom: fetched.upgradeFrom,
    isSecondTrial,
    isAccountOpen,
  }
}

/** A subscription's own price for one or for the members, which may differ from the plan's today, and the plan's tier. */
async function heldPlan(
  em: EntityManager,
  planId: string,
  {
    priceCents,
    billingPeriod,
    intervalUnit,
    intervalCount,
  }: Pick<SubscriptionColumns, 'priceCents' | keyof IntervalColumns>,
): Promise<HeldPlan> {
  const rank = rankOf(await em.findOneOrFail(Plan, { id: planId }))
  return { planId, rank, priceCents, billingPeriod, intervalUnit, intervalCount }
}
