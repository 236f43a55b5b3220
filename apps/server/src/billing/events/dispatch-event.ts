import type { CallingScope } from '../billing-scope.ts'
import { FinishCardPage } from '../billing.queues.ts'
import { differences, readAccountRows } from '../converge/account-rows.ts'
import { convergeCustomer, type ChangedObject } from '../converge/converge-customer.ts'
import { forgetCustomer } from '../converge/forget-customer.ts'
import { Customer } from '../customer.entity.ts'
import { underLock, type LockedCustomer, type LockedScope } from '../customers/under-lock.ts'
import { Payment } from '../payment.entity.ts'
import { mailFailedRefunds } from '../payments/mail-failed-refunds.ts'
import { mailOperatorsRefunds } from '../payments/mail-operators-refunds.ts'
import { convergeCatalogue } from '../plans/converge-catalogue.ts'
import { ProviderEvent } from '../provider-event.entity.ts'
import type { ProviderChange } from '../providers/payment-provider.ts'
import { Subscription } from '../subscription.entity.ts'
import { applyOnce } from './apply-once.ts'
import { lookAtCodes } from './look-at-codes.ts'
import { queueEventMail } from './queue-event-mail.ts'

/**
 * Applies an event to the customer's billing or to the plan that it is about. An event about something that we don't
 * know is ignored.
 *
 * @throws {PaymentProviderError} and nothing has changed.
 */
export async function dispatchEvent(scope: CallingScope, eventId: string, change: ProviderChange): Promise<void> {
  const { subject, customerId, subscriptionHint } = change
  const incoming = { id: eventId, isAnonymous: customerId === null }
  const converge = (changed: ChangedObject) => async (locked: LockedScope, customer: LockedCustomer) => {
    const converged = await convergeCustomer(locked, customer, changed)
    if (converged) await queueEventMail(locked, change, converged)
    return true
  }
  if (!subject) return ignore(scope, eventId)

  const { kind, id } = subject
  switch (kind) {
    case 'product':
    case 'price':
      return scope.em.transactional((em) =>
        applyOnce({ ...scope, em }, eventId, () => convergeCatalogue({ ...scope, em }, { kind, id })),
      )
    case 'promotion_code':
    case 'coupon':
      return scope.em.transactional((em) =>
        applyOnce({ ...scope, em }, eventId, () => lookAtCodes({ ...scope, em }, id)),
      )
    case 'customer':
      return applyToAccount(scope, incoming, await findAccount(scope, id), (locked, customer) =>
        forgetCustomer(locked, customer, { providerCustomerId: id }),
      )
    case 'payment': {
      const invoice = await findInvoice(scope, id)
      if (!invoice) return applyToCardPage(scope, incoming, id)
      const apply = converge({ kind: 'invoice', id: invoice.id, subscriptionHint })
      return applyToAccount(scope, incoming, invoice.accountId, async (locked, customer) => {
        const isOurs = await apply(locked, customer)
        if (change.news === 'refunded')
          await mailOperatorsRefunds(locked, { paymentId: id, occurredAt: change.occurredAt })
        if (change.news === 'refund-updated') await mailFailedRefunds(locked, { paymentId: id })
        return isOurs
      })
    }
    default: {
      const accountId =
        incoming.isAnonymous && kind === 'subscription'
          ? await findSubscriber(scope, id)
          : await findAccount(scope, customerId)
      return applyToAccount(scope, incoming, accountId, converge({ kind, id, subscriptionHint }))
    }
  }
}

/** An event of the inbox. An anonymous one names no customer, so its row keeps the account that was found. */
interface Incoming {
  id: string
  isAnonymous: boolean
}

async function applyToAccount(
  scope: CallingScope,
  { id: eventId, isAnonymous }: Incoming,
  accountId: string | null,
  apply: (locked: LockedScope, customer: LockedCustomer) => Promise<boolean>,
): Promise<void> {
  if (!accountId) return ignore(scope, eventId)
  await underLock(scope, accountId, (locked, customer) =>
    applyOnce(locked, eventId, async () => {
      const { em } = locked
      const before = await readAccountRows(em, accountId, `event:${eventId}`)
      const isOurs = await apply(locked, customer)
      await em.flush()
      const changes = differences(before, await readAccountRows(em, accountId))
      const found = { ...(changes.length > 0 && { changes }), ...(isAnonymous && { accountId }) }
      if (Object.keys(found).length > 0) await em.nativeUpdate(ProviderEvent, { id: eventId }, found)
      return isOurs
    }),
  )
}

/** A payment without an invoice may have checked a new card. */
async function applyToCardPage(scope: CallingScope, incoming: Incoming, paymentId: string): Promise<void> {
  const { provider } = scope.billing
  const page = provider.capabilities.cards ? await provider.findCardPage(paymentId) : null
  const known =
    page &&
    (await scope.em.findOne(Subscription, {
      provider: provider.name,
      providerSubscriptionId: page.subscriptionId,
    }))
  if (!known) return ignore(scope, incoming.id)
  return applyToAccount(scope, incoming, known.account.id, async ({ em, jobs }) => {
    await jobs.send(em, FinishCardPage, { subscriptionId: known.id, sessionId: page.sessionId })
    return true
  })
}

async function ignore(scope: CallingScope, eventId: string): Promise<void> {
  await scope.em.transactional((em) => applyOnce({ ...scope, em }, eventId, async () => false))
}

/** Charges, refunds, and disputes name no invoice, and some name no customer. The payment leads to both. */
async function findInvoice(
  scope: CallingScope,
  providerPaymentId: string,
): Promise<{ id: string; accountId: string | null } | null> {
  const { provider } = scope.billing
  const known = await scope.em.findOne(Payment, { provider: provider.name, providerPaymentId })
  if (known) return { id: known.providerInvoiceId, accountId: known.account.id }
  const found = await provider.findInvoice(providerPaymentId)
  return found && { id: found.invoiceId, accountId: await findAccount(scope, found.customerId) }
}

/** Whose subscription it is, for an event that names no customer. */
async function findSubscriber(scope: CallingScope, id: string): Promise<string | null> {
  const { provider } = scope.billing
  const known = await scope.em.findOne(Subscription, { provider: provider.name, providerSubscriptionId: id })
  if (known) return known.account.id
  return findAccount(scope, (await provider.fetchSubscription(id))?.customerId ?? null)
}

async function findAccount({ em, billing }: CallingScope, providerCustomerId: string | null): Promise<string | null> {
  const provider = billing.provider.name
  const customer = providerCustomerId ? await em.findOne(Customer, { providerCustomerId, provider }) : null
  return customer?.account.id ?? null
}
