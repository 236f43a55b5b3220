import type { PaidBack } from './provider-refunds.ts'

/** A card on file for a subscription. The primary one is charged. */
export interface ProviderCard {
  id: string
  /** `visa`, `mastercard`, …; null if the provider does not say. */
  brand: string | null
  last4: string | null
  isPrimary: boolean
}

export interface ProviderCards {
  /** The primary card first. Empty for an unknown subscription. */
  cards: readonly ProviderCard[]
  /** When a failed renewal is tried again, with the primary card; null if none is. */
  retriesAt: Date | null
}

/** What became of a page on which a customer adds a card. */
export type ProviderCardPage = { state: 'open' | 'expired' } | AddedCard | PaidDebt

/** The page was paid, and that is paid back. Unless it was on file before, its card is the primary one. */
interface AddedCard extends PaidBack {
  state: 'added'
  paymentId: string
  amountCents: number
  currency: string
  last4: string | null
}

/** The page has paid an overdue invoice, or what it took is paid back because something else had paid it. */
interface PaidDebt extends PaidBack {
  state: 'paid' | 'returned'
  invoiceId: string
}

/** An overdue invoice that a page may take now. */
export interface PayableDebt {
  subscriptionId: string
  invoiceId: string
  /** The provider's own, for the page's name. */
  earlier: string | null
}

/**
 * The part of the port for cards, which our own page shows where the provider has no portal. Only a provider with the
 * capability `cards` is called.
 */
export interface CardProvider {
  fetchCards(subscriptionId: string): Promise<ProviderCards>
  /** Charges the renewals to another card from now on. @returns false if the subscription does not have it. */
  makeCardPrimary(input: { subscriptionId: string; cardId: string }): Promise<boolean>
  /** Deletes a card that is not the primary one. @returns false if the subscription does not have it. */
  deleteCard(input: { subscriptionId: string; cardId: string }): Promise<boolean>

  /**
   * Names a page for adding a card, which is not opened yet. So a job can look after its payment before there is any.
   *
   * @param input.pageId a new id for each page.
   */
  nameCardPage(input: { pageId: string; subscriptionId: string }): Promise<{ sessionId: string; expiresAt: Date }>
  /**
   * Makes sure that an overdue invoice can be paid on a page, and nowhere else: from now on, the provider collects only
   * the next period. It needs no lock.
   *
   * @returns null if the invoice can't be paid on a page: it is tried again, or is no longer due.
   */
  prepareDebtPage(input: { subscriptionId: string; invoiceId: string }): Promise<PayableDebt | null>
  /**
   * Names a page that takes an overdue invoice and adds the card. It must be called under the account's lock.
   *
   * @returns null if the invoice is no longer due.
   */
  nameDebtPage(debt: PayableDebt): Promise<{ sessionId: string; expiresAt: Date } | null>
  /**
   * Opens a page that was named.
   *
   * @param input.returnUrl where the browser goes afterwards; by default where all pages return to.
   */
  openCardPage(input: {
    sessionId: string
    subscriptionId: string
    currency: string
    returnUrl?: string | undefined
    readContact(): Promise<{ email: string | null; name: string }>
  }): Promise<{ url: string }>
  /**
   * Whether a page was paid, and whether nothing is left to do about it. It changes nothing.
   *
   * @returns `unpaid` for a session that is no such page, too.
   */
  lookAtCardPage(sessionId: string, how?: { leaves?: readonly string[] }): Promise<'unpaid' | 'paid' | 'finished'>
  /**
   * Finishes a page that was paid: makes the new card the primary one, and pays back what checked it, or what was paid
   * twice. A repeat does nothing.
   *
   * @param how.keepsPrimary only pays back.
   * @param how.leaves payments that must not be refunded now, because the provider has refused before.
   * @returns null for a session that is no such page.
   */
  finishCardPage(
    sessionId: string,
    how?: { keepsPrimary?: boolean; leaves?: readonly string[] },
  ): Promise<ProviderCardPage | null>
  /** @returns the page that a payment was made on; null for a declined one, and for every other payment. */
  findCardPage(paymentId: string): Promise<{ sessionId: string; subscriptionId: string } | null>
}
