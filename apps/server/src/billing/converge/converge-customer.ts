import type { EntityManager } from '@mikro-orm/postgresql'
import { hasAccess } from '../access/has-access.ts'
import { Checkout } from '../checkout.entity.ts'
import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { followRecovery } from '../dunning/follow-recovery.ts'
import { Payment } from '../payment.entity.ts'
import { mailUnnamedRefunds, refundedSoFar } from '../payments/mail-unnamed-refunds.ts'
import { recordPayment } from '../payments/record-payment.ts'
import type {
  ProviderCheckout,
  ProviderInvoice,
  ProviderPayment,
  ProviderSubscription,
} from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import { liveOf } from '../subscriptions/live-subscription.ts'
import { UpcomingSubscription } from '../upcoming-subscription.entity.ts'
import { convergeSubscription } from './converge-subscription.ts'
import { fetchStanding } from './fetch-standing.ts'
import { settleUpcomingOf } from './hold-upcoming.ts'
import { sendFollowUps, type FollowUp } from './send-follow-ups.ts'

/** The object at the provider that may have changed. */
export interface ChangedObject {
  kind: 'subscription' | 'invoice' | 'checkout'
  /** Its id at the provider. */
  id: string
  /** The subscription that it seems to belong to. It saves a round trip, and it proves nothing. */
  subscriptionHint?: string | null
}

/** The subscription that the object belongs to: its row, and what the provider said of it. */
export interface Converged {
  subscription: Subscription
  fetched: ProviderSubscription
  /** The invoice that has changed, otherwise the subscription's latest. */
  invoice: ProviderInvoice | null
  payments: readonly ProviderPayment[]
}

/** What the caller of a convergence does itself, so that no job is sent for it. */
export interface DoneByCaller {
  syncsSeats?: boolean
  settlesUpcoming?: boolean
  syncsOverage?: boolean
}

/**
 * Fetches the object that changed and everything that depends on it from the provider, makes our rows say the same, and
 * sends the follow-ups. All of it is fetched under the lock, so an older answer can't overwrite a newer one.
 *
 * @returns null when the object belongs to no subscription that we know.
 */
export async function convergeCustomer(
  locked: LockedScope,
  customer: LockedCustomer,
  changed: ChangedObject,
  done: DoneByCaller = {},
): Promise<Converged | null> {
  const { em } = locked
  const { provider } = locked.billing
  const { checkout, invoice, fetched } = await fetchChanged(locked, customer, changed)
  if (checkout && checkout.status !== 'open') {
    await em.nativeUpdate(
      Checkout,
      { providerSessionId: checkout.id, customer: customer.id },
      { status: checkout.status },
    )
  }

  const invoices = await ownInvoices(em, customer, [invoice, fetched?.latestInvoice ?? null])
  const [payments, standing] = await Promise.all([
    provider.fetchPayments(invoices),
    fetched && fetchStanding(provider, fetched),
  ])
  const {
    subscription,
    followUps,
    wasOverdue = false,
  } = fetched && standing
    ? await convergeSubscription(locked, customer, fetched, standing)
    : { subscription: null, followUps: [] }
  for (const payment of payments) {
    const isLate = await isTooLate(em, customer, payment)
    const before = await refundedSoFar(locked, payment)
    const recorded = await recordPayment(locked, customer, payment)
    await mailUnnamedRefunds(locked, customer, { payment: recorded, before })
    if (isLate) followUps.push({ kind: 'return-late-payment', paymentId: recorded.id })
  }
  if (subscription) {
    followUps.push(...correctionsOf(subscription, payments))
    // The sweep may have ended it while it was overdue. A renewal that succeeds asks for nothing here.
    if (wasOverdue || subscription.isOverdue() || !subscription.isLive()) {
      await followRecovery(locked, customer, { subscription, payments, openInvoices: standing?.openInvoices ?? [] })
    }
  }
  if (subscription && fetched?.isOwedCredit) {
    followUps.push({ kind: 'give-owed-credit', subscriptionId: subscription.id })
  }
  if (fetched && (await leavesRoom(locked, fetched, subscription))) {
    followUps.push(...(await admitOthers(locked, customer, fetched)), ...(await settleUpcomingOf(em, customer)))
  }
  await sendFollowUps(
    locked,
    followUps.filter(({ kind }) => !isDone(kind, done)),
  )
  return fetched && subscription ? { subscription, fetched, payments, invoice: invoice ?? fetched.latestInvoice } : null
}

const isDone = (kind: FollowUp['kind'], { syncsSeats, settlesUpcoming, syncsOverage }: DoneByCaller): boolean =>
  (kind === 'sync-seats' && syncsSeats === true) ||
  (kind === 'settle-upcoming' && settlesUpcoming === true) ||
  (kind === 'sync-overage' && syncsOverage === true)

/** Whether another subscription of the customer may begin, because this one has ended or gives no access. */
async function leavesRoom(
  locked: LockedScope,
  fetched: ProviderSubscription,
  subscription: Subscription | null,
): Promise<boolean> {
  if (fetched.status === 'canceled') return true
  return subscription?.isLive() === true && !isRunning(fetched) && !(await hasAccess(locked, subscription))
}

/**
 * Lets another subscription of the customer begin, now that one has ended or gives no access. An operator may have made
 * it beside that one (`beside`).
 */
async function admitOthers(
  locked: LockedScope,
  customer: LockedCustomer,
  { id }: ProviderSubscription,
): Promise<FollowUp[]> {
  const { em, billing } = locked
  const { providerCustomerId } = customer
  const standing = await em.findOne(Subscription, liveOf(customer.account.id), { refresh: true })
  if (!providerCustomerId || (standing && (await hasAccess(locked, standing)))) return []
  const found = await billing.provider.fetchSubscriptions(providerCustomerId)
  const others = found.filter((other) => !other.isFromCheckout && other.id !== id)
  const followUps: FollowUp[] = []
  // What gives access comes first, so that the others stay as they are.
  for (const other of others.toSorted((one, two) => Number(isRunning(two)) - Number(isRunning(one)))) {
    const money = await fetchStanding(billing.provider, other)
    followUps.push(...(await convergeSubscription(locked, customer, other, money)).followUps)
  }
  return followUps
}

const isRunning = ({ status, pausedCollection }: ProviderSubscription): boolean =>
  !pausedCollection && (status === 'active' || status === 'trialing')

/**
 * What to correct at the provider for an undone or superseded subscription, now that its payments have changed.
 */
function correctionsOf(
  { id: subscriptionId, supersededAt, reversedAt }: Subscription,
  payments: readonly ProviderPayment[],
): FollowUp[] {
  // A bank debit takes days, so it may be paid after it was undone. That is refunded, too.
  if (reversedAt) {
    const isPaid = payments.some(({ status }) => status === 'succeeded')
    return isPaid ? [{ kind: 'reverse-subscription', subscriptionId }] : []
  }
  // Its unused time was credited. Since then a payment was refunded or disputed, or a dispute was won.
  const isSettled = payments.some(({ invoice }) => invoice.status === 'paid')
  return supersededAt && isSettled ? [{ kind: 'cancel-superseded', subscriptionId }] : []
}

/** Whether a renewal was collected for a closed account, and we learn of it only now. */
async function isTooLate(
  em: EntityManager,
  customer: LockedCustomer,
  { invoice, status }: ProviderPayment,
): Promise<boolean> {
  const isRenewal = invoice.reason === 'subscription_cycle' && status === 'succeeded'
  if (!isRenewal || customer.isAccountOpen) return false
  return (await em.count(Payment, { providerInvoiceId: invoice.id, status: { $in: PAID } })) === 0
}

const PAID = ['succeeded', 'partially_refunded', 'refunded', 'disputed'] as const

async function fetchChanged(
  { em, billing: { provider } }: LockedScope,
  customer: LockedCustomer,
  { kind, id, subscriptionHint = null }: ChangedObject,
): Promise<{
  checkout: ProviderCheckout | null
  invoice: ProviderInvoice | null
  fetched: ProviderSubscription | null
}> {
  const [checkout, invoice, hinted] = await Promise.all([
    kind === 'checkout' ? provider.fetchCheckout(id) : null,
    kind === 'invoice' ? provider.fetchInvoice(id) : null,
    subscriptionHint ? provider.fetchSubscription(subscriptionHint) : null,
  ])
  const subscriptionId = kind === 'subscription' ? id : (checkout ?? invoice)?.subscriptionId
  const found =
    subscriptionId && subscriptionId !== hinted?.id ? await provider.fetchSubscription(subscriptionId) : hinted
  // An id from an event proves nothing. Only objects of the locked customer may change the customer's rows.
  if (!found || found.id !== subscriptionId) return { checkout, invoice, fetched: null }
  const isOwn =
    found.customerId === customer.providerCustomerId ||
    // The account may have another customer by now, because the provider's key was replaced for a while.
    (await em.count(Subscription, { providerSubscriptionId: found.id, account: customer.account.id })) > 0 ||
    (await em.count(UpcomingSubscription, { providerSubscriptionId: found.id, account: customer.account.id })) > 0
  return { checkout, invoice, fetched: isOwn ? found : null }
}

/** This customer's invoices, each once. Some may belong to an earlier customer of the same account, deleted since. */
async function ownInvoices(
  em: EntityManager,
  customer: LockedCustomer,
  invoices: readonly (ProviderInvoice | null)[],
): Promise<ProviderInvoice[]> {
  const own = new Map<string, ProviderInvoice>()
  for (const invoice of invoices) {
    if (!invoice || own.has(invoice.id)) continue
    const isOwn =
      (invoice.customerId !== null && invoice.customerId === customer.providerCustomerId) ||
      (await em.count(Payment, { providerInvoiceId: invoice.id, account: customer.account.id })) > 0
    if (isOwn) own.set(invoice.id, invoice)
  }
  return [...own.values()]
}
