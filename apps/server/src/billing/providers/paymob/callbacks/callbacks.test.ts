import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { createCalendar } from '../dates.ts'
import { readCallback, verifyCallback } from './read-callback.ts'
import { redactCallback } from './redact-callback.ts'

/** From Paymob's documentation, with the HMACs of this key. */
const KEY = 'test_hmac_secret'
const TRANSACTION_HMAC =
  '19dece2ccfcc55800cb196e1ce3b50d53c1c182da136cf7581a60bd2d4e5378218dfe922abbc67d1ee441d0a96d01af2e156d131977d5c323f4a71336e3aa912'
const TOKEN_HMAC =
  '1497d5acba33b81845e1e9ad8a1ebfa8a58585be74bb6b657bd43c0c768ef84ea2c4461606c47bdffc2518fe07b885d252c8f66cbb4ddc4824166cbd603b4f5a'
const SUSPENDED_HMAC =
  'f32310c1e6c66fd43370bce611a6e27a9a88aea2af346354e04da00af0e96cef5714280516070fbfcc91a1df78f958835e256085b1b72777d2d07f5a7a4d79ed'

const reader = { hmacSecret: KEY, isLiveMode: false, calendar: createCalendar('egy_sk_test_1') }

const SIGNED = {
  ...{ amount_cents: 100_000, created_at: '2024-06-13T11:33:44.592345', currency: 'EGP', error_occured: false },
  ...{ has_parent_transaction: false, id: 192_036_465, integration_id: 4_097_558, is_3d_secure: true, is_auth: false },
  ...{ is_capture: false, is_refunded: false, is_standalone_payment: true, is_voided: false, owner: 302_852 },
  ...{ pending: false, success: true },
}
const SOURCE = { pan: '2346', sub_type: 'MasterCard', type: 'card' }
const TRANSACTION = {
  type: 'TRANSACTION',
  obj: { ...SIGNED, order: { id: 217_503_754, merchant_order_id: 'ours' }, source_data: SOURCE },
}
const CARD = {
  ...{ card_subtype: 'MasterCard', created_at: '2024-11-13T12:32:23.859982', email: 'test@test.com', id: 8_555_026 },
  ...{ masked_pan: 'xxxx-xxxx-xxxx-2346', merchant_id: 246_628, order_id: 264_064_419 },
  token: 'e98aceb96f5a370ddf46460db9d555f88bf12448f80e1839b39f78ab',
}
const SUSPENDED = {
  paymob_request_id: 'one',
  subscription_data: { id: 1264, state: 'suspended', amount_cents: 5_000, client_info: { email: 'a@b.example' } },
  trigger_type: 'suspended',
  hmac: SUSPENDED_HMAC,
}

const verify = (body: object | string, query: Record<string, string> = {}) => {
  const rawBody = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  return verifyCallback(reader, { rawBody, headers: {}, query })
}
const refused = expect.objectContaining({ reason: 'INVALID_WEBHOOK' })

test('the documented transaction is accepted, and names only the payment to fetch', () => {
  expect(verify(TRANSACTION, { hmac: TRANSACTION_HMAC })).toMatchObject({
    ...{ type: 'TRANSACTION', subject: { kind: 'payment', id: '192036465' }, news: 'paid', isLiveMode: false },
    ...{ customerId: null, subscriptionHint: null, occurredAt: new Date('2024-06-13T08:33:44.592Z') },
  })
})

test('a customer who comes back with the same fields is accepted', () => {
  const { order, source_data, ...flat } = TRANSACTION.obj
  const query = Object.fromEntries(Object.entries(flat).map(([name, value]) => [name, String(value)]))
  const source = Object.fromEntries(Object.entries(source_data).map(([name, value]) => [`source_data.${name}`, value]))
  const all = { ...query, ...source, order: String(order.id), hmac: TRANSACTION_HMAC }
  expect(verify('', all)).toMatchObject({ subject: { kind: 'payment', id: '192036465' } })
  expect(() => verify('', { ...all, success: 'false' })).toThrow(refused)
})

test('the documented card is accepted, and leads to nothing', () => {
  expect(verify({ type: 'TOKEN', obj: CARD }, { hmac: TOKEN_HMAC })).toMatchObject({ type: 'TOKEN', subject: null })
})

test('the documented subscription is accepted: its HMAC is in the body', () => {
  expect(verify(SUSPENDED)).toMatchObject({
    ...{ type: 'suspended', subject: { kind: 'subscription', id: '1264' }, subscriptionHint: '1264' },
  })
})

test.each([
  ['another amount', { ...TRANSACTION, obj: { ...TRANSACTION.obj, amount_cents: 1 } }, TRANSACTION_HMAC],
  ['another order', { ...TRANSACTION, obj: { ...TRANSACTION.obj, order: { id: 1 } } }, TRANSACTION_HMAC],
  ['no HMAC', TRANSACTION, undefined],
  ['half an HMAC', TRANSACTION, TRANSACTION_HMAC.slice(0, 64)],
  ['an HMAC that is no hexadecimal', TRANSACTION, 'z'.repeat(128)],
  ['the HMAC of another callback', TRANSACTION, TOKEN_HMAC],
  ['another subscription', { ...SUSPENDED, subscription_data: { id: 1265 } }, undefined],
  ['another trigger', { ...SUSPENDED, trigger_type: 'resumed' }, undefined],
  ['a trigger of another kind', { ...SUSPENDED, trigger_type: { toString: 'suspended' } }, undefined],
  ['no object', { type: 'TRANSACTION', obj: null }, TRANSACTION_HMAC],
  ['a list', [TRANSACTION], TRANSACTION_HMAC],
  ['no JSON', '{"type":', TRANSACTION_HMAC],
])('%s is refused', (_what, body, hmac) => {
  expect(() => verify(body, hmac ? { hmac } : {})).toThrow(refused)
})

test('numbers are signed as they were sent', () => {
  const sent = JSON.stringify(TRANSACTION).replace('"amount_cents":100000', '"amount_cents":100000.0')
  const signed =
    '100000.02024-06-13T11:33:44.592345EGPfalsefalse1920364654097558truefalsefalsefalsetruefalse217503754302852false2346MasterCardcardtrue'
  const hmac = createHmac('sha512', KEY).update(signed).digest('hex')
  expect(verify(sent, { hmac })).toMatchObject({ type: 'TRANSACTION' })
  expect(() => verify(sent.replace('100000.0', '100000'), { hmac })).toThrow(refused)
})

test('an order may be only its id', () => {
  const obj = { ...TRANSACTION.obj, order: TRANSACTION.obj.order.id }
  expect(verify({ type: 'TRANSACTION', obj }, { hmac: TRANSACTION_HMAC })).toMatchObject({ type: 'TRANSACTION' })
})

test('what is missing is signed as nothing', () => {
  const { source_data: _, ...obj } = TRANSACTION.obj
  const signed =
    '1000002024-06-13T11:33:44.592345EGPfalsefalse1920364654097558truefalsefalsefalsetruefalse217503754302852falsetrue'
  const hmac = createHmac('sha512', KEY).update(signed).digest('hex')
  expect(verify({ type: 'TRANSACTION', obj }, { hmac })).toMatchObject({ subject: { kind: 'payment' } })
})

test('a replay has the id of the first, and a second true event with the same trigger has its own', () => {
  const first = verify(SUSPENDED)
  const reordered = Object.fromEntries(Object.entries(SUSPENDED).toReversed())
  expect(verify(reordered).id).toBe(first.id)
  expect(readCallback(reader, structuredClone(first.payload)).id).toBe(first.id)
  expect(verify({ ...SUSPENDED, paymob_request_id: 'two' }).id).not.toBe(first.id)
  expect(verify({ ...SUSPENDED, subscription_data: { id: 1264, suspended_at: '2026-02-01' } }).id).not.toBe(first.id)
})

test('names, addresses, cards, tokens and the HMAC are hidden', () => {
  const { shown, hidden } = redactCallback(SUSPENDED)
  expect(shown).toEqual({
    ...{ paymob_request_id: 'one', trigger_type: 'suspended' },
    subscription_data: { id: 1264, state: 'suspended', amount_cents: 5_000 },
  })
  expect(hidden).toBe(2)
  expect(JSON.stringify(redactCallback({ type: 'TOKEN', obj: CARD }).shown)).not.toMatch(/test@|2346|e98ace/)
})
