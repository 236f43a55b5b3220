import express, { type Router } from 'express'
import type { Paymob } from '../callbacks/paymob.ts'
import { payIntention, type Outcome } from '../checkout/pay-intention.ts'
import type { Tokens } from '../http/tokens.ts'
import { returnUrl } from '../pages/checkout.routes.ts'
import { failRefund, Refused } from '../payments/refunds.ts'
import { cardByNumber, TEST_CARDS } from '../payments/test-cards.ts'
import { transactionObject } from '../resources/transaction.ts'
import { CHOICES, type Settings } from '../settings.ts'
import { missing, refuse } from './controls.routes.ts'
import { readChaos, readFailure } from './read-chaos.ts'
import type { Timekeeper } from './time.ts'

/** JSON controls that make things go wrong, and the one that pays without a browser. */
export function chaosRoutes(paymob: Paymob, tokens: Tokens, time: Timekeeper): Router {
  const { state, chaos, account } = paymob
  const router = express.Router()

  router.get('/_/chaos', (_request, response) => {
    response.json(chaos.callbacks)
  })
  router.put('/_/chaos', (request, response) => {
    const wanted = readChaos(request.body)
    if (typeof wanted === 'string') return refuse(response, wanted)
    chaos.callbacks = wanted
    return response.json(wanted)
  })
  router.post('/_/fail-next', (request, response) => {
    const wanted = readFailure(request.body)
    if (typeof wanted === 'string') return refuse(response, wanted)
    chaos.failNext(wanted.count, wanted.failure)
    return response.json({ remaining: chaos.remaining })
  })
  router.put('/_/api', (request, response) => {
    const { down, slowMs = 0 } = fieldsOf(request.body)
    if (typeof down !== 'boolean') return refuse(response, '`down` must be true or false.')
    if (typeof slowMs !== 'number' || slowMs < 0) return refuse(response, '`slowMs` must be a number of at least 0.')
    chaos.isDown = down
    chaos.slowMs = slowMs
    return response.json({ down, slowMs })
  })
  router.get('/_/settings', (_request, response) => {
    response.json(paymob.settings)
  })
  router.put('/_/settings', (request, response) => {
    const wanted = fieldsOf(request.body)
    for (const [name, value] of Object.entries(wanted)) {
      const choices: readonly unknown[] = Object.hasOwn(CHOICES, name) ? CHOICES[name as keyof Settings] : []
      if (!choices.includes(value)) return refuse(response, `\`${name}\` must be one of: ${choices.join(', ')}.`)
    }
    paymob.settings = { ...paymob.settings, ...(wanted as Partial<Settings>) }
    return response.json(paymob.settings)
  })
  router.post('/_/tokens/expire', (_request, response) => {
    tokens.expireAll()
    response.json({})
  })
  router.post('/_/subscriptions/:id/fail-charges', (request, response) => {
    const row = state.subscriptions.find(request.params.id)
    const { on } = fieldsOf(request.body)
    if (!row) return missing(response, 'subscription')
    if (typeof on !== 'boolean') return refuse(response, '`on` must be true or false.')
    row.failsCharges = on
    state.save()
    return response.json({ subscription: row.id, on })
  })
  router.post('/_/refunds/:id/fail', (request, response) => {
    const row = state.transactions.find(request.params.id)
    if (!row) return missing(response, 'refund')
    try {
      failRefund(paymob, row)
    } catch (error) {
      if (error instanceof Refused) return refuse(response, error.message)
      throw error
    }
    state.save()
    return response.json({ transaction: transactionObject(state, account.region, row) })
  })
  router.post('/_/checkouts/pay', async (request, response) => {
    await time.catchUp()
    const {
      clientSecret,
      orderId,
      reference,
      card = TEST_CARDS[0]?.number,
      outcome,
      saveCard = false,
    } = fieldsOf(request.body)
    const intention = state.intentions
      .all()
      .findLast((row) => row.clientSecret === clientSecret || row.id === orderId || row.specialReference === reference)
    const testCard = typeof card === 'string' ? cardByNumber(card) : undefined
    if (!intention) return missing(response, 'intention')
    if (!testCard) return refuse(response, '`card` must be the number of a test card.')
    const wanted = OUTCOMES.find((each) => each === outcome)
    if (outcome !== undefined && !wanted) return refuse(response, `\`outcome\` must be one of ${OUTCOMES.join(', ')}.`)
    const transaction = payIntention(paymob, intention, {
      card: testCard,
      outcome: wanted,
      savesCard: saveCard === true,
    })
    if (!transaction) return refuse(response, 'This intention is paid or expired.')
    state.save()
    const returnTo = returnUrl(paymob, intention, transaction)
    return response.json({ transaction: transactionObject(state, account.region, transaction), returnTo })
  })
  return router
}

const OUTCOMES: readonly Outcome[] = ['approve', 'decline', 'fail_3ds']

function fieldsOf(body: unknown): Record<string, unknown> {
  return (body ?? {}) as Record<string, unknown>
}
