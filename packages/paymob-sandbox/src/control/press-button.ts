import { forge } from '../callbacks/forge.ts'
import { fresh, type Paymob } from '../callbacks/paymob.ts'
import { DAY, HOUR, momentOf } from '../dates.ts'
import type { Tokens } from '../http/tokens.ts'
import { randomHex } from '../ids.ts'
import { CURRENCIES, formatMoney } from '../money.ts'
import { capture, refund, Refused, voidPayment } from '../payments/refunds.ts'
import { CHOICES, type Settings } from '../settings.ts'
import type { CallbackRow, SubscriptionRow, TransactionRow } from '../state/rows.ts'
import { cancel, resume, suspend } from '../subscriptions/change-subscription.ts'
import { nextDueAt } from '../subscriptions/due.ts'
import { readChaos, readFailure } from './read-chaos.ts'
import type { Timekeeper } from './time.ts'

export interface ControlRoom {
  readonly paymob: Paymob
  readonly tokens: Tokens
  readonly time: Timekeeper
}

export type Fields = Readonly<Record<string, string>>

/** A sentence about what the button did, or where it leads. */
type Pressed = { readonly says: string } | { readonly leadsTo: string }
type Button = (room: ControlRoom, fields: Fields) => Pressed | Promise<Pressed>

/** What each button of the control page does. They throw {@link Refused} with the reason if they can't. */
export const BUTTONS: Readonly<Record<string, Button>> = {
  advance: async ({ paymob, time }, { by = '' }) => {
    const { clock, account } = paymob
    const steps: Readonly<Record<string, number>> = { hour: HOUR, day: DAY, month: 30 * DAY }
    const due = nextDueAt(paymob)
    if (by === 'next' && due === null) throw new Refused('Nothing is due.')
    await time.advance(by === 'next' ? (due ?? 0) : clock.now() + (steps[by] ?? 0))
    return { says: `It is now ${momentOf(account.region, clock.now())}.` }
  },
  sample: ({ paymob }, { currency }) => ({ leadsTo: sampleCheckout(paymob, currency) }),
  suspend: (room, fields) => change(room, fields, suspend, 'is suspended'),
  resume: (room, fields) => change(room, fields, resume, 'is resumed'),
  cancel: (room, fields) => change(room, fields, cancel, 'is canceled'),
  'fail-charges': (room, fields) => change(room, fields, (_, row) => void (row.failsCharges = true), 'will fail'),
  'charge-again': (room, fields) =>
    change(room, fields, (_, row) => void (row.failsCharges = false), 'will be charged'),
  refund: ({ paymob }, fields) => {
    const amount = Number(fields['amount'])
    if (!Number.isSafeInteger(amount) || amount < 1) throw new Refused('The amount must be a whole number.')
    return settled(refund(paymob, payment(paymob, fields), amount), 'Refunded')
  },
  void: ({ paymob }, fields) => settled(voidPayment(paymob, payment(paymob, fields)), 'Voided'),
  capture: ({ paymob }, fields) => {
    const row = payment(paymob, fields)
    return settled(capture(paymob, row, row.amountCents), 'Captured')
  },
  resend: ({ paymob }, fields) => {
    const row = callback(paymob, fields)
    paymob.deliverer.resend(row)
    return { says: `Sent ${row.type} again.` }
  },
  forge: ({ paymob }, fields) => {
    const { path = '', value = '' } = fields
    if (!FORGED.has(path)) throw new Refused('This field cannot be forged here.')
    const row = forge(paymob, callback(paymob, fields), { [path]: value === 'true' ? true : Number(value) })
    return { says: `Sent a forged ${row.type} with ${path} = ${value}. Its signature is valid.` }
  },
  chaos: ({ paymob }, fields) => {
    const names = ['drop', 'duplicate', 'reorder', 'delayMs']
    const wanted = readChaos(Object.fromEntries(names.map((name) => [name, Number(fields[name])])))
    if (typeof wanted === 'string') throw new Refused(wanted)
    paymob.chaos.callbacks = wanted
    return { says: 'Callbacks go as you said.' }
  },
  'fail-next': ({ paymob }, { how = '', count }) => {
    const wanted = readFailure({ count: Number(count), ...FAILURES[how] })
    if (typeof wanted === 'string') throw new Refused(wanted)
    paymob.chaos.failNext(wanted.count, wanted.failure)
    return { says: `The next ${wanted.count} API calls will fail.` }
  },
  down: ({ paymob }) => {
    paymob.chaos.isDown = true
    return { says: 'The API and the checkout page are down.' }
  },
  up: ({ paymob }) => {
    paymob.chaos.isDown = false
    return { says: 'The API and the checkout page are up.' }
  },
  'expire-tokens': ({ tokens }) => {
    tokens.expireAll()
    return { says: 'All auth tokens have expired.' }
  },
  settings: ({ paymob }, fields) => {
    const chosen = Object.entries(CHOICES).filter(([name, choices]) => choices.some((each) => each === fields[name]))
    const values = Object.fromEntries(chosen.map(([name]) => [name, fields[name]])) as Partial<Settings>
    paymob.settings = { ...paymob.settings, ...values }
    return { says: 'The settings are changed.' }
  },
}

const FORGED = new Set(['obj.amount_cents', 'obj.success', 'subscription_data.amount_cents', 'subscription_data.id'])

const FAILURES: Readonly<Record<string, object>> = {
  500: { status: 500 },
  429: { status: 429 },
  lost: { reset: true, afterExecution: true },
  timeout: { timeout: true },
  slow: { delayMs: 5000 },
}

function change(
  { paymob }: ControlRoom,
  { id }: Fields,
  act: (paymob: Paymob, row: SubscriptionRow) => void,
  outcome: string,
): Pressed {
  const row = paymob.state.subscriptions.find(id)
  if (!row || row.state === 'canceled') throw new Refused('This subscription is canceled, or does not exist.')
  act(paymob, row)
  return { says: `Subscription ${row.id} ${outcome}.` }
}

function payment({ state }: Paymob, { id }: Fields): TransactionRow {
  const row = state.transactions.find(id)
  if (!row) throw new Refused('This transaction does not exist.')
  return row
}

function settled(row: TransactionRow, what: string): Pressed {
  return { says: `${what} ${formatMoney(row.amountCents, row.currency)}, transaction ${row.id}.` }
}

function callback({ state }: Paymob, { id }: Fields): CallbackRow {
  const row = state.callbacks.find(id)
  if (!row) throw new Refused('This callback does not exist.')
  return row
}

/** Makes a plan and an intention for a customer, and leads to the checkout page. */
function sampleCheckout(paymob: Paymob, wanted: string | undefined): string {
  const { state, account } = paymob
  const currency = CURRENCIES.find((each) => each === wanted) ?? 'EGP'
  const amount = currency === 'OMR' ? 4500 : 19_900
  const plan =
    state.plans.all().find((row) => row.name === `Sample plan ${currency}`) ??
    state.plans.add({
      ...{ name: `Sample plan ${currency}`, frequency: 30, amountCents: amount, useTransactionAmount: true },
      ...{ numberOfDeductions: null, reminderDays: null, retrialDays: 3, isActive: true },
      ...{ integration: account.integrations.moto, webhookUrl: account.callbackUrl, ...fresh(paymob) },
    })
  const intention = state.intentions.add({
    intentionId: `pi_test_${randomHex(32)}`,
    clientSecret: `${account.region.toLowerCase()}_csk_test_${randomHex(32)}`,
    paymentKey: `ZXlK${randomHex(48)}`,
    ...{ amount, currency, paymentMethods: [account.integrations.card], items: [{ name: plan.name, amount }] },
    billingData: {
      ...{ first_name: 'Sample', last_name: 'Customer', email: 'sample@example.com', phone_number: '+201000000000' },
    },
    ...{ specialReference: null, extras: {}, notificationUrl: null, redirectionUrl: `${paymob.publicUrl}/_/` },
    ...{ subscriptionPlanId: plan.id, subscriptionStartDate: null, subscriptionId: null, cardTokens: [] },
    ...{ expiresAt: null, isPaid: false, ...fresh(paymob) },
  })
  const query = new URLSearchParams({ publicKey: account.publicKey, clientSecret: intention.clientSecret })
  return `/unifiedcheckout/?${query.toString()}`
}
