import { Migration } from '@mikro-orm/migrations'

/** A profile has its user's time zone. The previous version doesn't know it: the column is nullable. */
export class TimeZones0033 extends Migration {
  override up(): void {
    this.addSql(`alter table "profiles" add column if not exists "time_zone" text null`)
  }
}
