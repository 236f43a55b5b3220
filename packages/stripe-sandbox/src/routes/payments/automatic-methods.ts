import { keepFields } from '../../resources/echoes.ts'
import type { Account } from '../../state/account.ts'

/** Keeps whether an intent takes all payment methods of the account, which it shows from now on. */
export function keepMethods(
  account: Account,
  id: string,
  given: { enabled?: boolean; allow_redirects?: 'always' | 'never' } | undefined,
): void {
  if (!given?.enabled) return
  keepFields(account, id, { automatic_payment_methods: { allow_redirects: 'always', ...given } })
}
