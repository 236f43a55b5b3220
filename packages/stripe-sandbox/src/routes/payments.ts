import { PAGE, page } from '../http/list.ts'
import { hash, isWithin, string, timeRange } from '../http/params.ts'
import { route } from '../http/route.ts'
import { serializeCharge } from '../resources/charge.ts'
import { serializePaymentIntent } from '../resources/payment-intent.ts'
import { inPath } from './lookup.ts'

export const paymentRoutes = [
  route('GET', '/payment_intents/:id', hash({ client_secret: string() }), ({ account, id }) => serializePaymentIntent(account, inPath(account.paymentIntents, id, 'payment_intent', 'intent'))),
  route('GET', '/payment_intents', hash({ ...PAGE, created: timeRange(), customer: string() }), ({ account, params }) => {
    const rows = (params.customer === undefined ? account.paymentIntents.all() : account.paymentIntents.by('customer', params.customer)).filter((row) => isWithin(row.created, params.created))
    return page('/v1/payment_intents', rows, params, (row) => serializePaymentIntent(account, row))
  }),
  route('GET', '/charges/:id', hash({}), ({ account, id }) => serializeCharge(account, inPath(account.charges, id, 'charge'))),
  route('GET', '/charges', hash({ ...PAGE, created: timeRange(), customer: string(), payment_intent: string() }), ({ account, params }) => {
    const { customer, payment_intent, created } = params
    const candidates = payment_intent ? account.charges.by('payment_intent', payment_intent) : customer ? account.charges.by('customer', customer) : account.charges.all()
    const rows = candidates.filter((row) => (!customer || row.customer === customer) && isWithin(row.created, created))
    return page('/v1/charges', rows, params, (row) => serializeCharge(account, row))
  }),
]
