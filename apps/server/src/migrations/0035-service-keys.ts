import { Migration } from '@mikro-orm/migrations'

/** Keys of other programs, in a table of their own. The previous version doesn't use it. */
export class ServiceKeys0035 extends Migration {
  override up(): void {
    this.addSql(
      `create table if not exists "service_keys" ("id" uuid not null, "name" varchar(100) not null, "start" varchar(16) not null, "hash" varchar(43) not null, "scopes" jsonb not null, "created_at" timestamptz(6) not null, "expires_at" timestamptz(6) null, "revoked_at" timestamptz(6) null, "last_used_at" timestamptz(6) null, primary key ("id"))`,
    )
    this.addSql(`alter table "service_keys" add constraint "service_keys_hash" unique ("hash")`)
  }
}
