import { listIn, type Account, type Answer } from './account.ts'
import {
  BILLING_DATA,
  BY_HAND,
  hasReference,
  keepsWebhook,
  longReference,
  payWithoutCustomer,
} from './compare-points.ts'

/** Tells what a step has seen. */
export type Say = (line: string) => void

const PLANS = '/api/acceptance/subscription-plans'
const SUBSCRIPTIONS = '/api/acceptance/subscriptions'
const AMOUNT = 1000

/** Steps 1 to 4, which need no payment. @returns the reference that {@link finishComparison} needs. */
export async function beginComparison(account: Account, say: Say): Promise<string> {
  const { keys } = account
  const token = await account.logIn()
  say(`1  API key: ${seen(token, ['token', 'profile'])}`)

  const plan = await account.bearer('POST', PLANS, planFields(account, 7))
  say(`2  Plan every 7 days: ${seen(plan, ['id', 'integration', 'webhook_url'])}`)
  say(
    `   A plan by its id, which is not documented: ${(await account.bearer('GET', `${PLANS}/${String(plan.body['id'])}`)).status}`,
  )
  const yearly = await account.bearer('POST', PLANS, planFields(account, 365))
  say(`   Plan every 365 days: ${seen(yearly, ['id'])}`)

  const reference = longReference()
  const intention = await account.secret('POST', '/v1/intention/', intentionFields(account, reference, plan.body['id']))
  say(`3  Intention with the secret key: ${seen(intention, ['id', 'intention_order_id', 'client_secret'])}`)
  const secret = String(intention.body['client_secret'])
  const element = await account.open('GET', `/v1/intention/element/${keys.publicKey}/${secret}/`)
  say(`   The same with the public key: ${seen(element, ['status', 'special_reference'])}`)
  const again = await account.secret('POST', '/v1/intention/', intentionFields(account, reference, plan.body['id']))
  say(
    `4  A reference that is used again (repeatedReferences): ${again.status < 300 ? 'accepted' : 'refused'}, ${again.status}`,
  )

  const query = new URLSearchParams({ publicKey: keys.publicKey, clientSecret: secret })
  say(`5  By hand: pay with 5123 4567 8901 2346, 01/39, 123 at ${keys.url}/unifiedcheckout/?${query.toString()}`)
  say(`   Then run this script with the argument ${reference}`)
  return reference
}

/** Steps 5 to 10, once the customer has paid. It leaves the subscription canceled and a part refunded. */
export async function finishComparison(account: Account, reference: string, say: Say): Promise<void> {
  const inquiry = await account.bearer('POST', '/api/ecommerce/orders/transaction_inquiry', {
    merchant_order_id: reference,
  })
  const transaction = inquiry.body['id']
  say(`5  Inquiry by reference: ${seen(inquiry, ['id', 'success', 'amount_cents', 'created_at'])}`)
  say(
    `   A reference of ${reference.length} characters (point 3): ${hasReference(inquiry, reference) ? 'kept' : 'not kept'}`,
  )
  say(`   It is ${new Date().toISOString()} UTC: in which time zone is created_at?`)

  const found = await account.bearer('GET', `${SUBSCRIPTIONS}?transaction=${String(transaction)}`)
  const id = listIn(found)[0]?.['id']
  if (typeof id !== 'number') throw new Error(`No subscription has the initial transaction ${String(transaction)}.`)
  const path = `${SUBSCRIPTIONS}/${id}`
  const subscription = await account.bearer('GET', path)
  say(`6  Subscription: ${seen(subscription, ['id', 'state', 'starts_at', 'next_billing', 'ends_at'])}`)
  const { starts_at: startsAt, next_billing: nextBilling } = subscription.body
  const isOfStart = [startsAt, nextBilling].every((date) => String(date).startsWith(dateIn(START_DAYS)))
  say(`   The first deduction on subscription_start_date (point 2): ${isOfStart ? 'kept' : 'not kept'}`)
  say(`   A callback URL with notes (point 1): ${await keepsWebhook(account, path)}`)
  say(
    `   A saved card, without the customer (points 6 and 10): ${await payWithoutCustomer(account, path, currencyOf(account))}`,
  )
  const payments = listIn(await account.bearer('GET', `${path}/transactions`))
  const isListed = payments.some((payment) => payment['id'] === transaction)
  say(`   Its list has the first payment (initialTransactionListed): ${isListed ? 'yes' : 'no'}`)

  const put = (fields: object): Promise<Answer> => account.bearer('PUT', path, fields)
  say(`7  New amount: ${seen(await put({ amount_cents: AMOUNT + 100 }), ['amount_cents', 'next_billing'])}`)
  say(`   New end: ${seen(await put({ ends_at: dateIn(30) }), ['ends_at'])}`)
  const withoutEnd = await put({ ends_at: null })
  const isCleared = withoutEnd.status < 300 && withoutEnd.body['ends_at'] === null
  say(`   Without an end (endsAtNull): ${isCleared ? 'accepted' : 'refused'}, ${withoutEnd.status}`)
  say(`   New date: ${seen(await put({ next_billing: dateIn(3) }), ['next_billing'])}`)

  say(`8  Suspended: ${seen(await account.bearer('POST', `${path}/suspend`), ['state', 'suspended_at'])}`)
  say(`   Resumed: ${seen(await account.bearer('POST', `${path}/resume`), ['state', 'next_billing'])}`)

  const part = { transaction_id: transaction, amount_cents: 100 }
  const refund = await account.secret('POST', '/api/acceptance/void_refund/refund', part)
  say(`9  Part refunded: ${seen(refund, ['id', 'success', 'is_refund', 'parent_transaction'])}`)
  const refunded = await account.bearer('GET', `/api/acceptance/transactions/${String(transaction)}`)
  say(`   The payment: ${seen(refunded, ['is_refunded', 'refunded_amount_cents'])}`)
  say(`   Canceled: ${seen(await account.bearer('POST', `${path}/cancel`), ['state', 'next_billing'])}`)

  for (const line of BY_HAND) say(line)
}

function planFields({ keys }: Account, frequency: number): object {
  return {
    ...{ name: `Check every ${frequency} days`, frequency, amount_cents: AMOUNT, use_transaction_amount: false },
    ...{ number_of_deductions: null, reminder_days: null, retrial_days: 1, plan_type: 'rent', is_active: true },
    ...{ integration: keys.moto, webhook_url: keys.callbackUrl },
  }
}

function intentionFields(account: Account, reference: string, planId: unknown): object {
  const { keys } = account
  return {
    ...{ amount: AMOUNT, currency: currencyOf(account), payment_methods: [keys.card] },
    items: [{ name: 'Check', amount: AMOUNT, description: 'Check', quantity: 1 }],
    billing_data: BILLING_DATA,
    subscription_start_date: dateIn(START_DAYS),
    ...{ special_reference: reference, subscription_plan_id: planId, notification_url: keys.callbackUrl },
  }
}

/** How many days after the payment the first deduction is made. */
const START_DAYS = 5

const currencyOf = ({ keys }: Account): string => CURRENCIES[keys.secretKey.slice(0, 3)] ?? 'EGP'

const CURRENCIES: Readonly<Record<string, string>> = { egy: 'EGP', sau: 'SAR', are: 'AED', omn: 'OMR' }

/** `201 {"id":7}`: the status, and the fields that matter, or the whole body of a refusal. */
function seen({ status, body }: Answer, fields: readonly string[]): string {
  const shown = status < 300 ? Object.fromEntries(fields.map((field) => [field, masked(field, body[field])])) : body
  return `${status} ${JSON.stringify(shown).slice(0, 300)}`
}

/** Secrets don't belong in a log. */
function masked(field: string, value: unknown): unknown {
  return ['token', 'client_secret'].includes(field) ? typeof value : (value ?? null)
}

/** A date some days from now. */
function dateIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
}
