import type { Clock } from '../../../platform/clock.ts'

export interface PaymobSettings {
  /** Of one mode: `egy_sk_test_…` or `egy_sk_live_…`. */
  readonly secretKey: string
  /** Of the same mode. It is in the address of every checkout page. */
  readonly publicKey: string
  /** The same in both modes. It is exchanged for auth tokens. */
  readonly apiKey: string
  readonly hmacSecret: string
  /** The integration for payments that the customer makes on the checkout page. */
  readonly cardIntegration: number
  /** The integration for payments without the customer: renewals and plan changes. */
  readonly motoIntegration: number
  /** Paymob's host of the account's country, or a sandbox. */
  readonly apiUrl: string
  /** Where Paymob posts its callbacks. */
  readonly callbackUrl: string
  /** Where Paymob sends customers after a payment. */
  readonly returnUrl: string
  /** Wall time, by which pages end. */
  readonly clock: Clock
  /** Billing time, by which subscriptions renew. */
  readonly now: () => Promise<Date>
}

/** The mode of the secret key, which all other keys must have, too. */
export function isLiveMode({ secretKey }: Pick<PaymobSettings, 'secretKey'>): boolean {
  return secretKey.includes('_live_')
}
