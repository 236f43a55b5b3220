import { expect, test } from 'vitest'
import { Account, readKeys } from '../src/compare/account.ts'
import { beginComparison, finishComparison } from '../src/compare/compare-account.ts'
import { startPaymobSandbox } from '../src/index.ts'
import { Merchant } from './merchant.ts'

const keysOf = (url: string) => ({
  ...{ PAYMOB_URL: url, PAYMOB_SECRET_KEY: 'egy_sk_test_sandbox', PAYMOB_PUBLIC_KEY: 'egy_pk_test_sandbox' },
  ...{ PAYMOB_API_KEY: 'sandbox-api-key', PAYMOB_INTEGRATION_3DS: '4097558', PAYMOB_INTEGRATION_MOTO: '4097559' },
  API_URL: 'http://127.0.0.1:1',
})

test('the comparison says which settings of the sandbox are like the account', async () => {
  await using sandbox = await startPaymobSandbox({
    settings: { endsAtNull: 'refused', initialTransactionListed: 'yes' },
  })
  const account = new Account(readKeys(keysOf(sandbox.url)))
  const lines: string[] = []
  const reference = await beginComparison(account, (line) => lines.push(line))
  await new Merchant(sandbox, '').control('POST', '/_/checkouts/pay', { reference })
  await finishComparison(account, reference, (line) => lines.push(line))
  const said = lines.join('\n')
  expect(said).toContain('(repeatedReferences): refused, 422')
  expect(said).toContain('(endsAtNull): refused, 400')
  expect(said).toContain('(initialTransactionListed): yes')
  expect(said).toMatch(/Canceled: 200 \{"state":"canceled"/)
  expect(said).toMatch(/The payment: 200 \{"is_refunded":true,"refunded_amount_cents":100\}/)
  expect(said).toContain('A callback URL with notes (point 1): 200, kept')
  expect(said).toContain('The first deduction on subscription_start_date (point 2): kept')
  expect(said).toContain('A reference of 110 characters (point 3): kept')
  expect(said).toContain('A saved card, without the customer (points 6 and 10): 200, paid; refunded: 201')
  expect(said).toContain('10 By hand')
  for (const point of [5, 8, 9, 10]) expect(said).toMatch(new RegExp(`^   ${point} +(After|The day after)`, 'm'))
})

test('the comparison refuses live keys, and names what is missing', () => {
  const keys = keysOf('http://127.0.0.1:1')
  expect(() => readKeys({ ...keys, PAYMOB_SECRET_KEY: 'egy_sk_live_1' })).toThrow('only test keys')
  expect(() => readKeys({ ...keys, PAYMOB_API_KEY: '' })).toThrow('Set PAYMOB_API_KEY.')
})
