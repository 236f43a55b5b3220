import { MINUTE, SECOND } from '../../../platform/durations.ts'
import type { CardProvider, ProviderCard, ProviderCardPage, ProviderCards } from '../payment-provider.ts'
import type { PaymobCard } from './api/answers.ts'
import { providerError } from './api/paymob-error.ts'
import { billingDataOf, CARD_CHECK, PAGE_LIFETIME, pageUrl } from './checkout.ts'
import { finishDebtPage, lookAtDebtPage, nameDebtPage, openDebtPage, prepareDebtPage } from './debts/debt-pages.ts'
import { loadLedger, nextTryOf, returnedOf } from './ledger.ts'
import type { PaymobContext } from './paymob-context.ts'
import { readReference, writeReference, type CardOrigin, type DebtOrigin } from './references.ts'
import { refusedOf, tryToReturn } from './refunds.ts'
import { findCard, last4Of, makePrimary, newCardOf, preferCard } from './saved-cards.ts'

/**
 * The part of the port for cards: Paymob has no portal. Every change is read back, because Paymob's answers to them are
 * not documented.
 */
export function createPaymobCards(context: PaymobContext): CardProvider {
  const { api, settings } = context
  return {
    fetchCards: (subscriptionId) => fetchCards(context, subscriptionId),

    makeCardPrimary: (input) => makePrimary(context, input),

    async deleteCard({ subscriptionId, cardId }) {
      const card = await findCard(context, subscriptionId, cardId)
      if (!card) return false
      await api.deleteCard(subscriptionId, Number(cardId))
      if (await findCard(context, subscriptionId, cardId))
        throw providerError(`Paymob did not delete the card ${cardId}.`)
      return true
    },

    async nameCardPage({ pageId, subscriptionId }) {
      const known = await api.cardsOf(subscriptionId)
      const lastCardId = known.reduce((last, { id }) => (Number(id) > Number(last) ? id : last), '0')
      // The reference has whole minutes.
      const end = Math.floor((settings.clock.now().getTime() + PAGE_LIFETIME) / MINUTE) * MINUTE
      const expiresAt = new Date(end)
      return { sessionId: writeReference({ kind: 'card', pageId, subscriptionId, lastCardId, expiresAt }), expiresAt }
    },

    prepareDebtPage: (input) => prepareDebtPage(context, input),

    nameDebtPage: (debt) => nameDebtPage(context, debt),

    openCardPage: (input) => openCardPage(context, input),

    async lookAtCardPage(sessionId, { leaves = [] } = {}) {
      const origin = cardPageOf(sessionId)
      if (!origin) return 'unpaid'
      const payment = await api.inquire(sessionId)
      if (!payment?.success) return 'unpaid'
      if (origin.kind === 'debt') return lookAtDebtPage(context, origin, { payment, leaves })
      const isKept = returnedOf(payment) < payment.amount_cents && !leaves.includes(payment.id)
      return isKept ? 'paid' : 'finished'
    },

    finishCardPage: (sessionId, how = {}) => finishCardPage(context, sessionId, how),

    async findCardPage(paymentId) {
      const payment = await api.transaction(paymentId)
      if (!payment?.success && !payment?.pending) return null
      const sessionId = payment.order.merchant_order_id ?? ''
      const origin = cardPageOf(sessionId)
      return origin && { sessionId, subscriptionId: origin.subscriptionId }
    },
  }
}

/** @returns null for a session that is no page for adding a card, or for paying an overdue renewal with one. */
export function cardPageOf(sessionId: string): CardOrigin | DebtOrigin | null {
  const origin = readReference(sessionId)
  return origin?.kind === 'card' || origin?.kind === 'debt' ? origin : null
}

async function fetchCards({ api, calendar }: PaymobContext, subscriptionId: string): Promise<ProviderCards> {
  const ledger = await loadLedger(api, calendar, subscriptionId)
  if (!ledger) return { cards: [], retriesAt: null }
  const cards = (await api.cardsOf(subscriptionId)).map(cardOf)
  return {
    cards: cards.toSorted(
      (one, other) => Number(other.isPrimary) - Number(one.isPrimary) || Number(one.id) - Number(other.id),
    ),
    retriesAt: nextTryOf(ledger, calendar),
  }
}

const cardOf = ({ id, masked_pan, is_primary }: PaymobCard): ProviderCard => ({
  id,
  brand: null,
  last4: last4Of(masked_pan),
  isPrimary: is_primary,
})

/** Paymob saves a card only with a payment: `subscriptionv2_id` makes it a further card of the subscription. */
async function openCardPage(
  context: PaymobContext,
  input: Parameters<CardProvider['openCardPage']>[0],
): Promise<{ url: string }> {
  const { sessionId, subscriptionId, currency, returnUrl, readContact } = input
  const origin = cardPageOf(sessionId)
  if (!origin) throw new Error('This session is no page for adding a card.')
  if (origin.kind === 'debt') return openDebtPage(context, origin, input)
  const { api, settings } = context
  const left = origin.expiresAt.getTime() - settings.clock.now().getTime()
  const { client_secret } = await api.createIntention({
    amount: CARD_CHECK,
    currency: currency.toUpperCase(),
    payment_methods: [settings.cardIntegration],
    items: [{ name: 'Card check', amount: CARD_CHECK, description: 'Card check, paid back at once', quantity: 1 }],
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
 * The card first, and the money last: what is paid back says that all of it is done. So a repeat does not overrule a
 * customer who has made another card the primary one since.
 */
async function finishCardPage(
  context: PaymobContext,
  sessionId: string,
  { keepsPrimary = false, leaves = [] }: { keepsPrimary?: boolean; leaves?: readonly string[] },
): Promise<ProviderCardPage | null> {
  const { api, settings } = context
  const origin = cardPageOf(sessionId)
  if (!origin) return null
  if (origin.kind === 'debt') return finishDebtPage(context, sessionId, { origin, leaves })
  const payment = await api.inquire(sessionId)
  if (!payment?.success) {
    const isOpen = payment?.pending === true || origin.expiresAt > settings.clock.now()
    return { state: isOpen ? 'open' : 'expired' }
  }
  const added = await newCardOf(context, origin, payment)
  const isOwed = returnedOf(payment) < payment.amount_cents
  const isLeft = isOwed && leaves.includes(payment.id)
  const isKept = isOwed && !isLeft
  if (isKept && added?.isNewest && !keepsPrimary) await preferCard(context, origin, added)
  const isRefused = isKept && !(await tryToReturn(context, payment))
  const { id: paymentId, amount_cents: amountCents, currency } = payment
  const last4 = added ? last4Of(added.masked_pan) : null
  return {
    ...{ state: 'added', paymentId, amountCents, currency, last4 },
    returned: isRefused || isLeft ? [] : [paymentId],
    refused: isRefused ? [refusedOf(payment)] : [],
  }
}
