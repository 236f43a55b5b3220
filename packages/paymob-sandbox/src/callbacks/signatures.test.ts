import { expect, test } from 'vitest'
import { signSubscription, signToken, signTransaction } from './signatures.ts'

const SECRET = 'test_hmac_secret'

test('signs the transaction of the documentation as its vector says', () => {
  const obj = {
    amount_cents: 100_000,
    created_at: '2024-06-13T11:33:44.592345',
    currency: 'EGP',
    error_occured: false,
    has_parent_transaction: false,
    id: 192_036_465,
    integration_id: 4_097_558,
    is_3d_secure: true,
    is_auth: false,
    is_capture: false,
    is_refunded: false,
    is_standalone_payment: true,
    is_voided: false,
    order: { id: 217_503_754 },
    owner: 302_852,
    pending: false,
    source_data: { pan: '2346', sub_type: 'MasterCard', type: 'card' },
    success: true,
  }
  expect(signTransaction(SECRET, obj)).toBe(
    '19dece2ccfcc55800cb196e1ce3b50d53c1c182da136cf7581a60bd2d4e5378218dfe922abbc67d1ee441d0a96d01af2e156d131977d5c323f4a71336e3aa912',
  )
})

test('signs the card token of the documentation as its vector says', () => {
  const obj = {
    card_subtype: 'MasterCard',
    created_at: '2024-11-13T12:32:23.859982',
    email: 'test@test.com',
    id: 8_555_026,
    masked_pan: 'xxxx-xxxx-xxxx-2346',
    merchant_id: 246_628,
    order_id: 264_064_419,
    token: 'e98aceb96f5a370ddf46460db9d555f88bf12448f80e1839b39f78ab',
  }
  expect(signToken(SECRET, obj)).toBe(
    '1497d5acba33b81845e1e9ad8a1ebfa8a58585be74bb6b657bd43c0c768ef84ea2c4461606c47bdffc2518fe07b885d252c8f66cbb4ddc4824166cbd603b4f5a',
  )
})

test('signs a subscription callback by its trigger and id only', () => {
  expect(signSubscription(SECRET, 'suspended', 1264)).toBe(
    'f32310c1e6c66fd43370bce611a6e27a9a88aea2af346354e04da00af0e96cef5714280516070fbfcc91a1df78f958835e256085b1b72777d2d07f5a7a4d79ed',
  )
})
