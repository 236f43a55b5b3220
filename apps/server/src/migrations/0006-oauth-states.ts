import { Migration } from '@mikro-orm/migrations'

export class OAuthStates0006 extends Migration {
  override up(): void {
    this.addSql(
      `create table "oauth_states" ("hash" varchar(64) not null, "provider" text not null, "browser_hash" varchar(64) null, "redirect_to" text not null, "session_id" uuid null, "expires_at" timestamptz(6) not null, primary key ("hash"));`,
    )
    this.addSql(`create index "oauth_states_session" on "oauth_states" ("session_id");`)
    this.addSql(`create index "oauth_states_expires_at" on "oauth_states" ("expires_at");`)
    this.addSql(
      `alter table "oauth_states" add constraint "oauth_states_session_id_foreign" foreign key ("session_id") references "sessions" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "oauth_states" add constraint "oauth_states_provider_check" check ("provider" in ('google', 'github'));`,
    )
  }
}
