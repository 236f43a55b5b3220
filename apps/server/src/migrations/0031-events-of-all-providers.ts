import { Migration } from '@mikro-orm/migrations'

/**
 * An event keeps whose it is, if it names no customer itself, and can be found by what it is about, whatever its
 * provider. The previous version knows neither: the column is nullable, and both indexes are partial, so the events of
 * before are in none of them.
 *
 * Each index is built beside its use, and every statement can be repeated if it was interrupted.
 */
export class EventsOfAllProviders0031 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(`alter table "provider_events" add column if not exists "account_id" uuid null`)
    for (const [name, definition] of Object.entries(INDEXES)) {
      // An earlier attempt that was interrupted has left an invalid index.
      this.addSql(`drop index concurrently if exists "${name}"`)
      this.addSql(`create index concurrently "${name}" on "provider_events" ${definition}`)
    }
  }
}

const INDEXES = {
  provider_events_account: `("account_id", "received_at", "id") where "account_id" is not null`,
  provider_events_called: `(left(coalesce("payload" #>> '{subscription_data,id}', "payload" #>> '{obj,id}'), 255), "received_at", "id") where ("payload" #>> '{data,object,id}') is null`,
}
