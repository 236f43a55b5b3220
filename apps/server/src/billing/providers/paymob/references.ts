import { createHash } from 'node:crypto'
import { readMinutes, writeMinutes } from './dates.ts'

/**
 * What a payment is for, written into its `special_reference`, which Paymob returns as `merchant_order_id`. It is the
 * only text from us that Paymob keeps with a payment, and it names the payment in inquiries.
 */
export type Origin = CheckoutOrigin | ChangeOrigin | CardOrigin | DebtOrigin

/** The first payment of a subscription, made on a checkout page. */
export interface CheckoutOrigin {
  kind: 'checkout'
  checkoutId: string
  customerId: string
  upgradeFrom: string | null
  trialDays: number
  /** Whether the subscription was bought to begin later than with the payment. */
  startsLater: boolean
  /** When the page ends, in whole minutes. */
  expiresAt: Date
  /** A page whose answer was lost is never handed out, and the next attempt has its own reference. */
  attempt: number
}

/** The difference that a plan change costs. */
export interface ChangeOrigin {
  kind: 'change'
  subscriptionId: string
  priceId: string
  /** Derived from the key of the call, so that a repeat finds the payment. */
  operation: string
  attempt: number
}

/** What checks a new card of a subscription. It is paid back. */
export interface CardOrigin {
  kind: 'card'
  pageId: string
  subscriptionId: string
  /** The newest card of the subscription before. Later ones are new; `0` if there was none. */
  lastCardId: string
  /** When the page ends, in whole minutes. */
  expiresAt: Date
}

/** What pays a renewal that Paymob has given up. */
export interface DebtOrigin {
  kind: 'debt'
  subscriptionId: string
  /** The first attempt of the renewal. */
  invoiceId: string
  /** Random, so that no one guesses a page. */
  secret: string
  /** Counts the pages for this renewal, from 0. */
  page: number
  /**
   * The payment of the latest debt of the subscription that was paid on a page before; null for the first. So each debt
   * leads to the one before it, and the notes need only the newest.
   */
  earlier: string | null
}

const UUID = '[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}'
const CUSTOMER = new RegExp(`^paymob_(${UUID})(?::(\\d+))?$`)
const CHECKOUT = /^c([ol])\.([0-9a-f]{32})\.([0-9a-f]{32})\.(\d+)\.(\d+)\.(\d+)\.([0-9a-z]+)\.(\d+)$/
const CHANGE = /^ch\.(\d+)\.(\d+)\.([0-9a-f]{12})\.(\d+)$/
const DEBT = /^db\.(\d+)\.(\d+)\.([0-9a-f]{16})\.(\d+)(?:\.(\d+))?$/
const CARD = /^cd\.([0-9a-f]{32})\.(\d+)\.(\d+)\.([0-9a-z]+)$/

/** @param key of our customer's row. */
export function customerIdOf(key: string): string {
  const id = `paymob_${key}`
  if (!CUSTOMER.test(id)) throw new Error('The key of a customer has another form.')
  return id
}

/** Whether the first payment only checks the card and is paid back, because nothing is due yet. */
export const isCardCheck = ({ trialDays, startsLater }: CheckoutOrigin): boolean => trialDays > 0 || startsLater

export function writeReference(origin: Origin): string {
  if (origin.kind === 'change') {
    const { subscriptionId, priceId, operation, attempt } = origin
    return `ch.${subscriptionId}.${priceId}.${operation}.${attempt}`
  }
  if (origin.kind === 'card') {
    const { pageId, subscriptionId, lastCardId, expiresAt } = origin
    return `cd.${plain(pageId)}.${subscriptionId}.${lastCardId}.${writeMinutes(expiresAt)}`
  }
  if (origin.kind === 'debt') {
    const { subscriptionId, invoiceId, secret, page, earlier } = origin
    return `db.${subscriptionId}.${invoiceId}.${secret}.${page}${earlier === null ? '' : `.${earlier}`}`
  }
  const { checkoutId, customerId, upgradeFrom, trialDays, startsLater, expiresAt, attempt } = origin
  const [, customer = '', generation = '0'] = CUSTOMER.exec(customerId) ?? []
  const parts = [plain(checkoutId), plain(customer), generation, upgradeFrom ?? '0', trialDays]
  return `${startsLater ? 'cl' : 'co'}.${parts.join('.')}.${writeMinutes(expiresAt)}.${attempt}`
}

/** @returns null for a reference that is not ours. */
export function readReference(reference: string | null): Origin | null {
  const change = CHANGE.exec(reference ?? '')
  if (change) {
    const [, subscriptionId = '', priceId = '', operation = '', attempt] = change
    return { kind: 'change', subscriptionId, priceId, operation, attempt: Number(attempt) }
  }
  const card = CARD.exec(reference ?? '')
  if (card) {
    const [, pageId = '', subscriptionId = '', lastCardId = '', minutes = ''] = card
    return { kind: 'card', pageId: dashed(pageId), subscriptionId, lastCardId, expiresAt: readMinutes(minutes) }
  }
  const debt = DEBT.exec(reference ?? '')
  if (debt) {
    const [, subscriptionId = '', invoiceId = '', secret = '', page, earlier = null] = debt
    return { kind: 'debt', subscriptionId, invoiceId, secret, page: Number(page), earlier }
  }
  const checkout = CHECKOUT.exec(reference ?? '')
  if (!checkout) return null
  const [, kind, checkoutId = '', customer = '', generation = '0', upgradeFrom = '0', ...others] = checkout
  const [trialDays, minutes = '', attempt] = others
  return {
    kind: 'checkout',
    checkoutId: dashed(checkoutId),
    customerId: customerIdOf(dashed(customer) + (generation === '0' ? '' : `:${generation}`)),
    upgradeFrom: upgradeFrom === '0' ? null : upgradeFrom,
    trialDays: Number(trialDays),
    startsLater: kind === 'l',
    expiresAt: readMinutes(minutes),
    attempt: Number(attempt),
  }
}

/** A short name for a call, always the same for the same key. */
export const operationOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 12)

function plain(uuid: string): string {
  if (!new RegExp(`^${UUID}$`).test(uuid)) throw new Error('A reference is made of UUIDs.')
  return uuid.replaceAll('-', '')
}

const dashed = (hex: string): string =>
  [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
