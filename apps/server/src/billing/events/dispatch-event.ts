import type { CallingScope } from '../billing-scope.ts'
import { convergeCustomer } from '../converge/converge-customer.ts'
import { forgetCustomer } from '../converge/forget-customer.ts'
import { Customer } from '../customer.entity.ts'
import { underLock } from '../customers/under-lock.ts'
import { Payment } from '../payment.entity.ts'
import { convergeCatalogue } from '../plans/converge-catalogue.ts'
import type { ProviderNotice, ProviderSubject } from '../providers/payment-provider.ts'
import { applyOnce } from './apply-once.ts'
import { mailSubscriptionFact } from './mail-subscription-fact.ts'

/**
 * Finds out what an event is about and applies it there: under its customer's lock, or, for a plan, in a transaction of
 * its own. An event about something that we don't know is ignored.
 *
 * @throws {PaymentProviderError} and nothing has changed.
 */
export async function dispatchEvent(scope: CallingScope, eventId: string, notice: ProviderNotice): Promise<void> {
  const target = await findTarget(scope, notice)
  switch (target.kind) {
    case 'none':
      return scope.em.transactional((em) => applyOnce({ ...scope, em }, eventId, async () => false))
    case 'product':
    case 'price':
      return scope.em.transactional((em) =>
        applyOnce({ ...scope, em }, eventId, () => convergeCatalogue({ ...scope, em }, target)),
      )
    case 'deleted customer':
      return underLock(scope, target.userId, (locked, customer) =>
        applyOnce(locked, eventId, () => forgetCustomer(locked, customer, target)),
      )
    case 'billing':
      return underLock(scope, target.userId, (locked, customer) =>
        applyOnce(locked, eventId, async () => {
          const converged = await convergeCustomer(locked, customer, { ...notice, subject: target.subject })
          if (converged) await mailSubscriptionFact(locked, notice, converged)
          return true
        }),
      )
  }
}

type Target =
  | { kind: 'none' }
  | { kind: 'product' | 'price'; id: string }
  | { kind: 'deleted customer'; userId: string; providerCustomerId: string }
  | { kind: 'billing'; userId: string; subject: ProviderSubject }

const NONE = { kind: 'none' } as const

async function findTarget(scope: CallingScope, { subject, customerId }: ProviderNotice): Promise<Target> {
  if (!subject) return NONE
  switch (subject.kind) {
    case 'product':
    case 'price':
      return { kind: subject.kind, id: subject.id }
    case 'customer': {
      const userId = await findUser(scope, subject.id)
      return userId ? { kind: 'deleted customer', userId, providerCustomerId: subject.id } : NONE
    }
    case 'payment':
      return findPayer(scope, subject)
    default: {
      const userId = await findUser(scope, customerId)
      return userId ? { kind: 'billing', userId, subject } : NONE
    }
  }
}

/** Charges, refunds and disputes name no invoice and some no customer. Both are found through the payment. */
async function findPayer(scope: CallingScope, payment: ProviderSubject): Promise<Target> {
  const known = await scope.em.findOne(Payment, { provider: 'stripe', providerPaymentId: payment.id })
  if (known) return billingOf(known.user.id, known.providerInvoiceId)
  const found = await scope.billing.provider.findInvoice(payment.id)
  const userId = found && (await findUser(scope, found.customerId))
  return found && userId ? billingOf(userId, found.invoiceId) : NONE
}

const billingOf = (userId: string, invoiceId: string): Target => ({
  kind: 'billing',
  userId,
  subject: { kind: 'invoice', id: invoiceId },
})

async function findUser({ em }: CallingScope, providerCustomerId: string | null): Promise<string | null> {
  const customer = providerCustomerId ? await em.findOne(Customer, { providerCustomerId }) : null
  return customer?.user.id ?? null
}
