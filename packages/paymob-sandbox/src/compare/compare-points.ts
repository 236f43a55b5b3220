import { randomHex } from '../ids.ts'
import { listIn, type Account, type Answer } from './account.ts'

/** Maximum length of a reference that the server writes. */
const REFERENCE_LENGTH = 110
/** Maximum length of a callback URL with its notes. */
const URL_LENGTH = 200
const AMOUNT = 100

/** A new reference of the maximum length. */
export const longReference = (): string => `check-${randomHex(12)}`.padEnd(REFERENCE_LENGTH, '0')

/** Whether an inquiry has returned the reference in full. */
export function hasReference({ body }: Answer, reference: string): boolean {
  const { order } = body
  return typeof order === 'object' && order !== null && Object.values(order).includes(reference)
}

/** Registers a URL with a query for a subscription, and reads it back. */
export async function keepsWebhook(account: Account, path: string): Promise<string> {
  const url = `${account.keys.callbackUrl}?note=`.padEnd(URL_LENGTH, '0')
  const { status } = await account.bearer('POST', `${path}/register_webhook`, { url })
  const kept = (await account.bearer('GET', path)).body['webhook_url']
  return `${status}, ${kept === url ? 'kept' : 'not kept'}`
}

/** Charges the saved card without the customer, and pays it back. */
export async function payWithoutCustomer(account: Account, path: string, currency: string): Promise<string> {
  const { keys } = account
  const [card] = listIn(await account.bearer('GET', `${path}/card-tokens`))
  const intention = await account.secret('POST', '/v1/intention/', {
    ...{ amount: AMOUNT, currency, payment_methods: [keys.moto], special_reference: longReference() },
    items: [{ name: 'Check', amount: AMOUNT, description: 'Check', quantity: 1 }],
    billing_data: BILLING_DATA,
  })
  const [key] = listIn({ ...intention, body: { results: intention.body['payment_keys'] } })
  const source = { identifier: card?.['token'], subtype: 'TOKEN' }
  const paid = await account.open('POST', '/api/acceptance/payments/pay', { source, payment_token: key?.['key'] })
  if (paid.body['success'] !== true) return `${paid.status}, not paid`
  const refund = { transaction_id: paid.body['id'], amount_cents: AMOUNT }
  const returned = await account.secret('POST', '/api/acceptance/void_refund/refund', refund)
  return `${paid.status}, paid; refunded: ${returned.status}`
}

export const BILLING_DATA = {
  first_name: 'Check',
  last_name: 'Check',
  email: 'check@example.com',
  phone_number: '+201000000000',
}

/** What only time shows. */
export const BY_HAND = [
  '10 By hand, from the stored callbacks: which triggers came, in which order, and does a failed one come again?',
  '   By hand, with a plan that goes on (points of the adapter’s README):',
  '   5   After a renewal: does GET /subscriptions?transaction= find the subscription by the renewal, too?',
  '   8   After a declined renewal: PUT next_billing to the end of its period. Does no retry come after retrial_days?',
  '   9   After a declined renewal: what does it do to next_billing (failedRenewalMoves), and how often is it tried again?',
  '   10  The day after a renewal: is a MOTO renewal refunded like the others?',
]
