import { isDeepStrictEqual } from 'node:util'
import { atProvider, type BillingScope } from '../billing-scope.ts'
import type { PreviewMoveInput } from '../plan-move.schemas.ts'
import type { Offer, Plan } from '../plan.entity.ts'
import { intervalOf } from '../plans/billing-interval.ts'
import { seatTermsOf } from '../plans/seat-terms.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'
import { OTHER_ACCOUNT } from '../providers/payment-provider.ts'

type Filters = Pick<PreviewMoveInput, 'unitPriceCents' | 'startedBefore'>

/**
 * The subscriptions `s` that a move is about: live ones of the plan that match the filters. Those for whose period and
 * currency the target has another price are left out: they are moved to that one.
 */
export function subscribersOf(
  planId: string,
  { plan, offer }: { plan: Plan; offer: Offer },
  { unitPriceCents, startedBefore }: { [Name in keyof Filters]?: Filters[Name] | null | undefined },
): { where: string; values: unknown[] } {
  const others = plan.offers().filter((one) => !isDeepStrictEqual(one, offer))
  const conditions = [
    ["s.plan_id = ? and s.status <> 'canceled'", planId],
    ...(others.length === 0
      ? []
      : [
          [
            `not (s.interval_unit is null and exists (select 1 from jsonb_to_recordset(?::jsonb)
               as sold ("billingPeriod" text, currency text)
               where sold."billingPeriod" = s.billing_period and sold.currency = s.currency))`,
            JSON.stringify(others),
          ],
        ]),
    ...(unitPriceCents === undefined || unitPriceCents === null
      ? []
      : [['coalesce(s.unit_price, s.price) = ?', unitPriceCents]]),
    ...(startedBefore ? [['s.started_at < ?', startedBefore]] : []),
  ] as const
  return { where: conditions.map(([sql]) => sql).join(' and '), values: conditions.map(([, value]) => value) }
}

/**
 * Every subscription that a move is about, with what it pays, what it would pay, and `reason`: why it can't move, or
 * null. It says the same as `planChangeTiming`, which a test compares, for a million rows in one statement.
 *
 * What only the provider knows is missing: a card, discounts, taxes, a balance.
 *
 * @throws {ProviderUnsupported} if the target's provider is not configured.
 */
export async function movableSql(
  scope: BillingScope,
  { from, to, offer, at, ...filters }: { from: Plan; to: Plan; offer: Offer; at: 'now' | 'period_end' } & Filters,
): Promise<{ sql: string; values: unknown[] }> {
  const { billing } = scope
  const seats = seatTermsOf({ includedSeats: to.includedSeats, perSeatCents: offer.perSeatCents })
  const { unit, count } = intervalOf(offer)
  const account = await atProvider(scope, offer.provider).billing.provider.account()
  const changing = Object.entries(CAPABILITIES).flatMap(([name, { changesPlans }]) => (changesPlans ? [name] : []))
  const { where, values } = subscribersOf(from.id, { plan: to, offer }, filters)
  const billingNow = await billing.time.now()
  const terms = {
    ...{ to_plan: to.id, to_price: offer.priceCents, to_currency: offer.currency },
    ...{ to_provider: offer.provider, to_period: offer.billingPeriod },
    ...{ to_unit: unit, to_count: count },
    ...{ to_included: seats?.included ?? null, to_per_seat: seats?.perSeatCents ?? null, to_limit: to.seatLimit() },
    ...{ at, now: billingNow.toISOString(), changing, account, other: OTHER_ACCOUNT, counts: to.seats() !== null },
  }
  return {
    sql: `
      with terms as (
        select * from jsonb_to_record(?::jsonb) as t (to_plan uuid, to_price bigint, to_currency text, to_provider text,
          to_period text, to_unit text, to_count int, to_included int, to_per_seat bigint, to_limit int, at text, now timestamptz, changing text[],
          account text, other text, counts boolean)
      ), found as (
        select s.*, terms.*, today.id as to_price_id, coalesce(s.unit_price, s.price) as held,
          coalesce(s.interval_unit, case s.billing_period when 'yearly' then 'year' else 'month' end) as held_unit,
          coalesce(s.interval_count, 1) as held_count,
          account.closed_at is null and coalesce(person.is_active, true) as is_open,
          case when terms.counts then (select count(*) from members m where m.account_id = s.account_id) end as members
        from subscriptions s join accounts account on account.id = s.account_id
          left join users person on person.id = s.account_id cross join terms
          left join plan_prices today on today.plan_id = terms.to_plan
            and (today.archived_at is null or today.is_further)
            and today.billing_period = to_period and today.currency = to_currency where ${where}
      ), priced as (
        select *,
          held_unit = to_unit and held_count = to_count as is_same_interval,
          case when per_seat_cents is null then held * quantity
            else held + greatest(0, quantity - included_seats) * per_seat_cents end as old_cost,
          case when to_per_seat is not null then to_price + greatest(0, greatest(1, members) - to_included) * to_per_seat
            when per_seat_cents is not null or quantity_due is not null then to_price
            else to_price * quantity end as new_cost,
          greatest(0, least(1, extract(epoch from current_period_end - date_trunc('second', now))
            / nullif(extract(epoch from current_period_end - current_period_start), 0))) as unused,
          case
            when not is_open then 'ACCOUNT_CLOSED'
            when provider <> all (changing) or provider_subscription_id is null then 'PROVIDER_UNSUPPORTED'
            when provider <> to_provider then 'PROVIDER_UNSUPPORTED'
            when provider_account = other or provider_account <> account then 'PROVIDER_UNSUPPORTED'
            when cancel_at_period_end then 'ALREADY_CANCELING'
            when scheduled_plan_id <> to_plan or (scheduled_plan_id is not null and at = 'now')
              or (scheduled_plan_id is not null and scheduled_billing_period <> to_period) then 'OTHER_PLAN_CHOSEN'
            when scheduled_price_id = to_price_id then 'SAME_PLAN'
            when plan_id = to_plan and held = to_price and held_unit = to_unit and held_count = to_count
              and currency = to_currency and per_seat_cents is not distinct from to_per_seat
              and (to_per_seat is null or included_seats = to_included) then 'SAME_PLAN'
            when paused_from is not null then 'SUBSCRIPTION_PAUSED'
            when status not in ('active', 'trialing') then 'PAYMENT_DUE'
            when currency <> to_currency then 'CURRENCY_MISMATCH'
            when members > to_limit then 'SEAT_LIMIT'
          end as reason
        from found
      )
      select *, case
        when at <> 'now' or status = 'trialing' then 0
        when not is_same_interval or (old_cost = 0 and new_cost > 0) then new_cost - round(old_cost * unused)
        else round(new_cost * unused) - round(old_cost * unused) end as balance
      from priced`,
    values: [JSON.stringify(terms), ...values],
  }
}
