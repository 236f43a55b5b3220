import { atProvider, type CallingScope } from '../billing-scope.ts'
import { finishCardPage } from '../cards/finish-card-page.ts'
import { refundsToLeave } from '../payments/refused-refunds.ts'
import type { ProviderInvoice } from '../providers/payment-provider.ts'
import { PayLinkInvalid } from '../recovery.errors.ts'
import type { PayResultInput, PayResultView } from '../recovery.schemas.ts'
import { Subscription } from '../subscription.entity.ts'
import { isElsewhere } from '../subscriptions/is-elsewhere.ts'

const NOT_ADDED: PayResultView = { state: 'open', isCardAdded: false, retriesAt: null }

/**
 * Finishes a page for another card that a pay link has opened, and says what that means for the link's invoice. There is
 * no login: the page's random id identifies it. It says nothing of the invoice before the provider confirms that the page
 * was paid, so a made-up id learns nothing and takes no lock.
 *
 * @throws {PayLinkInvalid} for every other session.
 * @throws {PaymentProviderError}
 */
export async function finishPayPage(scope: CallingScope, { sessionId }: PayResultInput): Promise<PayResultView> {
  const page = cardPageAt(scope, sessionId)
  if (!page) throw new PayLinkInvalid()
  const there = atProvider(scope, page.provider)
  const { provider } = there.billing
  // Asked first: otherwise the answer would say which made-up ids name a subscription that is late.
  const seen = await provider.lookAtCardPage(sessionId)
  if (seen === 'unpaid') return NOT_ADDED
  const subscription = await scope.em.findOne(Subscription, {
    ...{ provider: page.provider, providerSubscriptionId: page.subscriptionId },
  })
  const invoiceId = subscription && (await latestInvoiceOf(scope, subscription))
  if (!invoiceId || (await isElsewhere(scope, subscription))) throw new PayLinkInvalid()
  // A page that is finished takes no lock, however often someone asks.
  if (seen === 'paid') {
    const leaves = await refundsToLeave(scope, subscription.account.id)
    const isLeft = leaves.length > 0 && (await provider.lookAtCardPage(sessionId, { leaves })) === 'finished'
    if (!isLeft) await finishCardPage(scope, { subscriptionId: subscription.id, sessionId })
  }
  const invoice = await provider.fetchInvoice(invoiceId)
  const retriesAt = invoice?.status === 'open' ? invoice.nextAttemptAt : null
  return { state: stateOf(invoice?.status), isCardAdded: true, retriesAt }
}

function cardPageAt({ billing }: CallingScope, sessionId: string) {
  for (const [provider, gateway] of billing.providers) {
    const page = gateway.readCardPage(sessionId)
    if (page) return { provider, ...page }
  }
  return null
}

/** The invoice of the newest recovery: a pay link is only sent for an open one. */
async function latestInvoiceOf({ em }: CallingScope, { id }: Subscription): Promise<string | null> {
  const [row] = await em.execute<{ provider_invoice_id: string }[]>(
    'select provider_invoice_id from recoveries where subscription_id = ? order by since desc, id desc limit 1',
    [id],
  )
  return row?.provider_invoice_id ?? null
}

function stateOf(status: ProviderInvoice['status'] | undefined): PayResultView['state'] {
  if (status === 'paid' || status === 'open') return status
  return status === 'canceled' ? 'void' : 'ended'
}
