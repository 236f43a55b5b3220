import { emit } from '../events/emit.ts'
import { serializeCustomer } from '../resources/customer.ts'
import { serializeSchedule } from '../resources/subscription-schedule.ts'
import type { Account } from '../state/account.ts'
import type { CustomerRow } from '../state/rows/customer.ts'
import { endSubscription } from './end-subscription.ts'

/**
 * Deletes a customer for good: ends their subscriptions and schedules, and removes their cards. Their invoices and
 * payments stay.
 *
 * @see node_modules/stripe/esm/resources/Customers.d.ts, `CustomerResource.del`
 */
export function deleteCustomer(account: Account, id: string): CustomerRow {
  for (const subscription of account.subscriptions.by('customer', id)) {
    if (subscription.ended_at === null) endSubscription(account, subscription.id)
  }
  for (const schedule of account.schedules.by('customer', id)) {
    if (schedule.status !== 'not_started') continue
    const row = account.schedules.patch(schedule.id, {
      status: 'canceled',
      canceled_at: account.nowOf(id),
      nextPhase: null,
    })
    emit(account, 'subscription_schedule.canceled', serializeSchedule(account, row))
  }
  for (const method of account.paymentMethods.by('customer', id))
    account.paymentMethods.patch(method.id, { customer: null })
  const row = account.customers.patch(id, { deleted: true, default_payment_method: null })
  emit(account, 'customer.deleted', serializeCustomer(account, row))
  return row
}
