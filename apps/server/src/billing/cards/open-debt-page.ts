import { setTimeout as wait } from 'node:timers/promises'
import { after } from '../../platform/clock.ts'
import { MINUTE, SECOND } from '../../platform/durations.ts'
import { withTimeBudget, type CallingScope } from '../billing-scope.ts'
import { PaymentProviderError } from '../billing.errors.ts'
import { FinishCardPage } from '../billing.queues.ts'
import { readContact } from '../customers/read-contact.ts'
import { underLock, type LockedScope } from '../customers/under-lock.ts'
import type { PayableDebt } from '../providers/payment-provider.ts'
import type { LiveSubscription } from '../subscriptions/live-subscription.ts'
import { lastLook } from './last-look.ts'

/** A page with less time left is not handed out again. */
const LEFT = 10 * MINUTE
/** How long opening a page may take. After that, its address has reached no one. */
const OPENING = 15 * SECOND
/** How long the calls to the provider that note a page may take in all. They hold the account's lock. */
const NOTING = 3 * SECOND
/** How long to wait before looking again whether another call has opened the page. */
const PAUSE = 200

interface Wish {
  accountId: string
  subscription: LiveSubscription
  /** Its id at the provider. */
  subscriptionId: string
  invoiceId: string
  returnUrl?: string | undefined
}

type Page = { sessionId: string; url: string }

/**
 * Opens the page that collects an overdue invoice, or returns the open one: for each place to return to, there is one page
 * at a time. So repeated calls use up no pages, and the same page in several tabs is paid once.
 *
 * Only naming the page holds the account's lock. The calls that decide whether it can be paid, and the one that opens it,
 * hold none.
 *
 * @returns null if the provider still collects the invoice by itself, or it is no longer due.
 * @throws {PaymentProviderError} also while another call is opening the page.
 */
export async function openDebtPage(scope: CallingScope, wish: Wish): Promise<Page | null> {
  const known = await pageInUse(scope, wish)
  const { provider } = scope.billing
  // Another page may have been paid a moment ago, and no notice of that is applied yet.
  if (known) return (await provider.fetchInvoice(wish.invoiceId))?.status === 'open' ? known : null
  const debt = await provider.prepareDebtPage(wish)
  if (!debt) return null
  const named = await underLock(withTimeBudget(scope, NOTING), wish.accountId, (locked) => name(locked, wish, debt))
  if (named === 'opening') {
    const page = await pageInUse(scope, wish)
    if (page) return page
    throw new PaymentProviderError({ cause: new Error('Another call is opening the page.') })
  }
  if (!named) return null
  return open(scope, wish, named.sessionId)
}

async function open(scope: CallingScope, wish: Wish, sessionId: string): Promise<Page> {
  const { subscriptionId, subscription, returnUrl, accountId } = wish
  try {
    const { url } = await scope.billing.provider.openCardPage({
      ...{ sessionId, subscriptionId, currency: subscription.currency, returnUrl },
      readContact: async () => readContact(scope.em, accountId),
    })
    await scope.em.execute('update debt_pages set url = ? where session_id = ?', [url, sessionId])
    return { sessionId, url }
  } catch (error) {
    // No one has its address, so no one can pay it. The next call names another one.
    await scope.em.execute('delete from debt_pages where session_id = ? and url is null', [sessionId])
    throw error
  }
}

interface Row {
  session_id: string
  url: string | null
  named_at: string
}

const returnsTo = ({ returnUrl }: Wish): 'link' | 'console' => (returnUrl === undefined ? 'console' : 'link')

async function readPage({ em, clock }: Pick<CallingScope, 'em' | 'clock'>, wish: Wish): Promise<Row | null> {
  const [row] = await em.execute<Row[]>(
    `select session_id, url, named_at from debt_pages
     where subscription_id = ? and returns_to = ? and provider_invoice_id = ? and expires_at > ?`,
    [wish.subscription.id, returnsTo(wish), wish.invoiceId, after(clock.now(), LEFT)],
  )
  return row && (row.url !== null || after(new Date(row.named_at), OPENING) > clock.now()) ? row : null
}

/** Finds the open page. Waits while another call is opening it. */
async function pageInUse(scope: CallingScope, wish: Wish): Promise<Page | null> {
  for (;;) {
    const row = await readPage(scope, wish)
    if (!row) return null
    if (row.url !== null) return { sessionId: row.session_id, url: row.url }
    if (performance.now() + PAUSE > scope.billing.deadline) return null
    await wait(PAUSE)
  }
}

/** `opening`: another call has named a page, and may be opening it. Null: the invoice is not due any more. */
type Named = { sessionId: string } | 'opening' | null

/** Stores the job that finishes the page together with the page, so no crash leaves a payment unseen. */
async function name(locked: LockedScope, wish: Wish, debt: PayableDebt): Promise<Named> {
  const { em, jobs, clock } = locked
  if (await readPage(locked, wish)) return 'opening'
  const page = await locked.billing.provider.nameDebtPage(debt)
  if (!page) return null
  const { sessionId, expiresAt } = page
  await em.execute(
    `insert into debt_pages (subscription_id, returns_to, provider_invoice_id, session_id, named_at, expires_at)
     values (?, ?, ?, ?, ?, ?) on conflict (subscription_id, returns_to) do update set
       provider_invoice_id = excluded.provider_invoice_id, session_id = excluded.session_id, url = null,
       named_at = excluded.named_at, expires_at = excluded.expires_at`,
    [wish.subscription.id, returnsTo(wish), wish.invoiceId, sessionId, clock.now(), expiresAt],
  )
  const job = { subscriptionId: wish.subscription.id, sessionId }
  await jobs.send(em, FinishCardPage, job, { startAfter: lastLook(expiresAt) })
  return { sessionId }
}
