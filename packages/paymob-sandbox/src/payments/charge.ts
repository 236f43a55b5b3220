import { fresh, type Paymob } from '../callbacks/paymob.ts'
import type { IntentionRow, TransactionRow } from '../state/rows.ts'
import type { TestCard } from './test-cards.ts'

interface Charge {
  readonly orderId: number
  readonly integrationId: number
  readonly amountCents: number
  readonly currency: TransactionRow['currency']
  readonly card: TestCard
  /** Why it fails; null if it succeeds. */
  readonly declines: string | null
  readonly apiSource: TransactionRow['apiSource']
  readonly subscriptionId?: number | null
}

/** Makes the transaction of a payment. Its callback is the caller's. */
export function charge(paymob: Paymob, input: Charge): TransactionRow {
  const { account, state } = paymob
  return state.transactions.add({
    orderId: input.orderId,
    integrationId: input.integrationId,
    amountCents: input.amountCents,
    currency: input.currency,
    kind: 'payment',
    parentId: null,
    success: input.declines === null,
    message: input.declines ?? 'Approved',
    isAuth: input.integrationId === account.integrations.auth,
    is3dSecure: input.apiSource === 'IFRAME',
    pan: input.card.number.slice(-4),
    brand: input.card.brand,
    apiSource: input.apiSource,
    subscriptionId: input.subscriptionId ?? null,
    isVoided: false,
    capturedCents: 0,
    refundedCents: 0,
    ...fresh(paymob),
  })
}

/** Whether the intention's page can still be paid. The page lives by the wall clock. */
export function isPayable(intention: IntentionRow): boolean {
  return !intention.isPaid && (intention.expiresAt === null || intention.expiresAt > Date.now())
}
