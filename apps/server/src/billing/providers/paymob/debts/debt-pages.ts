import { randomBytes } from 'node:crypto'
import { after } from '../../../../platform/clock.ts'
import { MINUTE, SECOND } from '../../../../platform/durations.ts'
import type { CardProvider, PayableDebt, ProviderCardPage } from '../../payment-provider.ts'
import type { PaymobTransaction } from '../api/answers.ts'
import { providerError } from '../api/paymob-error.ts'
import { billingDataOf, PAGE_LIFETIME, pageUrl } from '../checkout.ts'
import { hasOpenDebts, paidDebtsOf } from '../invoices.ts'
import { hasEnded, isPaid, isTriedAgain, loadLedger, type Ledger } from '../ledger.ts'
import { readNotes, writeNotes, type DebtNote, type Notes } from '../notes.ts'
import { today, type PaymobContext } from '../paymob-context.ts'
import { writeReference, type DebtOrigin } from '../references.ts'
import { settleDebts } from './settle-debts.ts'

/** Maximum number of pages that are noted: each is asked for whenever the subscription is read. */
const MOST_PAGES = 6
/** How long a page is noted after its end. The job that finishes the page finds what is paid on it later. */
const NOTED = 10 * MINUTE

/**
 * Makes sure that a renewal which Paymob has given up can be paid on a page: the date of the next deduction is set to the
 * end of the renewal's period, so that Paymob does not collect it, too.
 *
 * @returns null while Paymob may still collect the renewal, and if it is no longer due.
 */
export async function prepareDebtPage(
  context: PaymobContext,
  { subscriptionId, invoiceId }: { subscriptionId: string; invoiceId: string },
): Promise<PayableDebt | null> {
  const { api, calendar } = context
  const ledger = await loadLedger(api, calendar, subscriptionId)
  if (!ledger || ledger.period.renewal?.[0].id !== invoiceId || !isGivenUp(ledger)) return null
  const end = calendar.dateOf(ledger.period.end)
  if ((await today(context)) >= end) return null
  await api.updateSubscription(subscriptionId, { next_billing: end })
  if ((await api.subscription(subscriptionId))?.next_billing !== end)
    throw providerError(`Paymob did not move the next payment of the subscription ${subscriptionId}.`)
  const paid = [
    ...ledger.notes.paidDebts.map(({ transactionId }) => Number(transactionId)),
    ...paidDebtsOf(ledger).map(({ payment }) => Number(payment.id)),
  ]
  return { subscriptionId, invoiceId, earlier: paid.length === 0 ? null : String(Math.max(...paid)) }
}

/**
 * Names a page for such a renewal. It is noted first, so that its payment counts the next time the subscription is read.
 *
 * @returns null if the renewal was paid meanwhile, or the subscription has ended.
 */
export async function nameDebtPage(
  { api, settings }: PaymobContext,
  { subscriptionId, invoiceId, earlier }: PayableDebt,
): ReturnType<CardProvider['nameDebtPage']> {
  const now = settings.clock.now()
  // The note has whole minutes.
  const expiresAt = new Date(Math.floor((now.getTime() + PAGE_LIFETIME) / MINUTE) * MINUTE)
  const named: { debt: DebtNote | null } = { debt: null }
  await writeNotes(api, settings, subscriptionId, (notes, subscription) => {
    if (hasEnded(subscription) || notes.paidDebts.some((paid) => paid.invoiceId === invoiceId)) return notes
    const known = notes.debt?.invoiceId === invoiceId ? notes.debt : null
    const { secret, pages, ends } = known ?? { secret: randomBytes(8).toString('hex'), pages: 0, ends: [] }
    const open = ends.filter((end) => after(end, NOTED) > now)
    named.debt = {
      ...{ invoiceId, secret, pages: pages + 1, earlier: known ? known.earlier : earlier },
      ends: [...open, expiresAt].slice(-MOST_PAGES),
    }
    return { ...notes, debt: named.debt }
  })
  return named.debt && { sessionId: sessionOf(subscriptionId, named.debt), expiresAt }
}

/** The newest page of a debt. */
function sessionOf(subscriptionId: string, { invoiceId, secret, pages, earlier }: DebtNote): string {
  return writeReference({ kind: 'debt', subscriptionId, invoiceId, secret, page: pages - 1, earlier })
}

function isGivenUp(ledger: Ledger): boolean {
  const { subscription, period } = ledger
  if (!period.renewal || isPaid(period.renewal) || period.renewal.at(-1)?.pending) return false
  return !hasEnded(subscription) && subscription.state.toLowerCase() === 'active' && !isTriedAgain(ledger)
}

/** Opens a page that was named. Its card becomes one of the subscription's. */
export async function openDebtPage(
  { api, settings, calendar }: PaymobContext,
  { subscriptionId, invoiceId, page }: DebtOrigin,
  { sessionId, currency, returnUrl, readContact }: Parameters<CardProvider['openCardPage']>[0],
): Promise<{ url: string }> {
  const ledger = await loadLedger(api, calendar, subscriptionId)
  const renewal = ledger?.period.renewal
  const expiresAt = endOf(ledger?.notes, { invoiceId, page })
  if (!renewal || renewal[0].id !== invoiceId || isPaid(renewal) || !expiresAt)
    throw providerError(`The renewal ${invoiceId} of the subscription ${subscriptionId} is not due any more.`)
  const amount = (renewal.at(-1) ?? renewal[0]).amount_cents
  const left = expiresAt.getTime() - settings.clock.now().getTime()
  const { client_secret } = await api.createIntention({
    amount,
    currency: currency.toUpperCase(),
    payment_methods: [settings.cardIntegration],
    items: [{ name: 'Overdue payment', amount, description: 'The overdue payment of your subscription', quantity: 1 }],
    billing_data: await billingDataOf({ readContact }),
    subscriptionv2_id: Number(subscriptionId),
    special_reference: sessionId,
    notification_url: settings.callbackUrl,
    redirection_url: returnUrl ?? settings.returnUrl,
    expiration: Math.max(60, Math.floor(left / SECOND)),
  })
  return { url: pageUrl(settings, client_secret) }
}

/**
 * Finishes a page: what it has collected pays the renewal, or is paid back if something else has paid it before. It does
 * not matter whether the page is still noted.
 */
export async function finishDebtPage(
  context: PaymobContext,
  sessionId: string,
  { origin, leaves }: { origin: DebtOrigin; leaves?: readonly string[] | undefined },
): Promise<ProviderCardPage> {
  const { api, settings } = context
  const { subscriptionId, invoiceId, page } = origin
  const payment = await api.inquire(sessionId)
  if (!payment?.success) {
    const subscription = payment?.pending ? null : await api.subscription(subscriptionId)
    const end = subscription && endOf(readNotes(subscription), { invoiceId, page })
    const isOpen = payment?.pending === true || (end && end > settings.clock.now())
    return { state: isOpen ? 'open' : 'expired' }
  }
  const { ledger, paidBack } = await settleDebts(context, subscriptionId, { debt: { invoiceId, payment }, leaves })
  const isSurplus = ledger?.surplus.some(({ id }) => id === payment.id) === true
  return { state: isSurplus ? 'returned' : 'paid', invoiceId, ...paidBack }
}

/** When a page ends; null if it is no longer noted. */
function endOf(notes: Notes | undefined, { invoiceId, page }: Pick<DebtOrigin, 'invoiceId' | 'page'>): Date | null {
  const debt = notes?.debt
  return (debt?.invoiceId === invoiceId && debt.ends.at(page - debt.pages)) || null
}

/** Whether anything is left to do about the payment of a page. */
export async function lookAtDebtPage(
  { api, calendar }: PaymobContext,
  { subscriptionId, invoiceId }: DebtOrigin,
  { payment, leaves }: { payment: PaymobTransaction; leaves: readonly string[] },
): Promise<'paid' | 'finished'> {
  const ledger = await loadLedger(api, calendar, subscriptionId, { debt: { invoiceId, payment } })
  return ledger && hasOpenDebts(ledger, leaves) ? 'paid' : 'finished'
}
