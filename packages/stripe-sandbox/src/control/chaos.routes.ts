import express, { type Response, type Router } from 'express'
import { fieldsOf } from '../http/body.ts'
import { openDispute } from '../payments/disputes.ts'
import { failRefund } from '../payments/refunds.ts'
import { DECLINE_NAMES } from '../payments/test-cards.ts'
import { serializeDispute, serializeRefund } from '../resources/charge.ts'
import type { Account } from '../state/account.ts'
import type { CallFailure, Chaos } from '../webhooks/chaos.ts'
import { missing } from './control.routes.ts'

/** JSON controls that make things fail: deliveries, API calls, charges, refunds and disputes. */
export function chaosRoutes(account: Account, chaos: Chaos): Router {
  const router = express.Router()
  router.use('/_', express.json())

  router.get('/_/chaos', (_request, response) => {
    response.json(chaos.deliveries)
  })
  router.put('/_/chaos', (request, response) => {
    const fields = fieldsOf(request)
    const shares = (['drop', 'duplicate', 'reorder'] as const).map((name) => [name, fields[name] ?? 0] as const)
    const { delayMs = 0 } = fields
    const wrong = shares.find(([, share]) => typeof share !== 'number' || share < 0 || share > 1)
    if (wrong) return refuse(response, `\`${wrong[0]}\` must be a share from 0 to 1.`)
    if (typeof delayMs !== 'number' || delayMs < 0) return refuse(response, '`delayMs` must be a number of at least 0.')
    const [drop, duplicate, reorder] = shares.map(([, share]) => Number(share))
    chaos.deliveries = { drop: drop ?? 0, duplicate: duplicate ?? 0, reorder: reorder ?? 0, delayMs }
    return response.json(chaos.deliveries)
  })
  router.post('/_/fail-next', (request, response) => {
    const { count, status, timeout, reset, afterExecution, kept, delayMs } = fieldsOf(request)
    if (typeof count !== 'number' || count < 0) return refuse(response, '`count` must be a number of at least 0.')
    if (status !== undefined && (typeof status !== 'number' || status < 400 || status > 599))
      return refuse(response, '`status` must be an HTTP status from 400 to 599.')
    const failure: CallFailure = {
      ...(typeof status === 'number' && { status }),
      timeout: timeout === true,
      reset: reset === true,
      afterExecution: afterExecution === true,
      kept: kept === true,
      ...(typeof delayMs === 'number' && { delayMs }),
    }
    const says = failure.status !== undefined || failure.timeout || failure.reset || failure.delayMs !== undefined
    chaos.failNext(count, says ? failure : { ...failure, status: 500 })
    return response.json({ remaining: chaos.remaining })
  })
  router.post('/_/customers/:id/fail-charges', (request, response) => {
    const { id } = request.params
    const { on, decline = 'generic_decline' } = fieldsOf(request)
    const name = DECLINE_NAMES.find((each) => each === decline)
    if (!account.customers.has(id)) return missing(response, 'customer')
    if (typeof on !== 'boolean') return refuse(response, '`on` must be true or false.')
    if (!name) return refuse(response, `\`decline\` must be one of ${DECLINE_NAMES.join(', ')}.`)
    account.customers.patch(id, { failCharges: on ? name : null })
    return response.json({ customer: id, on })
  })
  router.post('/_/charges/:id/dispute', (request, response) => {
    const charge = account.charges.find(request.params.id)
    const { reason } = fieldsOf(request)
    if (!charge) return missing(response, 'charge')
    if (!charge.paid || charge.disputed)
      return refuse(
        response,
        charge.disputed ? 'This charge is already disputed.' : 'Only a paid charge can be disputed.',
      )
    const dispute = account.journal.transaction(() =>
      openDispute(account, charge.id, { reason: typeof reason === 'string' ? reason : 'fraudulent' }),
    )
    return response.json(serializeDispute(account, dispute))
  })
  router.post('/_/refunds/:id/fail', (request, response) => {
    const refund = account.refunds.find(request.params.id)
    if (!refund) return missing(response, 'refund')
    if (refund.status === 'failed') return refuse(response, 'This refund has already failed.')
    return response.json(serializeRefund(account.journal.transaction(() => failRefund(account, refund.id))))
  })
  return router
}

function refuse(response: Response, message: string): Response {
  return response.status(400).json({ error: { message } })
}
