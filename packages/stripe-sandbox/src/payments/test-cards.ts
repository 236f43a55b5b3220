import type { TestCardBehaviour } from '../state/rows/customer.ts'
import type { Decline, DeclineName } from '../state/rows/payment.ts'

export interface TestCard {
  readonly brand: string
  readonly last4: string
  readonly fingerprint: string
  readonly behaviour: TestCardBehaviour
}

/**
 * The declines that a test card or the controls can cause.
 *
 * @see https://docs.stripe.com/testing#declined-payments
 * @see https://docs.stripe.com/declines/codes
 */
export const DECLINES = {
  generic_decline: { code: 'card_declined', decline_code: 'generic_decline', message: 'Your card was declined.' },
  insufficient_funds: {
    code: 'card_declined',
    decline_code: 'insufficient_funds',
    message: 'Your card has insufficient funds.',
  },
  lost_card: { code: 'card_declined', decline_code: 'lost_card', message: 'Your card was declined.' },
  stolen_card: { code: 'card_declined', decline_code: 'stolen_card', message: 'Your card was declined.' },
  expired_card: { code: 'expired_card', decline_code: 'expired_card', message: 'Your card has expired.' },
  incorrect_cvc: {
    code: 'incorrect_cvc',
    decline_code: 'incorrect_cvc',
    message: "Your card's security code is incorrect.",
  },
  processing_error: {
    code: 'processing_error',
    decline_code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  },
  authentication_required: {
    code: 'authentication_required',
    decline_code: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
  },
} as const satisfies Record<DeclineName, Decline>

export const DECLINE_NAMES = Object.keys(DECLINES) as DeclineName[]

const WORKS: TestCardBehaviour = { attach: null, charge: null, authentication: 'never', disputed: 'no' }
const declines = (code: DeclineName): TestCardBehaviour => ({ ...WORKS, attach: code, charge: code })

/** Test cards by number, each with its names (after `pm_card_…` or `tok_…`) from https://docs.stripe.com/testing. */
const CARDS: Readonly<Record<string, { brand: string; names: readonly string[]; behaviour: TestCardBehaviour }>> = {
  '4242424242424242': { brand: 'visa', names: ['visa'], behaviour: WORKS },
  '4000056655665556': { brand: 'visa', names: ['visa_debit'], behaviour: WORKS },
  '5555555555554444': { brand: 'mastercard', names: ['mastercard'], behaviour: WORKS },
  '5200828282828210': { brand: 'mastercard', names: ['mastercard_debit'], behaviour: WORKS },
  '378282246310005': { brand: 'amex', names: ['amex'], behaviour: WORKS },
  '6011111111111117': { brand: 'discover', names: ['discover'], behaviour: WORKS },
  '4000000000000002': {
    brand: 'visa',
    names: ['chargeDeclined', 'visa_chargeDeclined'],
    behaviour: declines('generic_decline'),
  },
  '4000000000009995': {
    brand: 'visa',
    names: ['chargeDeclinedInsufficientFunds', 'visa_chargeDeclinedInsufficientFunds'],
    behaviour: declines('insufficient_funds'),
  },
  '4000000000009987': {
    brand: 'visa',
    names: ['chargeDeclinedLostCard', 'visa_chargeDeclinedLostCard'],
    behaviour: declines('lost_card'),
  },
  '4000000000009979': {
    brand: 'visa',
    names: ['chargeDeclinedStolenCard', 'visa_chargeDeclinedStolenCard'],
    behaviour: declines('stolen_card'),
  },
  '4000000000000069': { brand: 'visa', names: ['chargeDeclinedExpiredCard'], behaviour: declines('expired_card') },
  '4000000000000127': { brand: 'visa', names: ['chargeDeclinedIncorrectCvc'], behaviour: declines('incorrect_cvc') },
  '4000000000000119': {
    brand: 'visa',
    names: ['chargeDeclinedProcessingError'],
    behaviour: declines('processing_error'),
  },
  '4000000000000341': {
    brand: 'visa',
    names: ['chargeCustomerFail'],
    behaviour: { ...WORKS, charge: 'generic_decline' },
  },
  '4000002500003155': {
    brand: 'visa',
    names: ['authenticationRequiredOnSetup'],
    behaviour: { ...WORKS, authentication: 'once' },
  },
  '4000002760003184': {
    brand: 'visa',
    names: ['authenticationRequired'],
    behaviour: { ...WORKS, authentication: 'always' },
  },
  '4000000000003220': {
    brand: 'visa',
    names: ['threeDSecure2Required'],
    behaviour: { ...WORKS, authentication: 'always' },
  },
  '4000000000001976': {
    brand: 'visa',
    names: ['createDisputeInquiry'],
    behaviour: { ...WORKS, disputed: 'inquiry' },
  },
  '4000000000000259': { brand: 'visa', names: ['createDispute'], behaviour: { ...WORKS, disputed: 'dispute' } },
}

/** The test card with a number, in which spaces and hyphens are ignored, or a decline if there is no such card. */
export function cardByNumber(number: string): TestCard | Decline {
  const digits = number.replaceAll(/[\s-]/g, '')
  if (!/^\d{12,19}$/.test(digits))
    return { code: 'invalid_number', decline_code: null, message: 'The card number is not a valid credit card number.' }
  if (!passesLuhn(digits))
    return { code: 'incorrect_number', decline_code: null, message: 'Your card number is incorrect.' }
  const card = CARDS[digits]
  if (!card) {
    return {
      code: 'card_declined',
      decline_code: 'test_mode_live_card',
      message:
        'Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
    }
  }
  return {
    brand: card.brand,
    last4: digits.slice(-4),
    fingerprint: `sandbox${digits.slice(-8)}`,
    behaviour: card.behaviour,
  }
}

/** The test card with a name such as `pm_card_visa` or `tok_visa`. */
export function cardByName(name: string): TestCard | undefined {
  const bare = name.replace(/^(pm_card_|tok_)/, '')
  if (bare === name) return undefined
  const [digits] = Object.entries(CARDS).find(([, card]) => card.names.includes(bare)) ?? []
  const card = digits === undefined ? undefined : cardByNumber(digits)
  return card && 'behaviour' in card ? card : undefined
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}
