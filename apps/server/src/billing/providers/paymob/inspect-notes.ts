import { performance } from 'node:perf_hooks'
import { AuthTokens } from './api/auth-tokens.ts'
import { createCalls } from './api/calls.ts'
import { createPaymobApi } from './api/paymob-api.ts'
import { hasNotes } from './notes.ts'
import type { PaymobSettings } from './paymob-settings.ts'

/** What the callback URLs of some subscriptions say about `register_webhook`. */
export interface NotesInspection {
  /** Subscriptions that Paymob has kept notes of. One is enough to know that it does. */
  noted: number
  /** Subscriptions whose callbacks go to another address than ours. */
  elsewhere: number
  asked: number
}

/**
 * Reads subscriptions at Paymob to see whether it keeps what we note in their callback URLs. Changes nothing.
 *
 * @param ms the time budget.
 * @throws {PaymentProviderError}
 */
export async function inspectPaymobNotes(
  settings: PaymobSettings,
  subscriptionIds: readonly string[],
  ms: number,
): Promise<NotesInspection> {
  const call = createCalls({ settings, tokens: new AuthTokens(), onCall: () => {} }, performance.now() + ms)
  const api = createPaymobApi(call)
  const found: NotesInspection = { noted: 0, elsewhere: 0, asked: 0 }
  for (const id of subscriptionIds) {
    const subscription = await api.subscription(id)
    if (!subscription) continue
    found.asked += 1
    if (hasNotes(subscription)) found.noted += 1
    if (!subscription.webhook_url?.startsWith(settings.callbackUrl)) found.elsewhere += 1
  }
  return found
}
