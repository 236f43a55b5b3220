import { LockMode } from '@mikro-orm/core'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { BillingScope } from './billing-scope.ts'
import { convergeCustomer } from './converge-customer.ts'
import { Customer } from './customer.entity.ts'
import { mailSubscriptionFact } from './mail-subscription-fact.ts'
import { ProviderEvent } from './provider-event.entity.ts'
import type { ProviderNotice } from './providers/payment-provider.ts'

/**
 * Works off one event of the inbox: the event says which object changed, the provider says what it is now.
 *
 * The customer's row is locked before the provider is asked, so that one customer's events never run side by side
 * and an older answer can't overwrite a newer one. This is the one place where a network call is made in a
 * transaction; it is bounded by the gateway's time-out, and workers run fewer of these than the pool has connections.
 *
 * A failure leaves nothing behind but its trace on the row, and the job is tried again.
 *
 * @see docs/decisions/0003-stripe-is-the-truth.md
 */
export async function applyStripeEvent(scope: BillingScope, input: { eventId: string }): Promise<void> {
  const event = await scope.em.findOne(ProviderEvent, { id: input.eventId })
  if (!event || event.status === 'processed' || event.status === 'ignored') return
  try {
    await scope.em.transactional(async (em) => apply(scope, em, input.eventId))
  } catch (error) {
    const lastError = error instanceof Error ? error.message : 'unknown'
    await scope.em.execute(
      "update provider_events set status = 'failed', attempts = attempts + 1, last_error = ? where id = ?",
      [lastError.slice(0, 2000), input.eventId],
    )
    throw error
  }
}

async function apply(scope: BillingScope, em: EntityManager, eventId: string): Promise<void> {
  const { billing, clock } = scope
  const event = await em.findOneOrFail(
    ProviderEvent,
    { id: eventId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  )
  if (event.status === 'processed') return

  const notice = billing.provider.readNotice(event.payload)
  const customer = await lockCustomer(em, notice)
  if (customer) {
    const subscription = await convergeCustomer({ ...scope, em }, customer, notice)
    if (subscription) await mailSubscriptionFact({ ...scope, em }, notice, subscription)
  }
  event.status = customer ? 'processed' : 'ignored'
  event.processedAt = clock.now()
  event.attempts += 1
  event.lastError = null
}

async function lockCustomer(em: EntityManager, notice: ProviderNotice): Promise<Customer | null> {
  if (!notice.customerId || !notice.subject) return null
  return em.findOne(
    Customer,
    { providerCustomerId: notice.customerId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true, populate: ['user'] },
  )
}
