import { Migration } from '@mikro-orm/migrations'

/** Logins with Google and GitHub for apps. The previous version ignores the new columns, and logs the browser in. */
export class AppLogins0050 extends Migration {
  override up(): void {
    this.addSql(
      `alter table "oauth_states" add column if not exists "app_redirect" text null, add column if not exists "verifier_hash" varchar(64) null;`,
    )
    this.addSql(
      `create table if not exists "oauth_codes" ("hash" varchar(64) primary key, "verifier_hash" varchar(64) not null, "user_id" uuid not null constraint "oauth_codes_user_id_foreign" references "users" ("id") on delete cascade, "expires_at" timestamptz(6) not null);`,
    )
    this.addSql(`create index if not exists "oauth_codes_user" on "oauth_codes" ("user_id");`)
    this.addSql(`create index if not exists "oauth_codes_expires_at" on "oauth_codes" ("expires_at");`)
  }
}
