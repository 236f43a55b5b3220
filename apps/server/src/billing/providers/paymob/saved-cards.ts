import type { PaymobCard, PaymobTransaction } from './api/answers.ts'
import { isRefused, providerError } from './api/paymob-error.ts'
import type { PaymobContext } from './paymob-context.ts'
import type { CardOrigin } from './references.ts'

export const last4Of = (maskedPan: string): string | null => /\d{4}$/.exec(maskedPan)?.[0] ?? null

export async function findCard(
  { api }: PaymobContext,
  subscriptionId: string,
  cardId: string,
): Promise<PaymobCard | null> {
  return (await api.cardsOf(subscriptionId)).find(({ id }) => id === cardId) ?? null
}

export async function makePrimary(
  context: PaymobContext,
  { subscriptionId, cardId }: { subscriptionId: string; cardId: string },
): Promise<boolean> {
  const card = await findCard(context, subscriptionId, cardId)
  if (!card) return false
  if (!card.is_primary) await context.api.makePrimary(subscriptionId, Number(cardId))
  if (!(await findCard(context, subscriptionId, cardId))?.is_primary)
    throw providerError(`Paymob did not make the card ${cardId} the primary one.`)
  return true
}

/**
 * Finds the card that a page has added. A customer may pay two pages that were opened one after the other, so its digits
 * must be those of the payment, if Paymob says them. `isNewest`: no card was added after it.
 *
 * @returns null if the card was on file before, was removed since, or is not shown because the subscription has ended.
 */
export async function newCardOf(
  { api }: PaymobContext,
  origin: Pick<CardOrigin, 'subscriptionId' | 'lastCardId'>,
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
export async function preferCard(
  context: PaymobContext,
  { subscriptionId }: Pick<CardOrigin, 'subscriptionId'>,
  { id }: PaymobCard,
): Promise<void> {
  try {
    await makePrimary(context, { subscriptionId, cardId: id })
  } catch (error) {
    if (!isRefused(error)) throw error
  }
}
