import type { CallingScope } from '../billing-scope.ts'
import type { AddCardInput, CardPageView } from '../billing.schemas.ts'
import { openCardPage } from './open-card-page.ts'

/**
 * Opens the provider's page on which the caller adds a card. With `paysOverdue`, it takes the overdue invoice, if there is
 * one that the provider no longer tries to collect. The answer says whether it does.
 *
 * @throws {NoSubscription}
 * @throws {ProviderUnsupported}
 * @throws {AccountDisabled}
 * @throws {PaymentProviderError}
 */
export async function addCard(
  scope: CallingScope,
  { accountId, paysOverdue }: AddCardInput & { accountId: string },
): Promise<CardPageView> {
  if (!paysOverdue) return openCardPage(scope, { accountId })
  const [row] = await scope.em.execute<{ invoice_id: string }[]>(
    `select r.provider_invoice_id as invoice_id from recoveries r join subscriptions s on s.id = r.subscription_id
     where r.account_id = ? and r.ended_at is null and r.next_retry_at is null and s.status in ('past_due', 'unpaid')`,
    [accountId],
  )
  return openCardPage(scope, { accountId, invoiceId: row?.invoice_id })
}
