import { Migration } from '@mikro-orm/migrations'

/**
 * Discounts, and what they and included taxes take of a subscription's price, which MRR counts no longer.
 *
 * The previous version knows none of it: the columns are nullable, and a row without them counts its full price, as
 * before. Rows get them when they are next converged. The index is built beside its use, and every statement can be
 * repeated if it was interrupted.
 */
export class Discounts0039 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(
      `create table if not exists "discounts" ("id" uuid not null, "provider" text not null, "name" varchar(40) not null, "code" varchar(64) null, "percent_off" numeric(5,2) null, "amount_off" bigint null, "currency" varchar(3) null, "duration" text not null, "months" int null, "max_redemptions" int null, "expires_at" timestamptz(6) null, "plan_codes" jsonb null, "first_time_only" boolean not null default false, "minimum" bigint null, "status" text not null default 'draft', "provider_coupon_id" varchar(255) null, "provider_code_id" varchar(255) null, "provider_account" varchar(255) null, "created_at" timestamptz(6) not null, "ended_at" timestamptz(6) null, primary key ("id"), constraint "discounts_provider_check" check ("provider" in ('stripe', 'paymob')), constraint "discounts_duration_check" check ("duration" in ('once', 'repeating', 'forever')), constraint "discounts_status_check" check ("status" in ('draft', 'active', 'ended')))`,
    )
    this.addSql(`create index if not exists "discounts_newest" on "discounts" ("created_at", "id")`)
    this.addSql(
      `create unique index if not exists "discounts_code_open" on "discounts" (upper("code")) where "status" <> 'ended' and "code" is not null`,
    )
    this.addSql(
      `alter table "subscriptions" add column if not exists "discount" bigint null, add column if not exists "included_tax" bigint null, add column if not exists "discounts" jsonb null`,
    )
    this.addSql(`alter table "checkouts" add column if not exists "promotion_code_id" varchar(255) null`)
    for (const statement of FUNCTIONS) this.addSql(statement)
    // An earlier attempt that was interrupted has left an invalid index.
    this.addSql(`drop index concurrently if exists "subscriptions_deducted"`)
    this.addSql(
      `create index concurrently "subscriptions_deducted" on "subscriptions" ("status", "currency", "billing_period", "interval_unit", "interval_count", "discount", "included_tax") where "discount" > 0 or "included_tax" > 0`,
    )
  }
}

const KEY = `plan_id, status, provider = 'manual', currency, billing_period, interval_unit, interval_count,
  coalesce(unit_price, price), included_seats, per_seat_cents`
const COLUMNS = `plan_id, status, is_grant, currency, billing_period, interval_unit, interval_count, unit_price,
  included_seats, per_seat_cents, count, amount`
const NET = 'net_price(price, discount, included_tax)'
const added = `select ${KEY}, count(*), sum(${NET}) from new_rows group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10`
const removed = `select ${KEY}, -count(*), -sum(${NET}) from old_rows group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10`

const note = (rows: string) => `begin
  insert into plan_counts (${COLUMNS}) ${rows};
  return null;
end`

const FUNCTIONS = [
  // What of a price is revenue. The previous version changes the price alone, so the rest may be more than the price.
  `create or replace function net_price(price bigint, discount bigint, included_tax bigint)
   returns bigint language sql immutable parallel safe as $$
     select greatest(0, price - coalesce(discount, 0) - coalesce(included_tax, 0))
   $$`,

  `create or replace function subscriptions_yearly() returns trigger language plpgsql as $$
   begin
     new.yearly := yearly_revenue(new.status, net_price(new.price, new.discount, new.included_tax), new.billing_period,
       new.interval_unit, new.interval_count);
     return new;
   end $$`,

  `create or replace function count_plans_insert() returns trigger language plpgsql as $$ ${note(added)} $$`,
  `create or replace function count_plans_delete() returns trigger language plpgsql as $$ ${note(removed)} $$`,
  `create or replace function count_plans_update() returns trigger language plpgsql as $$ ${note(`
    select plan_id, status, is_grant, currency, billing_period, interval_unit, interval_count, unit_price, included_seats,
      per_seat_cents, sum(count), sum(amount)
    from (${removed} union all ${added})
      change (plan_id, status, is_grant, currency, billing_period, interval_unit, interval_count, unit_price,
        included_seats, per_seat_cents, count, amount)
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 having sum(count) <> 0 or sum(amount) <> 0`)} $$`,

  `create or replace function recount_plans() returns void language sql as $$
     lock table plan_counts in share row exclusive mode;
     delete from plan_counts;
     insert into plan_counts (${COLUMNS})
     select ${KEY}, count(*), sum(${NET}) from subscriptions group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
   $$`,
]
