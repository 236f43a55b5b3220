import { formatMoney as inClient } from '@tollgate/client'
import { expect, test } from 'vitest'
import {
  formatMoney as inStripeSandbox,
  smallestStep as ofStripeSandbox,
} from '../../../packages/stripe-sandbox/src/money.ts'
import { formatAmount as inExports, formatMoney as inEmails, smallestStep as ofServer } from '../src/platform/money.ts'

/** Stripe counts all others in hundredths, even UGX and ISK: https://docs.stripe.com/currencies#special-cases */
const ZERO_DECIMAL = 'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' ')
const THREE_DECIMAL = 'bhd jod kwd omr tnd'.split(' ')
/** In hundredths, although they have no smaller unit. */
const WHOLE_UNITS = 'isk ugx'.split(' ')

test('the server, the client and the Stripe sandbox show every currency with the decimals Stripe uses', () => {
  for (const code of Intl.supportedValuesOf('currency')) {
    const currency = code.toLowerCase()
    const texts = [
      inEmails(9_876_543, currency),
      inClient(9_876_543, currency, 'en-US'),
      inStripeSandbox(9_876_543, currency),
    ]
    const amounts = texts.map((text) => text.replace(/^\D+/, '')) // without the symbol
    expect([currency, ...new Set(amounts)]).toEqual([currency, expectedAmount(currency)])
  }
})

test('the CSV export writes every currency with the decimals Stripe uses', () => {
  for (const code of Intl.supportedValuesOf('currency')) {
    const currency = code.toLowerCase()
    const amount = expectedAmount(currency).replaceAll(',', '')
    expect([currency, inExports(9_876_543, currency)]).toEqual([currency, amount])
  }
})

test('the server and the Stripe sandbox accept the same amounts in every currency', () => {
  for (const code of Intl.supportedValuesOf('currency')) {
    const currency = code.toLowerCase()
    const step = WHOLE_UNITS.includes(currency) ? 100 : THREE_DECIMAL.includes(currency) ? 10 : 1
    expect([currency, ofServer(currency), ofStripeSandbox(currency)]).toEqual([currency, step, step])
  }
})

function expectedAmount(currency: string): string {
  if (ZERO_DECIMAL.includes(currency)) return '9,876,543'
  return THREE_DECIMAL.includes(currency) ? '9,876.543' : '98,765.43'
}
