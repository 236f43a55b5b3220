import { fresh, type Paymob } from '../callbacks/paymob.ts'
import type { Call, Route } from '../http/api.ts'
import { badField, PaymobError } from '../http/errors.ts'
import type { Fields } from '../http/fields.ts'
import { pageOf } from '../http/page.ts'
import { planObject } from '../resources/subscription.ts'
import type { PlanRow } from '../state/rows.ts'

const FREQUENCIES = [7, 15, 30, 60, 90, 180, 360, 365]
const PATH = '/api/acceptance/subscription-plans'

export function planRoutes(paymob: Paymob): Route[] {
  const { state } = paymob
  const shown = (row: PlanRow) => planObject(paymob.account.region, row)
  const found = ({ params }: Call): PlanRow => {
    const row = state.plans.find(params['id'])
    if (!row) throw new PaymobError(404, { detail: 'Not found.' })
    return row
  }
  const switched = (isActive: boolean) => (call: Call) => {
    const row = found(call)
    row.isActive = isActive
    row.updatedAt = paymob.clock.now()
    return shown(row)
  }
  return [
    {
      method: 'post',
      path: PATH,
      key: 'token',
      status: 201,
      handle: ({ fields }) => shown(createPlan(paymob, fields)),
    },
    {
      method: 'get',
      path: PATH,
      key: 'token',
      handle: ({ query }) => pageOf(paymob, PATH, state.plans.all().toReversed().map(shown), query),
    },
    { method: 'get', path: `${PATH}/:id`, key: 'token', handle: (call) => shown(found(call)) },
    {
      method: 'put',
      path: `${PATH}/:id`,
      key: 'token',
      // Everything else in the body is ignored: a plan's name and frequency never change.
      handle: (call) => {
        const row = found(call)
        const { fields } = call
        if (fields.has('number_of_deductions'))
          row.numberOfDeductions = fields.optionalInteger('number_of_deductions', 1)
        if (fields.has('amount_cents')) row.amountCents = fields.integer('amount_cents', 1)
        if (fields.has('integration')) row.integration = motoIn(paymob, fields)
        row.updatedAt = paymob.clock.now()
        return shown(row)
      },
    },
    { method: 'post', path: `${PATH}/:id/suspend`, key: 'token', handle: switched(false) },
    { method: 'post', path: `${PATH}/:id/resume`, key: 'token', handle: switched(true) },
  ]
}

function createPlan(paymob: Paymob, fields: Fields): PlanRow {
  const frequency = fields.integer('frequency', 1)
  if (!FREQUENCIES.includes(frequency)) throw badField('frequency', `"${frequency}" is not a valid choice.`)
  if ((fields.optionalText('plan_type') ?? 'rent') !== 'rent') throw badField('plan_type', 'Not a valid choice.')
  return paymob.state.plans.add({
    name: fields.text('name'),
    frequency,
    amountCents: fields.integer('amount_cents', 1),
    useTransactionAmount: fields.boolean('use_transaction_amount', true),
    numberOfDeductions: fields.optionalInteger('number_of_deductions', 1),
    reminderDays: fields.optionalInteger('reminder_days'),
    retrialDays: fields.optionalInteger('retrial_days'),
    isActive: fields.boolean('is_active', true),
    integration: motoIn(paymob, fields),
    webhookUrl: fields.optionalUrl('webhook_url'),
    ...fresh(paymob),
  })
}

function motoIn({ account }: Paymob, fields: Fields): number {
  const integration = fields.integer('integration')
  if (integration !== account.integrations.moto) throw badField('integration', 'The integration must be of type MOTO.')
  return integration
}
