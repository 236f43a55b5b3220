import type { Address, PaymentMethodRow, TestCardBehaviour } from './customer.ts'

/** A card that was entered on a page. A payment method can be created with it once. */
export interface CardTokenRow {
  readonly id: string
  readonly created: number
  readonly used: boolean
  readonly name: string | null
  readonly address: Address
  readonly card: PaymentMethodRow['card']
  readonly behaviour: TestCardBehaviour
}
