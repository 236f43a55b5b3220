import { Migration } from '@mikro-orm/migrations'

export class AccountsAndLimits0003 extends Migration {
  override up(): void {
    // Unlogged: counters are not worth a disk write each, and may start again after a crash of the database.
    this.addSql(
      `create unlogged table "rate_limits" ("key" varchar(255) not null, "points" int not null default 0, "expire" bigint null, primary key ("key"));`,
    )
    this.addSql(`create index "rate_limits_expire" on "rate_limits" ("expire");`)
    this.addSql(`alter table "sessions" drop constraint "sessions_ended_reason_check";`)
    this.addSql(
      `alter table "sessions" add constraint "sessions_ended_reason_check" check ("ended_reason" in ('logged_out', 'replaced', 'revoked', 'reused', 'password_changed', 'email_changed', 'address_proven', 'deactivated'));`,
    )
    this.addSql(`create index "refresh_tokens_expires_at" on "refresh_tokens" using brin ("expires_at");`)
  }
}
