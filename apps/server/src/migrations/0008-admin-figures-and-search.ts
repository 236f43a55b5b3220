import { Migration } from '@mikro-orm/migrations'

export class AdminFiguresAndSearch0008 extends Migration {
  override up(): void {
    this.addSql(`create index "users_newest" on "users" ("created_at", "id");`)
    this.addSql(`create index "users_admins" on "users" ("created_at", "id") where "is_admin" = true;`)
    this.addSql(`create index "users_inactive" on "users" ("created_at", "id") where "is_active" = false;`)
    this.addSql(`create index "users_unverified" on "users" ("created_at", "id") where "is_verified" = false;`)
    // Does what the extension pg_trgm does, with built-in functions: not every operator may install an extension.
    this.addSql(`
      create function trigrams(text text) returns text[] language sql immutable strict parallel safe as $$
        select array(select distinct substr(text, i, 3) from generate_series(1, length(text) - 2) i)
      $$`)
    this.addSql(`create index "users_search" on "users" using gin (trigrams("email" || ' ' || "username_key"));`)
    this.addSql(
      `create index "subscriptions_figures" on "subscriptions" ("status", "plan_id", "currency", "billing_period", "price_cents");`,
    )
    this.addSql(`create index "audit_entries_action" on "audit_entries" ("action", "id");`)
  }
}
