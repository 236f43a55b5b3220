import { randomBytes } from 'node:crypto'
import { MINUTE, SECOND } from '../../../../platform/durations.ts'
import { NotRefundable } from '../../../billing.errors.ts'
import type { CardProvider, ProviderCardPage } from '../../payment-provider.ts'
import { providerError } from '../api/paymob-error.ts'
import { billingDataOf, PAGE_LIFETIME, pageUrl } from '../checkout.ts'
import { hasEnded, isPaid, isTriedAgain, loadLedger, type Ledger } from '../ledger.ts'
import { writeNotes } from '../notes.ts'
import { today, type PaymobContext } from '../paymob-context.ts'
import { writeReference, type DebtOrigin } from '../references.ts'
import { settleDebts } from './settle-debts.ts'

/** Maximum number of pages for one renewal: each is asked for whenever the subscription is read. */
const MOST_PAGES = 8

/**
 * Names a page that takes a renewal which Paymob has given up. Before that, the date of the next deduction is set to the
 * end of the renewal's period, so that Paymob does not collect it, too, and the page is noted, so that its payment counts
 * the next time the subscription is read.
 *
 * @returns null while Paymob may still collect the renewal, if it is no longer due, and after too many pages.
 */
export async function nameDebtPage(
  context: PaymobContext,
  { subscriptionId, invoiceId }: { subscriptionId: string; invoiceId: string },
): ReturnType<CardProvider['nameDebtPage']> {
  const { api, settings, calendar } = context
  const ledger = await loadLedger(api, calendar, subscriptionId)
  if (!ledger || ledger.period.renewal?.[0].id !== invoiceId || !isGivenUp(ledger)) return null
  const end = calendar.dateOf(ledger.period.end)
  const { debt } = ledger.notes
  const known = debt?.invoiceId === invoiceId ? debt : null
  const page = known?.pages ?? 0
  if (page >= MOST_PAGES || (await today(context)) >= end) return null
  await api.updateSubscription(subscriptionId, { next_billing: end })
  if ((await api.subscription(subscriptionId))?.next_billing !== end)
    throw providerError(`Paymob did not move the next payment of the subscription ${subscriptionId}.`)
  const secret = known?.secret ?? randomBytes(8).toString('hex')
  // The note has whole minutes.
  const expiresAt = new Date(Math.floor((settings.clock.now().getTime() + PAGE_LIFETIME) / MINUTE) * MINUTE)
  const noted = { invoiceId, secret, pages: page + 1, expiresAt }
  await writeNotes(api, settings, subscriptionId, (notes) => ({ ...notes, debt: noted }))
  return { sessionId: writeReference({ kind: 'debt', subscriptionId, invoiceId, secret, page }), expiresAt }
}

function isGivenUp(ledger: Ledger): boolean {
  const { subscription, period } = ledger
  if (!period.renewal || isPaid(period.renewal) || period.renewal.at(-1)?.pending) return false
  return !hasEnded(subscription) && subscription.state.toLowerCase() === 'active' && !isTriedAgain(ledger)
}

/** Opens a page that was named. Its card becomes one of the subscription's. */
export async function openDebtPage(
  { api, settings, calendar }: PaymobContext,
  { subscriptionId, invoiceId }: DebtOrigin,
  { sessionId, currency, returnUrl, readContact }: Parameters<CardProvider['openCardPage']>[0],
): Promise<{ url: string }> {
  const ledger = await loadLedger(api, calendar, subscriptionId)
  const renewal = ledger?.period.renewal
  const expiresAt = ledger?.notes.debt?.expiresAt
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
 * Finishes a page: what it has collected pays the renewal, or is paid back if something else has paid it before. If Paymob
 * refuses to pay back what is surplus, it stays owed, and the job for owed credit goes on.
 */
export async function finishDebtPage(
  context: PaymobContext,
  sessionId: string,
  { subscriptionId, invoiceId }: DebtOrigin,
): Promise<ProviderCardPage> {
  const { api, settings, calendar } = context
  const ledger = await settleDebts(context, subscriptionId).catch(async (error: unknown) => {
    if (!(error instanceof NotRefundable)) throw error
    return loadLedger(api, calendar, subscriptionId)
  })
  const payment = await api.inquire(sessionId)
  if (!payment?.success) {
    const { debt } = ledger?.notes ?? {}
    const isOpen = debt?.invoiceId === invoiceId && debt.expiresAt > settings.clock.now()
    return { state: payment?.pending === true || isOpen ? 'open' : 'expired' }
  }
  return { state: ledger?.surplus.some(({ id }) => id === payment.id) ? 'returned' : 'paid', invoiceId }
}
