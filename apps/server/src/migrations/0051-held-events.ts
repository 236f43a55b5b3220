import { Migration } from '@mikro-orm/migrations'

/**
 * Until when an event waits that could not be presented, and when an endpoint's last attempt failed. The previous
 * version knows neither: the columns are nullable. The index has only rows that are held, so it is empty at first.
 */
export class HeldEvents0051 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(`alter table "events" add column if not exists "held_until" timestamptz(6) null`)
    this.addSql(`alter table "webhook_endpoints" add column if not exists "failed_at" timestamptz(6) null`)
    this.addSql(`drop index concurrently if exists "events_held"`)
    this.addSql(
      `create index concurrently "events_held" on "events" ("object_kind", "object_id") where "position" is null and "held_until" is not null`,
    )
  }
}
