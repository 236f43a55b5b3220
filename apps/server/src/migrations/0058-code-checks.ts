import { Migration } from '@mikro-orm/migrations'

/** Which promotion codes scheduled changes will redeem, and when we have looked at them. The previous version asks for all. */
export class CodeChecks0058 extends Migration {
  override up(): void {
    this.addSql(
      `create table "code_checks" ("subscription_id" uuid not null, "refs" text[] not null, "checked_at" timestamptz(6) null, primary key ("subscription_id"))`,
    )
    this.addSql(
      `alter table "code_checks" add constraint "code_checks_subscription_id_foreign" foreign key ("subscription_id") references "subscriptions" ("id") on update cascade on delete cascade`,
    )
  }
}
