import { atProvider, type CallingScope } from '../billing-scope.ts'
import { openCardPage } from '../cards/open-card-page.ts'
import type { SubscriptionProvider } from '../provider.schemas.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import { PayLinkExpired, PayLinkInvalid } from '../recovery.errors.ts'
import type { PayLinkInput, PayLinkView } from '../recovery.schemas.ts'
import { hashOf } from './pay-links.ts'

interface Row {
  expires_at: string
  provider: SubscriptionProvider
  provider_invoice_id: string
  account_id: string
  is_ended: boolean
  is_payable: boolean
}

/**
 * Says what became of the invoice that a link is for, and where it is paid. The link proves nothing else: the answer has
 * no account, name, address or amount. Without `addsCard` nothing changes, so a mail scanner may follow the link.
 *
 * @throws {PayLinkInvalid}
 * @throws {PayLinkExpired}
 * @throws {PaymentProviderError}
 */
export async function openPayLink(scope: CallingScope, { token, addsCard }: PayLinkInput): Promise<PayLinkView> {
  const [row] = await scope.em.execute<Row[]>(
    `select link.expires_at, r.provider, r.provider_invoice_id, r.account_id, r.ended_at is not null as is_ended,
       s.status in ('past_due', 'unpaid') as is_payable
     from pay_links link join recoveries r on r.id = link.recovery_id join subscriptions s on s.id = r.subscription_id
     where link.token_hash = ?`,
    [hashOf(token)],
  )
  if (!row) throw new PayLinkInvalid()
  if (new Date(row.expires_at) <= scope.clock.now()) throw new PayLinkExpired()
  const there = atProvider(scope, row.provider)
  // The provider knows of a payment before its event reaches us.
  const invoice = await there.billing.provider.fetchInvoice(row.provider_invoice_id)
  if (invoice?.status === 'paid') return closed('paid')
  if (invoice?.status === 'canceled') return closed('void')
  if (row.is_ended || !row.is_payable || !invoice) return closed('ended')
  if (CAPABILITIES[row.provider].payPages && invoice.url)
    return { state: 'open', url: invoice.url, needsCard: false, paysNow: true }
  // While the provider tries again by itself, a page that collects it, too, could collect it twice.
  const paysNow = invoice.nextAttemptAt === null
  if (!addsCard) return { state: 'open', url: null, needsCard: true, paysNow }
  const page = await openCardPage(scope, {
    accountId: row.account_id,
    invoiceId: paysNow ? invoice.id : undefined,
    returnUrl: scope.billing.settings.payReturnUrl,
  })
  return { state: 'open', url: page.url, needsCard: true, paysNow: page.paysOverdue }
}

const closed = (state: Exclude<PayLinkView['state'], 'open'>): PayLinkView => ({
  ...{ state, url: null, needsCard: false, paysNow: false },
})
