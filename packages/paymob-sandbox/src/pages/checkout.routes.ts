import express, { type Response, type Router } from 'express'
import type { Paymob } from '../callbacks/paymob.ts'
import { signTransaction } from '../callbacks/signatures.ts'
import { payIntention, type Outcome } from '../checkout/pay-intention.ts'
import { isRecord } from '../http/fields.ts'
import { isPayable } from '../payments/charge.ts'
import { behaviourOf } from '../payments/save-card.ts'
import { cardByNumber, TEST_CARDS, type TestCard } from '../payments/test-cards.ts'
import { redirectFields, transactionObject } from '../resources/transaction.ts'
import type { CardRow, IntentionRow, TransactionRow } from '../state/rows.ts'
import { checkoutPage } from './checkout-page.ts'
import { notice, sendPage } from './layout.ts'

/** The unified checkout page, which the customer is sent to. */
export function checkoutRoutes(paymob: Paymob, catchUp: () => Promise<void>): Router {
  const { account, state } = paymob
  const router = express.Router()
  const show = (response: Response, intention: IntentionRow, error?: string): void => {
    const savedCards = state.cards.all().filter((card) => intention.cardTokens.includes(card.token))
    const plan = state.plans.find(intention.subscriptionPlanId)
    const status = error === undefined ? 200 : 402
    const { publicKey, merchant } = account
    sendPage(response, status, checkoutPage({ publicKey, merchant, intention, plan, savedCards, error }))
  }

  router.get('/unifiedcheckout/', (request, response) => {
    const intention = openIntention(paymob, request.query, response)
    if (intention) show(response, intention)
  })
  router.post('/unifiedcheckout/', express.urlencoded({ extended: false }), async (request, response) => {
    await catchUp()
    const form: Record<string, unknown> = isRecord(request.body) ? request.body : {}
    const intention = openIntention(paymob, form, response)
    if (!intention) return
    if (form['outcome'] === 'abandon') {
      sendPage(response, 200, leftPage(paymob, intention))
      return
    }
    const outcome = OUTCOMES.find((each) => each === form['outcome'])
    const saved = savedCardIn(paymob, intention, form)
    const card = saved ? behaviourOf(saved) : cardIn(form, outcome)
    if (!card) {
      show(response, intention, 'This card number is not one of the test cards.')
      return
    }
    const transaction = payIntention(paymob, intention, { card, outcome, savesCard: form['saveCard'] === 'yes', saved })
    state.save()
    if (transaction) goBack(paymob, intention, transaction, response)
    else response.redirect(303, request.originalUrl)
  })
  return router
}

const OUTCOMES: readonly Outcome[] = ['approve', 'decline', 'fail_3ds']

/** @returns the intention if it can be paid; otherwise it sends a page that says why not. */
function openIntention(paymob: Paymob, fields: Record<string, unknown>, response: Response): IntentionRow | null {
  const { account, state, chaos } = paymob
  if (chaos.isDown) {
    sendPage(response, 503, notice('Service unavailable', 'Paymob is down: the control page of the sandbox says so.'))
    return null
  }
  const row = state.intentions.all().find((each) => each.clientSecret === fields['clientSecret'])
  if (!row || fields['publicKey'] !== account.publicKey) {
    sendPage(response, 404, notice('Not found', 'The public key or the client secret in the address is wrong.'))
    return null
  }
  if (isPayable(row)) return row
  if (row.isPaid) sendPage(response, 200, notice('Already paid', `Order ${row.id} is paid.`))
  else sendPage(response, 410, notice('Expired', 'This page has expired. Start again in the app.'))
  return null
}

function cardIn(form: Record<string, unknown>, outcome: Outcome | undefined): TestCard | undefined {
  const typed = form['testCard'] ?? form['cardNumber']
  if (typeof typed === 'string' && typed !== '') return cardByNumber(typed)
  return outcome === undefined ? undefined : TEST_CARDS[0]
}

function savedCardIn({ state }: Paymob, intention: IntentionRow, form: Record<string, unknown>): CardRow | undefined {
  return state.cards.all().find((card) => card.token === form['savedCard'] && intention.cardTokens.includes(card.token))
}

/** Sends the customer back to the app, with the signed result in the query. */
function goBack(paymob: Paymob, intention: IntentionRow, transaction: TransactionRow, response: Response): void {
  const url = returnUrl(paymob, intention, transaction)
  if (url !== null) response.redirect(303, url)
  else if (transaction.success) sendPage(response, 200, notice('Paid', `Transaction ${transaction.id} succeeded.`))
  else sendPage(response, 402, notice('Not paid', `Transaction ${transaction.id} failed: ${transaction.message}.`))
}

/** Where the customer goes after a payment; null if neither the intention nor the dashboard says. */
export function returnUrl(paymob: Paymob, intention: IntentionRow, transaction: TransactionRow): string | null {
  const { account, state } = paymob
  const back = intention.redirectionUrl ?? account.returnUrl
  if (back === null) return null
  const url = new URL(back)
  const fields = redirectFields(state, account.region, transaction)
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value)
  const obj = transactionObject(state, account.region, transaction)
  url.searchParams.set('hmac', signTransaction(account.hmacSecret, obj))
  return url.href
}

function leftPage({ account }: Paymob, { clientSecret }: IntentionRow) {
  const query = new URLSearchParams({ publicKey: account.publicKey, clientSecret })
  return notice('You left the page', 'Nothing was paid, and Paymob tells the app nothing. The page stays open.', {
    href: `/unifiedcheckout/?${query.toString()}`,
    label: 'Back to the checkout page',
  })
}
