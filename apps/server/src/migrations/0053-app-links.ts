import { Migration } from '@mikro-orm/migrations'

/** Accounts that an app links. The previous version knows none of these rows: they are stored under other hashes. */
export class AppLinks0053 extends Migration {
  override up(): void {
    this.addSql(
      `alter table "oauth_codes" add column if not exists "session_id" uuid null, add column if not exists "provider" text null constraint "oauth_codes_provider_check" check ("provider" in ('google', 'github')), add column if not exists "subject" varchar(255) null, add column if not exists "email" varchar(254) null;`,
    )
  }
}
