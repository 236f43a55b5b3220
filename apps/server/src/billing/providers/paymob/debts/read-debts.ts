import type { PaymobSubscription, PaymobTransaction } from '../api/answers.ts'
import type { PaymobApi } from '../api/paymob-api.ts'
import { addDays, daysBetween, type PaymobCalendar } from '../dates.ts'
import type { DebtNote, Notes } from '../notes.ts'
import { readReference, writeReference } from '../references.ts'

/** The attempts to collect one renewal, oldest first. Only the last one can have succeeded. */
export type Attempts = readonly [PaymobTransaction, ...PaymobTransaction[]]

/** A payment on a page for a renewal that Paymob had given up. It has succeeded. */
export interface Debt {
  /** The first attempt of the renewal. */
  invoiceId: string
  payment: PaymobTransaction
  /** Whether it is noted, or the payment of a later debt leads to it. Then it is found every time. */
  isNoted: boolean
}

export type PagePayment = Omit<Debt, 'isNoted'>

/**
 * Finds what was paid on pages for these renewals: the payments that are noted, those of the latest pages, and those that
 * they lead to. Paymob does not list them with the subscription, so each page is asked for by its reference.
 *
 * @param found.debt a payment that the caller knows of.
 */
export async function readDebts(
  api: PaymobApi,
  subscriptionId: string,
  {
    notes,
    attempts,
    debt,
  }: { notes: Pick<Notes, 'debt' | 'paidDebts'>; attempts: readonly Attempts[]; debt: PagePayment | undefined },
): Promise<Debt[]> {
  const invoiceIds = new Set(attempts.map(([{ id }]) => id))
  const noted = notes.paidDebts.filter(({ invoiceId }) => invoiceIds.has(invoiceId))
  const open = notes.debt && invoiceIds.has(notes.debt.invoiceId) ? notes.debt : null
  const read = await Promise.all([
    ...noted.map(async ({ invoiceId, transactionId }) => ({
      invoiceId,
      payment: await api.transaction(transactionId),
    })),
    ...(open ? pagesOf(subscriptionId, open) : []).map(async (reference) => ({
      invoiceId: open?.invoiceId ?? '',
      payment: await api.inquire(reference),
    })),
  ])
  const found = new Map<string, PagePayment>(debt ? [[debt.payment.id, debt]] : [])
  for (const { invoiceId, payment } of read) if (payment?.success) found.set(payment.id, { invoiceId, payment })
  const reached = await addEarlier(api, subscriptionId, { found, invoiceIds, from: open?.earlier ?? null })
  for (const { transactionId } of noted) reached.add(transactionId)
  return [...found.values()].map((paid) => ({ ...paid, isNoted: reached.has(paid.payment.id) }))
}

/** The references of a debt's latest pages. */
function pagesOf(subscriptionId: string, { invoiceId, secret, pages, earlier, ends }: DebtNote): string[] {
  const first = Math.max(0, pages - ends.length)
  return Array.from({ length: pages - first }, (_, index) =>
    writeReference({ kind: 'debt', subscriptionId, invoiceId, secret, page: first + index, earlier }),
  )
}

/**
 * Each payment of a page names the payment of the debt before it. Follows them as far as these renewals go.
 *
 * @returns the payments that were reached.
 */
async function addEarlier(
  api: PaymobApi,
  subscriptionId: string,
  {
    found,
    invoiceIds,
    from,
  }: { found: Map<string, PagePayment>; invoiceIds: ReadonlySet<string>; from: string | null },
): Promise<Set<string>> {
  const reached = new Set<string>()
  const earlierOf = ({ payment }: PagePayment): string | null => {
    const origin = readReference(payment.order.merchant_order_id)
    return origin?.kind === 'debt' && origin.subscriptionId === subscriptionId ? origin.earlier : null
  }
  for (;;) {
    const ids = [from, ...[...found.values()].map(earlierOf)]
    const next = ids.find((id) => id !== null && !reached.has(id))
    if (!next) return reached
    reached.add(next)
    if (found.has(next)) continue
    const payment = await api.transaction(next)
    const origin = readReference(payment?.order.merchant_order_id ?? null)
    const isOurs = origin?.kind === 'debt' && origin.subscriptionId === subscriptionId
    if (payment?.success && isOurs && invoiceIds.has(origin.invoiceId))
      found.set(payment.id, { invoiceId: origin.invoiceId, payment })
  }
}

/** A next renewal may come so many days early, because an attempt was late. */
const LEEWAY_DAYS = 3

/**
 * Decides what paid each renewal: the first payment that succeeded, whether Paymob or a page collected it. Every other
 * one is surplus, and so is one that came when the renewal's period or the subscription was over. What Paymob deducts
 * early in a period that a page has paid belongs to the same renewal, however late it tries again. Paymob's list may have
 * the payments of pages, too: each counts once.
 */
export function settleRenewals(
  {
    subscription: { frequency },
    endedAt,
    attempts,
    debts,
  }: {
    subscription: Pick<PaymobSubscription, 'frequency'>
    endedAt: Date | null
    attempts: readonly Attempts[]
    debts: readonly PagePayment[]
  },
  calendar: PaymobCalendar,
): { renewals: Attempts[]; surplus: PaymobTransaction[] } {
  const dateOf = ({ created_at }: PaymobTransaction) => calendar.dateOf(calendar.readStamp(created_at))
  const paidOnPages = ([{ id }]: Attempts) => debts.filter(({ invoiceId }) => invoiceId === id)
  const onPages = new Set(debts.map(({ payment }) => payment.id))
  const groups: Attempts[] = []
  for (const listed of attempts) {
    const [first, ...others] = listed.filter(({ id }) => !onPages.has(id))
    if (!first) continue
    const before = groups.at(-1)
    const isSame =
      before !== undefined &&
      paidOnPages(before).length > 0 &&
      daysBetween(dateOf(before[0]), dateOf(first)) < frequency - LEEWAY_DAYS
    if (isSame) groups[groups.length - 1] = [...before, first, ...others]
    else groups.push([first, ...others])
  }

  const surplus: PaymobTransaction[] = []
  const renewals = groups.map((group): Attempts => {
    const [first, ...others] = group
    const paid = paidOnPages(group).map(({ payment }) => payment)
    if (paid.length === 0) return group
    const over = calendar.startOf(addDays(dateOf(first), frequency))
    const isInTime = ({ created_at }: PaymobTransaction) => {
      const at = calendar.readStamp(created_at)
      return at < over && (endedAt === null || at < endedAt)
    }
    const [counted, ...second] = [...others.filter(({ success }) => success), ...paid.filter(isInTime)].toSorted(
      (one, other) => Number(one.id) - Number(other.id),
    )
    surplus.push(...second, ...paid.filter((payment) => !isInTime(payment)))
    const failed = others.filter(({ success }) => !success)
    return counted ? [first, ...failed, counted] : [first, ...failed]
  })
  return { renewals, surplus }
}
