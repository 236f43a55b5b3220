/** How a test card behaves. */
export interface TestCard {
  readonly number: string
  readonly brand: 'MasterCard' | 'Visa'
  readonly what: string
  /** Why the customer's own payment fails; null if it succeeds. */
  readonly declines: string | null
  readonly fails3ds: boolean
  /** Why deductions without the customer fail; null if they succeed. */
  readonly renewalDeclines: string | null
}

const PAYS = { declines: null, fails3ds: false, renewalDeclines: null }

/**
 * The first three are in Paymob's documentation. The others are the sandbox's own.
 *
 * @see https://developers.paymob.com, "Test credentials"
 */
export const TEST_CARDS: readonly TestCard[] = [
  { number: '5123456789012346', brand: 'MasterCard', what: 'pays', ...PAYS },
  { number: '5123450000000008', brand: 'MasterCard', what: 'pays', ...PAYS },
  { number: '4111111111111111', brand: 'Visa', what: 'pays', ...PAYS },
  {
    number: '4000000000000002',
    brand: 'Visa',
    what: 'is declined',
    ...PAYS,
    declines: 'Do not honour',
    renewalDeclines: 'Do not honour',
  },
  {
    number: '4000000000009995',
    brand: 'Visa',
    what: 'has insufficient funds',
    ...PAYS,
    declines: 'Insufficient funds',
    renewalDeclines: 'Insufficient funds',
  },
  { number: '4000000000000119', brand: 'Visa', what: 'fails 3-D Secure', ...PAYS, fails3ds: true },
  {
    number: '4000000000000341',
    brand: 'Visa',
    what: 'pays now, every renewal is declined',
    ...PAYS,
    renewalDeclines: 'Insufficient funds',
  },
]

/** The card with this number, typed with or without spaces. */
export function cardByNumber(typed: string): TestCard | undefined {
  const number = typed.replaceAll(/\D/g, '')
  return TEST_CARDS.find((card) => card.number === number)
}

/** `5123456789012346` → `5123 4567 8901 2346`. */
export function spaced(number: string): string {
  return number.replaceAll(/(\d{4})(?=\d)/g, '$1 ')
}
