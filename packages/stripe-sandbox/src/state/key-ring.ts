import { createHash } from 'node:crypto'
import { randomText } from '../ids.ts'
import type { Account } from './account.ts'
import type { SecretKeyRow } from './rows/secret-key.ts'

/** The secret keys of all accounts. The first account's tables keep them. */
export class KeyRing {
  readonly #keeper: Account

  constructor(keeper: Account) {
    this.#keeper = keeper
  }

  find(key: string): SecretKeyRow | undefined {
    return this.#keeper.secretKeys.find(key)
  }

  all(): SecretKeyRow[] {
    return this.#keeper.secretKeys.all()
  }

  /**
   * Adds a key, unless it is known.
   *
   * @param account the account that the key is for; without it, the key is for an account of its own.
   */
  add(key: string, account: string = accountIdOf(key)): SecretKeyRow {
    return this.find(key) ?? this.#keeper.secretKeys.insert({ id: key, account, expired: false })
  }

  /**
   * Replaces a key, as rolling it in Stripe's Dashboard does. The old key is refused from now on.
   *
   * @returns the new key.
   */
  roll(key: string): SecretKeyRow {
    const { account } = this.#keeper.secretKeys.patch(key, { expired: true })
    return this.add(`sk_test_${randomText(24)}`, account)
  }
}

/** The id of the account that a key opens. It depends only on the key, so it stays the same without a state file. */
function accountIdOf(key: string): string {
  const digits = createHash('sha256').update(key).digest('base64url').replaceAll(/[-_]/g, '')
  return `acct_${digits.slice(0, 16)}`
}
