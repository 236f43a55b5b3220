import { Migration } from '@mikro-orm/migrations'

const INDEXES = [
  `"mails_user" on "mails" ("user_id", "created_at", "id") where "user_id" is not null`,
  `"invitations_user" on "invitations" ("user_id", "created_at", "id") where "user_id" is not null`,
  `"payments_invoice_number" on "payments" (upper("invoice_number")) where "invoice_number" is not null`,
]

/**
 * Mails and invitations name the person who had the address, an invoice is found by its number, and the subscriptions of
 * plans are counted by triggers.
 *
 * The previous version writes neither user id. Its mails are found by the recipient, as before. The columns are nullable,
 * and the indexes are built beside their use. The first count is an index-only scan, in the transaction that adds the
 * triggers, so that no change is lost or counted twice. Every statement can be repeated if it was interrupted.
 */
export class WhoseMailsAndPlanCounts0032 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(`alter table "mails" add column if not exists "user_id" uuid null`)
    this.addSql(`alter table "invitations" add column if not exists "user_id" uuid null`)
    // Few are open at a time. Who has proven the address now is whom they were sent to.
    this.addSql(
      `update "invitations" set "user_id" = person.id from "users" person
       where person.email = "invitations"."email" and person.is_verified
         and "invitations"."status" = 'open' and "invitations"."user_id" is null`,
    )
    this.addSql(
      `create table if not exists "plan_counts" ("id" bigserial primary key, "plan_id" uuid not null, "status" text not null, "is_grant" boolean not null, "currency" varchar(3) not null, "billing_period" text not null, "interval_unit" varchar(5) null, "interval_count" int null, "unit_price" bigint not null, "included_seats" int null, "per_seat_cents" int null, "count" bigint not null, "amount" numeric(30,0) not null)`,
    )
    for (const statement of FUNCTIONS) this.addSql(statement)
    this.addSql(`
      do $$ begin
        lock table "subscriptions" in share row exclusive mode;
        ${trigger('insert', 'new table as new_rows')}
        ${trigger('update', 'old table as old_rows new table as new_rows')}
        ${trigger('delete', 'old table as old_rows')}
        perform recount_plans();
      end $$`)
    for (const index of INDEXES) {
      const name = /"(\w+)"/.exec(index)?.[1] ?? ''
      // An earlier attempt that was interrupted has left an invalid index.
      this.addSql(`drop index concurrently if exists "${name}"`)
      this.addSql(`create index concurrently ${index}`)
    }
  }
}

const trigger = (event: string, tables: string) =>
  `create or replace trigger "subscriptions_count_plans_${event}" after ${event} on "subscriptions"
     referencing ${tables} for each statement execute function count_plans_${event}();`

const KEY = `plan_id, status, provider = 'manual', currency, billing_period, interval_unit, interval_count,
  coalesce(unit_price, price), included_seats, per_seat_cents`
const COLUMNS = `plan_id, status, is_grant, currency, billing_period, interval_unit, interval_count, unit_price,
  included_seats, per_seat_cents, count, amount`
const added = `select ${KEY}, count(*), sum(price) from new_rows group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10`
const removed = `select ${KEY}, -count(*), -sum(price) from old_rows group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10`

/** A row is a difference, and the sum of all rows is the count. So no transaction waits for another. */
const note = (rows: string) => `begin
  insert into plan_counts (${COLUMNS}) ${rows};
  return null;
end`

const FUNCTIONS = [
  `create or replace function count_plans_insert() returns trigger language plpgsql as $$ ${note(added)} $$`,
  `create or replace function count_plans_delete() returns trigger language plpgsql as $$ ${note(removed)} $$`,
  `create or replace function count_plans_update() returns trigger language plpgsql as $$ ${note(`
    select plan_id, status, is_grant, currency, billing_period, interval_unit, interval_count, unit_price, included_seats,
      per_seat_cents, sum(count), sum(amount)
    from (${removed} union all ${added})
      change (plan_id, status, is_grant, currency, billing_period, interval_unit, interval_count, unit_price,
        included_seats, per_seat_cents, count, amount)
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 having sum(count) <> 0 or sum(amount) <> 0`)} $$`,

  // For the first count, and for rows that were written without triggers. Nothing else may write subscriptions meanwhile.
  // The lock keeps the job that adds the rows up from adding one that the deletion doesn't see.
  `create or replace function recount_plans() returns void language sql as $$
     lock table plan_counts in share row exclusive mode;
     delete from plan_counts;
     insert into plan_counts (${COLUMNS})
     select ${KEY}, count(*), sum(price) from subscriptions group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
   $$`,
]
