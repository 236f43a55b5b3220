import type { Payment } from '../../billing/index.ts'
import type { AdminScope } from '../admin-scope.ts'
import { readOwnersOf } from '../lists/read-owners-of.ts'
import type { OwnedPaymentView } from '../money.schemas.ts'
import { daysLeft } from './dispute-view.ts'

type Description = Pick<OwnedPaymentView, 'user' | 'account' | 'plan' | 'dispute'>

interface Row {
  id: string
  code: string | null
  name: string | null
  status: NonNullable<Description['dispute']>['status'] | null
  due_by: string | null
  is_inquiry: boolean | null
}

/** Reads whose payments these are, which plans they are for, and their latest disputes. */
export async function describePayments(
  { em, billing }: AdminScope,
  payments: readonly Payment[],
): Promise<(payment: Payment) => Description> {
  const ownerOf = await readOwnersOf(em, payments)
  const rows =
    payments.length === 0
      ? []
      : await em.execute<Row[]>(
          // What was bought then. Payments of older versions don't say it: the subscription's plan of today stands for it.
          `select p.id, coalesce(bought.code, plan.code) as code, coalesce(p.plan_name, plan.name) as name,
       d.status, d.due_by, d.is_inquiry
     from payments p
       left join subscriptions s on s.id = p.subscription_id left join plans plan on plan.id = s.plan_id
       left join lateral (select code from plans where name = p.plan_name
         order by id = plan.id desc, currency = p.currency desc, price_cents = p.amount desc, created_at limit 1) bought on true
       left join lateral (select * from disputes where payment_id = p.id order by opened_at desc, id desc limit 1) d on true
     where p.id = any(?::uuid[])`,
          [`{${payments.map(({ id }) => id).join(',')}}`],
        )
  const byId = new Map(rows.map((row) => [row.id, row]))
  const billingNow = await billing.time.now()
  return (payment) => {
    const row = byId.get(payment.id)
    const dueBy = row?.due_by ? new Date(row.due_by) : null
    return {
      ...ownerOf(payment),
      plan: row?.code && row.name ? { code: row.code, name: row.name } : null,
      dispute: row?.status
        ? { status: row.status, dueBy, daysLeft: daysLeft(dueBy, billingNow), isInquiry: row.is_inquiry ?? false }
        : null,
    }
  }
}
