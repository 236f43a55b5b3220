import { after } from '../../../platform/clock.ts'
import { DAY } from '../../../platform/durations.ts'
import type { PaymobSubscription } from './api/answers.ts'
import type { PaymobApi } from './api/paymob-api.ts'
import { providerError } from './api/paymob-error.ts'
import { readMinutes, writeMinutes } from './dates.ts'
import type { PaymobSettings } from './paymob-settings.ts'

/**
 * What Paymob can't keep about a subscription otherwise. It has no metadata, so the notes stand in the query of the
 * subscription's own callback URL (`register_webhook`), and are read with the subscription.
 *
 * @see docs/decisions/0030-paymob-is-fetched.md
 */
export interface Notes {
  /** The price of the current plan, if it is not the one that was bought first. */
  priceId: string | null
  /** The price from a date on. Paymob's amount is the new one already; this is the one of the period before. */
  next: { priceId: string; from: string; presentCents: number } | null
  /** A plan change that was begun, and perhaps paid, and is not finished. */
  change: ChangeNote | null
  /** Payments of plan changes, each with the first date of its period. */
  paid: readonly { transactionId: string; period: string }[]
  /** Refunds that were begun, each with all that its payment has refunded once it is made. */
  refunds: readonly RefundNote[]
  /** A credit that a plan change or an end owes: a refund without a key of its own. */
  owed: Omit<RefundNote, 'operation'> | null
  /** The renewal that Paymob has given up and our pages take, if one was opened. */
  debt: DebtNote | null
  /** Renewals that were paid on such pages, each with its payment. */
  paidDebts: readonly { invoiceId: string; transactionId: string }[]
  canceledAt: Date | null
  endedAt: Date | null
  /** Paymob refuses to return what the card was checked with at the start. */
  keepsCardCheck: boolean
  /** The price before the plan change that these notes have just finished. The next notes leave it out. */
  formerPriceId: string | null
}

export interface ChangeNote {
  operation: string
  priceId: string
  amountCents: number
  dueCents: number
  startedAt: Date
  /** The last attempt to collect what is due. */
  attempt: number
}

export interface DebtNote {
  /** The first attempt of the renewal. */
  invoiceId: string
  secret: string
  /** How many pages were named for it. */
  pages: number
  /** The payment of the latest debt that was paid on a page before this one; null if there was none. */
  earlier: string | null
  /** When each of the latest pages ends, oldest first. Only these are asked for. */
  ends: readonly Date[]
}

export interface RefundNote {
  operation: string
  transactionId: string
  targetCents: number
}

const NO_NOTES: Notes = {
  priceId: null,
  next: null,
  change: null,
  paid: [],
  refunds: [],
  owed: null,
  debt: null,
  paidDebts: [],
  canceledAt: null,
  endedAt: null,
  keepsCardCheck: false,
  formerPriceId: null,
}

/** The id of the only item that a subscription has here. Paymob knows no items. */
export const itemIdOf = (subscriptionId: string): string => `item_${subscriptionId}`

/** Maximum number of refunds, of paid changes, and of paid debts that are noted. A callback URL can't be of any length. */
const MOST = 2
/** Django, which answers as Paymob does, limits the URLs in a database to 200 characters unless told otherwise. */
const LONGEST = 200

/** How long the pages of a debt are noted after their end at least: what was paid twice is paid back by then. */
const DEBT_KEPT = DAY

type Settings = Pick<PaymobSettings, 'callbackUrl' | 'clock'>

/** Whether Paymob has kept notes of this very subscription. */
export function hasNotes({ id, webhook_url: url }: Pick<PaymobSubscription, 'id' | 'webhook_url'>): boolean {
  return url !== null && URL.canParse(url) && new URL(url).searchParams.get('s') === id
}

/** Reads the notes of a subscription. Those of another one don't count: the URL may come from its plan. */
export function readNotes({ id, webhook_url }: Pick<PaymobSubscription, 'id' | 'webhook_url'>): Notes {
  const query = webhook_url && URL.canParse(webhook_url) ? new URL(webhook_url).searchParams : new URLSearchParams()
  if (query.get('s') !== id) return NO_NOTES
  const parts = (name: string): string[] => query.get(name)?.split('.') ?? []
  const [nextPrice, from, present] = parts('n')
  const [operation, priceId, amount, due, started, attempt] = parts('c')
  const [owedBy, owed] = parts('o')
  const [debtOf, secret, pages, ...rest] = parts('d')
  // The previous version notes only when the newest page ends.
  const [earlier, ...ends] = rest.length === 1 ? ['0', ...rest] : rest
  const minutes = (name: string) => (query.has(name) ? readMinutes(query.get(name) ?? '') : null)
  return {
    priceId: query.get('p'),
    next: nextPrice && from && present ? { priceId: nextPrice, from, presentCents: Number(present) } : null,
    change:
      operation && priceId && amount && due && started && attempt
        ? {
            ...{ operation, priceId, amountCents: Number(amount), dueCents: Number(due) },
            ...{ startedAt: readMinutes(started), attempt: Number(attempt) },
          }
        : null,
    paid: query.getAll('k').flatMap((text) => {
      const [transactionId, period] = text.split('.')
      return transactionId && period ? [{ transactionId, period }] : []
    }),
    refunds: query.getAll('r').flatMap((text) => {
      const [of, transactionId, target] = text.split('.')
      return of && transactionId && target ? [{ operation: of, transactionId, targetCents: Number(target) }] : []
    }),
    owed: owedBy && owed ? { transactionId: owedBy, targetCents: Number(owed) } : null,
    debt:
      debtOf && secret && pages && earlier
        ? {
            ...{ invoiceId: debtOf, secret, pages: Number(pages) },
            ...{ earlier: earlier === '0' ? null : earlier, ends: ends.map(readMinutes) },
          }
        : null,
    paidDebts: query.getAll('h').flatMap((text) => {
      const [invoiceId, transactionId] = text.split('.')
      return invoiceId && transactionId ? [{ invoiceId, transactionId }] : []
    }),
    canceledAt: minutes('x'),
    endedAt: minutes('e'),
    keepsCardCheck: query.has('z'),
    formerPriceId: query.get('f'),
  }
}

/**
 * @returns the URL with the notes. If it is too long, the pages of an old debt are left out, then the older paid debt,
 *   which the newer one leads to, and then the oldest refunds, payments and pages.
 */
function urlWith(settings: Settings, subscriptionId: string, notes: Notes): string {
  const url = urlOf(settings.callbackUrl, subscriptionId, notes)
  if (url.length <= LONGEST) return url
  const isOld = notes.debt?.ends.every((end) => after(end, DEBT_KEPT) < settings.clock.now())
  if (isOld) return urlWith(settings, subscriptionId, { ...notes, debt: null })
  const [{ length: refunds }, { length: paid }, { length: debts }] = [notes.refunds, notes.paid, notes.paidDebts]
  if (debts > 1) return urlWith(settings, subscriptionId, { ...notes, paidDebts: notes.paidDebts.slice(1) })
  if (refunds > 1) return urlWith(settings, subscriptionId, { ...notes, refunds: notes.refunds.slice(1) })
  if (paid > 1) return urlWith(settings, subscriptionId, { ...notes, paid: notes.paid.slice(1) })
  const { debt } = notes
  if (debt && debt.ends.length > 1)
    return urlWith(settings, subscriptionId, { ...notes, debt: { ...debt, ends: debt.ends.slice(1) } })
  throw providerError(`The notes of the subscription ${subscriptionId} are too long.`)
}

function urlOf(callbackUrl: string, subscriptionId: string, notes: Notes): string {
  const url = new URL(callbackUrl)
  const { priceId, next, change, paid, refunds, owed, debt, paidDebts } = notes
  const { canceledAt, endedAt, keepsCardCheck, formerPriceId } = notes
  const query = url.searchParams
  query.set('s', subscriptionId)
  if (priceId) query.set('p', priceId)
  if (next) query.set('n', [next.priceId, next.from, next.presentCents].join('.'))
  if (change) {
    const { operation, amountCents, dueCents, startedAt, attempt } = change
    query.set('c', [operation, change.priceId, amountCents, dueCents, writeMinutes(startedAt), attempt].join('.'))
  }
  for (const { transactionId, period } of paid.slice(-MOST)) query.append('k', `${transactionId}.${period}`)
  for (const { operation, transactionId, targetCents } of refunds.slice(-MOST)) {
    query.append('r', `${operation}.${transactionId}.${targetCents}`)
  }
  if (owed) query.set('o', `${owed.transactionId}.${owed.targetCents}`)
  if (debt) {
    const { invoiceId, secret, pages, earlier, ends } = debt
    query.set('d', [invoiceId, secret, pages, earlier ?? '0', ...ends.map(writeMinutes)].join('.'))
  }
  for (const { invoiceId, transactionId } of paidDebts.slice(-MOST)) query.append('h', `${invoiceId}.${transactionId}`)
  if (canceledAt) query.set('x', writeMinutes(canceledAt))
  if (endedAt) query.set('e', writeMinutes(endedAt))
  if (keepsCardCheck) query.set('z', '1')
  if (formerPriceId) query.set('f', formerPriceId)
  return url.href
}

/**
 * Changes the notes of a subscription, and reads them back: whether Paymob keeps them is not documented.
 *
 * @throws {PaymentProviderError} if Paymob does not keep them.
 */
export async function writeNotes(
  api: PaymobApi,
  settings: Settings,
  subscriptionId: string,
  change: (notes: Notes, subscription: PaymobSubscription) => Notes,
): Promise<void> {
  const known = await api.subscription(subscriptionId)
  if (!known) throw providerError(`Paymob does not know the subscription ${subscriptionId}.`)
  const wanted = urlWith(settings, subscriptionId, change({ ...readNotes(known), formerPriceId: null }, known))
  if (wanted === known.webhook_url) return
  await api.registerWebhook(subscriptionId, wanted)
  const kept = await api.subscription(subscriptionId)
  if (kept?.webhook_url !== wanted)
    throw providerError(
      `Paymob did not keep the notes of the subscription ${subscriptionId}: register_webhook had no effect. Run the doctor.`,
    )
}
