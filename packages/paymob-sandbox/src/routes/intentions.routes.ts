import { fresh, type Paymob } from '../callbacks/paymob.ts'
import type { Call, Route } from '../http/api.ts'
import { badCredentials, badField, badRequest, notFound, PaymobError } from '../http/errors.ts'
import { isRecord, type Fields } from '../http/fields.ts'
import { randomHex } from '../ids.ts'
import { CURRENCIES, type Currency } from '../money.ts'
import { intentionObject } from '../resources/intention.ts'
import type { BillingData, IntentionRow, Item } from '../state/rows.ts'

export function intentionRoutes(paymob: Paymob): Route[] {
  const { account, state } = paymob
  const found = (clientSecret: string | undefined): IntentionRow => {
    const row = state.intentions.all().find((each) => each.clientSecret === clientSecret)
    if (!row) throw notFound('Intention not found')
    return row
  }
  return [
    {
      method: 'post',
      path: '/v1/intention/',
      key: 'secret',
      status: 201,
      handle: ({ fields }) => intentionObject(account.region, createIntention(paymob, fields)),
    },
    {
      method: 'put',
      path: '/v1/intention/:clientSecret',
      key: 'secret',
      handle: ({ fields, params }) => {
        const row = found(params['clientSecret'])
        if (row.isPaid) throw badRequest('Intention is already processed')
        if (fields.integer('accept_order_id') !== row.id) throw notFound('Order not found')
        updateIntention(paymob, row, fields)
        return intentionObject(account.region, row)
      },
    },
    {
      method: 'get',
      path: '/v1/intention/element/:publicKey/:clientSecret/',
      key: 'none',
      handle: ({ params }: Call) => {
        if (params['publicKey'] !== account.publicKey) throw badCredentials()
        return intentionObject(account.region, found(params['clientSecret']))
      },
    },
  ]
}

function createIntention(paymob: Paymob, fields: Fields): IntentionRow {
  const { account, state, settings } = paymob
  const specialReference = fields.optionalText('special_reference')
  const isRepeated =
    specialReference !== null && state.intentions.all().some((row) => row.specialReference === specialReference)
  if (isRepeated && settings.repeatedReferences === 'refused')
    throw new PaymobError(422, { message: 'duplicate', special_reference: ['This reference is already in use.'] })
  const prefix = account.region.toLowerCase()
  const life = fields.optionalInteger('expiration', 1)
  return state.intentions.add({
    intentionId: `pi_test_${randomHex(32)}`,
    clientSecret: `${prefix}_csk_test_${randomHex(32)}`,
    paymentKey: `ZXlK${randomHex(48)}`,
    ...payable(paymob, fields),
    specialReference,
    extras: fields.record('extras'),
    notificationUrl: fields.optionalUrl('notification_url'),
    redirectionUrl: fields.optionalUrl('redirection_url'),
    ...subscriptionParts(paymob, fields),
    cardTokens: cardTokensIn(paymob, fields),
    expiresAt: life === null ? null : Date.now() + life * 1000,
    isPaid: false,
    ...fresh(paymob),
  })
}

function updateIntention(paymob: Paymob, row: IntentionRow, fields: Fields): void {
  Object.assign(row, payable(paymob, fields, row), { updatedAt: paymob.clock.now() })
  if (fields.has('notification_url')) row.notificationUrl = fields.optionalUrl('notification_url')
  if (fields.has('redirection_url')) row.redirectionUrl = fields.optionalUrl('redirection_url')
  if (fields.has('extras')) row.extras = fields.record('extras')
}

/** What is paid, how, and by whom. An update may leave a part out. */
function payable(paymob: Paymob, fields: Fields, before?: IntentionRow) {
  const methods = fields.has('payment_methods') ? methodsIn(paymob, fields) : before?.paymentMethods
  const billingData = fields.has('billing_data') ? billingDataIn(fields) : before?.billingData
  const currency = before?.currency ?? currencyIn(fields)
  if (!methods) throw badField('payment_methods', 'This field is required.')
  if (!billingData) throw badField('billing_data', 'This field is required.')
  const isFree = methods.every((id) => id === paymob.account.integrations.verification)
  const amount = fields.has('amount') || !before ? fields.integer('amount', isFree ? 0 : 1) : before.amount
  const items = fields.has('items') ? itemsIn(fields, amount) : (before?.items ?? [])
  return { amount, currency, paymentMethods: methods, items, billingData }
}

function methodsIn({ account }: Paymob, fields: Fields): number[] {
  const known = new Set<unknown>(Object.values(account.integrations))
  const methods = fields.list('payment_methods')
  if (methods.length === 0) throw badField('payment_methods', 'This list may not be empty.')
  if (!methods.every((method): method is number => typeof method === 'number' && known.has(method)))
    throw new PaymobError(404, { detail: 'Integration ID/Name does not exist in our system' })
  return methods
}

function currencyIn(fields: Fields): Currency {
  const text = fields.text('currency')
  const currency = CURRENCIES.find((each) => each === text)
  if (!currency) throw badField('currency', `"${text}" is not a valid choice.`)
  return currency
}

/** The items add up to the amount, each with its quantity or without. The documentation leaves open which. */
function itemsIn(fields: Fields, amount: number): Item[] {
  const items = fields.list('items').map((item): Item => {
    if (!isRecord(item) || typeof item['name'] !== 'string' || typeof item['amount'] !== 'number')
      throw badField('items', 'An item needs a name and an amount.')
    const { name, amount: cents, description, quantity } = item
    return {
      name,
      amount: cents,
      ...(typeof description === 'string' && { description }),
      ...(typeof quantity === 'number' && { quantity }),
    }
  })
  const plain = items.reduce((sum, item) => sum + item.amount, 0)
  const multiplied = items.reduce((sum, item) => sum + item.amount * (item.quantity ?? 1), 0)
  if (items.length > 0 && plain !== amount && multiplied !== amount)
    throw badField('amount', 'The amount must be equal to the sum of the item amounts.')
  return items
}

const MANDATORY = ['first_name', 'last_name', 'email', 'phone_number'] as const

function billingDataIn(fields: Fields): BillingData {
  const data = fields.record('billing_data')
  for (const name of MANDATORY) {
    const value = data[name]
    if (typeof value !== 'string' || value.trim() === '')
      throw new PaymobError(400, { billing_data: { [name]: ['This field is required.'] } })
  }
  return data as BillingData
}

function subscriptionParts({ state, account }: Paymob, fields: Fields) {
  const planId = fields.optionalInteger('subscription_plan_id')
  const subscriptionId = fields.optionalInteger('subscriptionv2_id')
  if (planId !== null && !state.plans.find(planId)?.isActive) throw notFound('invalid subscription plan id')
  const subscription = subscriptionId === null ? null : state.subscriptions.find(subscriptionId)
  if (subscription === undefined || subscription?.state === 'canceled') throw notFound('invalid subscription id')
  const isMoto = fields.list('payment_methods').includes(account.integrations.moto)
  if (isMoto && (planId !== null || subscriptionId !== null))
    throw badRequest('A subscription needs an integration with 3-D Secure')
  return {
    subscriptionPlanId: planId,
    subscriptionStartDate: fields.optionalDate('subscription_start_date'),
    subscriptionId,
  }
}

function cardTokensIn({ state }: Paymob, fields: Fields): string[] {
  const tokens = fields.list('card_tokens').filter((token) => token !== '')
  if (tokens.length > 3) throw badField('card_tokens', 'Ensure this field has no more than 3 elements.')
  const known = new Set<unknown>(state.cards.all().map((card) => card.token))
  if (!tokens.every((token): token is string => known.has(token))) throw notFound('Card token not found')
  return tokens
}
