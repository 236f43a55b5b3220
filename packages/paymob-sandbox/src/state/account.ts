import type { Region } from '../dates.ts'

/** The keys and integrations of the sandbox's one Paymob account. */
export interface PaymobAccount {
  readonly region: Region
  readonly secretKey: string
  readonly publicKey: string
  readonly apiKey: string
  readonly hmacSecret: string
  readonly integrations: Integrations
  /** Where the dashboard sends callbacks about transactions whose intention names no other URL. */
  readonly callbackUrl: string | null
  /** Where the dashboard sends customers whose intention names no other URL. */
  readonly returnUrl: string | null
  readonly merchant: Merchant
}

/** Who asks for the money on the checkout page. */
export interface Merchant {
  readonly name: string
  /** As `#rrggbb`. Null: the sandbox's own color. */
  readonly color: string | null
}

export interface Integrations {
  /** Customers pay here, with 3-D Secure. */
  readonly card: number
  /** Renewals and saved cards are charged here, without the customer. */
  readonly moto: number
  /** Reserves the amount for a capture. */
  readonly auth: number
  /** Checks and saves a card for nothing. */
  readonly verification: number
}

/** Paymob's id of the merchant: `owner`, `profile_id`, `merchant_id`. */
export const MERCHANT = 302_852
