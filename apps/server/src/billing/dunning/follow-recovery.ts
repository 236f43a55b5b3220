import type { LockedCustomer, LockedScope } from '../customers/under-lock.ts'
import { Payment } from '../payment.entity.ts'
import type { PaymentStatus, ProviderInvoice, ProviderPayment } from '../providers/payment-provider.ts'
import { Recovery } from '../recovery.entity.ts'
import type { Subscription } from '../subscription.entity.ts'
import { dueStep, stepsAhead } from './next-step.ts'
import { queueStepMail } from './queue-step-mail.ts'

/** What the provider says of a subscription's debt. */
export interface Debt {
  openInvoices: readonly ProviderInvoice[]
  /** Payments that were just read. */
  payments: readonly ProviderPayment[]
}

/**
 * Begins, continues or ends the recovery of a subscription's overdue invoice, and takes the step that is due. It runs in
 * every convergence of a subscription that is or was overdue, with what the provider has just said. So no mail is about
 * an invoice that is already paid. The mail and the step are one transaction: none is lost, and none is doubled.
 */
export async function followRecovery(
  locked: LockedScope,
  customer: LockedCustomer,
  { subscription, ...debt }: Debt & { subscription: Subscription },
): Promise<void> {
  const { em } = locked
  const open = await em.findOne(Recovery, { subscription: subscription.id, endedAt: null }, { refresh: true })
  const owed = subscription.isOverdue() && customer.isAccountOpen ? oldestOf(debt.openInvoices) : null
  if (open && open.providerInvoiceId !== owed?.id) await end(locked, customer, open, debt)
  if (!owed) return
  const isSame = open?.providerInvoiceId === owed.id
  await advance(locked, { subscription, owed, known: isSame ? open : null, ...debt })
}

const dueSince = ({ dueAt, finalizedAt, createdAt }: ProviderInvoice): Date => dueAt ?? finalizedAt ?? createdAt

function oldestOf(invoices: readonly ProviderInvoice[]): ProviderInvoice | null {
  const due = invoices.filter(({ amountCents, reason }) => amountCents > 0 && reason !== 'subscription_create')
  return due.toSorted((one, other) => dueSince(one).getTime() - dueSince(other).getTime())[0] ?? null
}

async function advance(
  locked: LockedScope,
  {
    subscription,
    owed,
    known,
    payments,
  }: { subscription: Subscription; owed: ProviderInvoice; known: Recovery | null; payments: Debt['payments'] },
): Promise<void> {
  const { em, billing, clock } = locked
  const billingNow = await billing.time.now()
  // Who pays by invoice gets it, and its reminders, from the provider.
  const dunning = owed.dueAt ? null : billing.settings.dunning
  const state = {
    amountCents: owed.amountCents,
    action: await actionFor(locked, owed, payments),
    nextRetryAt: owed.nextAttemptAt,
    givenUpAt: owed.nextAttemptAt ? null : (known?.givenUpAt ?? billingNow),
  }
  const recovery = known
    ? em.assign(known, state)
    : em.create(Recovery, {
        ...state,
        account: subscription.account.id,
        subscription,
        provider: billing.provider.name,
        providerInvoiceId: owed.id,
        currency: owed.currency,
        since: dueSince(owed),
        createdAt: clock.now(),
      })
  const progress = () => ({
    since: recovery.since,
    givenUpAt: recovery.givenUpAt ?? null,
    lastStep: recovery.lastStep ?? null,
  })
  const due = dueStep(dunning, progress(), billingNow)
  if (due) recovery.lastStep = due.name
  recovery.nextStepAt = stepsAhead(dunning, progress())[0]?.at ?? null
  await em.flush()
  if (due) await queueStepMail(locked, subscription, { recovery, invoice: owed, step: due.name })
}

async function actionFor(
  { em, billing }: LockedScope,
  owed: ProviderInvoice,
  payments: Debt['payments'],
): Promise<Recovery['action']> {
  // Once such a provider no longer tries, our page takes the amount, and adds the card.
  if (!billing.provider.capabilities.payPages) return owed.nextAttemptAt ? 'update_card' : 'pay'
  const read = payments.find(({ invoice }) => invoice.id === owed.id)?.status
  const status = read ?? (await statusOf(em, { provider: billing.provider.name, providerInvoiceId: owed.id }))
  return status === 'requires_action' ? 'authenticate' : 'pay'
}

async function statusOf(
  em: LockedScope['em'],
  of: { provider: Payment['provider']; providerInvoiceId: string },
): Promise<PaymentStatus | null> {
  return (await em.findOne(Payment, of))?.status ?? null
}

/** Says how it ended, and with which step. Money that is refunded later was recovered all the same. */
async function end(
  { em, billing }: LockedScope,
  { isAccountOpen }: LockedCustomer,
  recovery: Recovery,
  { payments }: Debt,
): Promise<void> {
  const read = payments.find(({ invoice }) => invoice.id === recovery.providerInvoiceId)?.invoice
  const invoice = read ?? (await billing.provider.fetchInvoice(recovery.providerInvoiceId))
  em.assign(recovery, {
    outcome: outcomeOf(invoice?.status, isAccountOpen),
    endedAt: await billing.time.now(),
    nextStepAt: null,
    nextRetryAt: null,
  })
  await em.flush()
}

function outcomeOf(status: ProviderInvoice['status'] | undefined, isAccountOpen: boolean): Recovery['outcome'] {
  if (status === 'paid') return 'recovered'
  if (status === 'canceled') return 'voided'
  if (!isAccountOpen) return 'closed'
  return status === 'uncollectible' ? 'written_off' : 'ended'
}
