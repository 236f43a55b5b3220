import { emitUpdated } from '../../events/emit.ts'
import { invalidRequest } from '../../http/errors.ts'
import { PAGE, page, UNMATCHED } from '../../http/list.ts'
import { hash, integer, isWithin, mergeMetadata, metadata, string, timeRange } from '../../http/params.ts'
import { route } from '../../http/route.ts'
import { capturePayment } from '../../payments/capture.ts'
import { serializeCharge, serializeRefund } from '../../resources/charge.ts'
import { customerInParam, inPath } from '../lookup.ts'

const UPDATE = hash({ customer: string(), description: string(), metadata: metadata() })

export const chargeRoutes = [
  route('GET', '/charges/:id', hash({}), ({ account, id }) =>
    serializeCharge(account, inPath(account.charges, id, 'charge')),
  ),
  route('POST', '/charges/:id', UPDATE, ({ account, id, params }) => {
    const old = inPath(account.charges, id, 'charge')
    if (params.customer !== undefined) {
      customerInParam(account, params.customer)
      if (old.customer !== null && old.customer !== params.customer)
        throw invalidRequest('You cannot update `customer` on a charge that already has a customer.', {
          param: 'customer',
        })
    }
    const row = account.charges.patch(id, { ...params, metadata: mergeMetadata(old.metadata, params.metadata) })
    emitUpdated(account, 'charge.updated', serializeCharge(account, old), serializeCharge(account, row))
    return serializeCharge(account, row)
  }),
  route('POST', '/charges/:id/capture', hash({ amount: integer({ min: 1 }) }), ({ account, id, params }) => {
    const { captured, payment_intent } = inPath(account.charges, id, 'charge')
    if (captured) throw invalidRequest(`Charge ${id} has already been captured.`, { code: 'charge_already_captured' })
    capturePayment(account, account.paymentIntents.get(payment_intent), params.amount)
    return serializeCharge(account, account.charges.get(id))
  }),
  route('GET', '/charges/:id/refunds', hash(PAGE), ({ account, id, params }) => {
    inPath(account.charges, id, 'charge')
    return page(`/v1/charges/${id}/refunds`, account.refunds.by('charge', id), params, serializeRefund)
  }),
  route(
    'GET',
    '/charges',
    hash({ ...PAGE, ...UNMATCHED, created: timeRange(), customer: string(), payment_intent: string() }),
    ({ account, params }) => {
      const { customer, payment_intent, created } = params
      const candidates = payment_intent
        ? account.charges.by('payment_intent', payment_intent)
        : customer
          ? account.charges.by('customer', customer)
          : account.charges.all()
      const rows = candidates.filter(
        (row) => (!customer || row.customer === customer) && isWithin(row.created, created),
      )
      return page('/v1/charges', rows, params, (row) => serializeCharge(account, row))
    },
  ),
]
