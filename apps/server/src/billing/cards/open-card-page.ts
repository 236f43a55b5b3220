import { isAccountOpen } from '../../accounts/index.ts'
import { newId } from '../../platform/database/ids.ts'
import { AccountDisabled } from '../../platform/errors/errors.ts'
import { atProvider, type CallingScope } from '../billing-scope.ts'
import { FinishCardPage } from '../billing.queues.ts'
import type { CardPageView } from '../billing.schemas.ts'
import { readContact } from '../customers/read-contact.ts'
import { cardHolder } from './card-holder.ts'
import { lastLook } from './last-look.ts'
import { openDebtPage } from './open-debt-page.ts'

/**
 * Opens the provider's page on which the caller adds a card. The browser comes back to `returnUrl`, or else to the
 * console. The page takes a small amount to check the card, and {@link finishCardPage} pays it back. A job that is stored
 * before the page exists makes sure of that, even if no one comes back from the page and no notice arrives.
 *
 * With `invoiceId`, the page takes that overdue invoice instead, if the provider no longer tries to collect it. Only what
 * is paid twice is then paid back.
 *
 * @throws {NoSubscription}
 * @throws {ProviderUnsupported} if its provider has a portal for cards, or it is a grant.
 * @throws {AccountDisabled}
 * @throws {PaymentProviderError}
 */
export async function openCardPage(
  caller: CallingScope,
  { accountId, returnUrl, invoiceId }: { accountId: string; returnUrl?: string; invoiceId?: string | undefined },
): Promise<CardPageView> {
  const { em, jobs } = caller
  if (!(await isAccountOpen(em, accountId))) throw new AccountDisabled()
  const { subscription, subscriptionId } = await cardHolder(caller, accountId)
  const there = atProvider(caller, subscription.provider)
  const { provider } = there.billing
  if (invoiceId !== undefined) {
    const page = await openDebtPage(there, { accountId, subscription, subscriptionId, invoiceId, returnUrl })
    if (page) return { ...page, paysOverdue: true }
  }
  const { sessionId, expiresAt } = await provider.nameCardPage({ pageId: newId(), subscriptionId })
  await em.transactional((inside) =>
    jobs.send(
      inside,
      FinishCardPage,
      { subscriptionId: subscription.id, sessionId },
      { startAfter: lastLook(expiresAt) },
    ),
  )
  const { currency } = subscription
  const { url } = await provider.openCardPage({
    ...{ sessionId, subscriptionId, currency, returnUrl },
    readContact: async () => readContact(em, accountId),
  })
  return { url, sessionId, paysOverdue: false }
}
