import { invalidRequest, resourceMissing } from '../http/errors.ts'
import { keepFields } from '../resources/echoes.ts'
import type { Account } from '../state/account.ts'
import type { ConfirmationTokenRow } from '../state/rows/confirmation-token.ts'

/**
 * The confirmation token of a request.
 *
 * @throws {StripeApiError} 400 for an unknown one, and for one that was used or has expired.
 */
export function tokenIn(account: Account, id: string | undefined): ConfirmationTokenRow | undefined {
  if (id === undefined) return undefined
  const param = 'confirmation_token'
  const row = account.confirmationTokens.find(id)
  if (!row) throw resourceMissing('confirmation_token', id, { param })
  if (row.expires_at === null) throw invalidRequest(`The confirmation token ${id} has already been used.`, { param })
  if (row.expires_at <= account.now()) throw invalidRequest(`The confirmation token ${id} has expired.`, { param })
  return row
}

/** Uses a token for an intent, which gets its shipping address. It can't be used again. */
export function useToken(
  account: Account,
  token: ConfirmationTokenRow | undefined,
  intent: { readonly payment_intent: string } | { readonly setup_intent: string },
): void {
  if (!token) return
  account.confirmationTokens.patch(token.id, { ...intent, expires_at: null })
  const { shipping } = token
  if (shipping && 'payment_intent' in intent)
    keepFields(account, intent.payment_intent, { shipping: { ...shipping, carrier: null, tracking_number: null } })
}
