import { Migration } from '@mikro-orm/migrations'

/**
 * Plans with seats. All new columns may be null, and the previous version ignores them: it shows the row as it is and
 * leaves the quantity to this version.
 *
 * Each statement takes a moment, or builds an index beside its use, and can be repeated if it was interrupted.
 */
export class Seats0021 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(
      `alter table "plans" add column if not exists "included_seats" int null, add column if not exists "per_seat_cents" int null, add column if not exists "max_seats" int null`,
    )
    this.addSql(
      `alter table "plan_prices" add column if not exists "included_seats" int null, add column if not exists "per_seat_cents" int null`,
    )
    this.addSql(
      `alter table "subscriptions" add column if not exists "included_seats" int null, add column if not exists "per_seat_cents" int null, add column if not exists "quantity_due" int null`,
    )
    this.addSql(`alter table "checkouts" add column if not exists "quantity" int null`)
    // An earlier attempt that was interrupted has left an invalid index.
    this.addSql(`drop index concurrently if exists "subscriptions_seats"`)
    this.addSql(
      `create index concurrently "subscriptions_seats" on "subscriptions" ("id") where "status" != 'canceled' and "per_seat_cents" is not null`,
    )
  }
}
