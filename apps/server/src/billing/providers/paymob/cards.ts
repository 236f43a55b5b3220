import { MINUTE, SECOND } from '../../../platform/durations.ts'
import type { CardProvider, ProviderCard, ProviderCardPage, ProviderCards } from '../payment-provider.ts'
import type { PaymobCard, PaymobTransaction } from './api/answers.ts'
import { isRefused, providerError } from './api/paymob-error.ts'
import { billingDataOf, CARD_CHECK, PAGE_LIFETIME, pageUrl } from './checkout.ts'
import { loadLedger, nextTryOf, returnedOf } from './ledger.ts'
import type { PaymobContext } from './paymob-context.ts'
import { readReference, writeReference, type CardOrigin } from './references.ts'
import { returnUpTo } from './refunds.ts'

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
      const card = await find(context, subscriptionId, cardId)
      if (!card) return false
      await api.deleteCard(subscriptionId, Number(cardId))
      if (await find(context, subscriptionId, cardId)) throw providerError(`Paymob did not delete the card ${cardId}.`)
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

    openCardPage: (input) => openCardPage(context, input),

    isCardPagePaid: async (sessionId) =>
      cardPageOf(sessionId) !== null && (await api.inquire(sessionId))?.success === true,

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

/** @returns null for a session that is no page for adding a card. */
export function cardPageOf(sessionId: string): CardOrigin | null {
  const origin = readReference(sessionId)
  return origin?.kind === 'card' ? origin : null
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

export const last4Of = (maskedPan: string): string | null => /\d{4}$/.exec(maskedPan)?.[0] ?? null

async function find({ api }: PaymobContext, subscriptionId: string, cardId: string): Promise<PaymobCard | null> {
  return (await api.cardsOf(subscriptionId)).find(({ id }) => id === cardId) ?? null
}

async function makePrimary(
  context: PaymobContext,
  { subscriptionId, cardId }: { subscriptionId: string; cardId: string },
): Promise<boolean> {
  const card = await find(context, subscriptionId, cardId)
  if (!card) return false
  if (!card.is_primary) await context.api.makePrimary(subscriptionId, Number(cardId))
  if (!(await find(context, subscriptionId, cardId))?.is_primary)
    throw providerError(`Paymob did not make the card ${cardId} the primary one.`)
  return true
}

/** Paymob saves a card only with a payment: `subscriptionv2_id` makes it a further card of the subscription. */
async function openCardPage(
  { api, settings }: PaymobContext,
  { sessionId, subscriptionId, currency, returnUrl, readContact }: Parameters<CardProvider['openCardPage']>[0],
): Promise<{ url: string }> {
  const origin = cardPageOf(sessionId)
  if (!origin) throw new Error('This session is no page for adding a card.')
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
  { keepsPrimary = false }: { keepsPrimary?: boolean },
): Promise<ProviderCardPage | null> {
  const { api, settings } = context
  const origin = cardPageOf(sessionId)
  if (!origin) return null
  const payment = await api.inquire(sessionId)
  if (!payment?.success) {
    const isOpen = payment?.pending === true || origin.expiresAt > settings.clock.now()
    return { state: isOpen ? 'open' : 'expired' }
  }
  const added = await newCardOf(context, origin, payment)
  if (returnedOf(payment) < payment.amount_cents) {
    if (added?.isNewest && !keepsPrimary) await preferCard(context, origin, added)
    await returnUpTo(context, payment, payment.amount_cents)
  }
  const { id: paymentId, amount_cents: amountCents, currency } = payment
  return { state: 'added', paymentId, amountCents, currency, last4: added ? last4Of(added.masked_pan) : null }
}

/**
 * Finds the card that a page has added. A customer may pay two pages that were opened one after the other, so its digits
 * must be those of the payment, if Paymob says them. `isNewest`: no card was added after it.
 *
 * @returns null if the card was on file before, was removed since, or is not shown because the subscription has ended.
 */
async function newCardOf(
  { api }: PaymobContext,
  origin: CardOrigin,
  { source_data }: PaymobTransaction,
): Promise<(PaymobCard & { isNewest: boolean }) | null> {
  const cards = await api.cardsOf(origin.subscriptionId).catch((error: unknown) => {
    if (isRefused(error)) return []
    throw error
  })
  const paidWith = last4Of(source_data?.pan ?? '')
  const newestFirst = cards
    .filter(({ id }) => Number(id) > Number(origin.lastCardId))
    .toSorted((one, other) => Number(other.id) - Number(one.id))
  const added = newestFirst.find(({ masked_pan }) => paidWith === null || last4Of(masked_pan) === paidWith)
  return added ? { ...added, isNewest: added === newestFirst[0] } : null
}

/** A subscription that has ended takes no other card. The money is paid back all the same. */
async function preferCard(context: PaymobContext, { subscriptionId }: CardOrigin, { id }: PaymobCard): Promise<void> {
  try {
    await makePrimary(context, { subscriptionId, cardId: id })
  } catch (error) {
    if (!isRefused(error)) throw error
  }
}
