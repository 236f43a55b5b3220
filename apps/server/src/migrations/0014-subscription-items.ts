import { Migration } from '@mikro-orm/migrations'

/** A subscription knows which item at the provider is its plan, and how many of it are paid for. */
export class SubscriptionItems0014 extends Migration {
  override up(): void {
    this.addSql(
      `alter table "subscriptions" add "provider_item_id" varchar(255) null, add "unit_price_cents" int null, add "quantity" int not null default 1;`,
    )
  }
}
