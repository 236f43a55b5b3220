import { Migration } from '@mikro-orm/migrations'

/**
 * Disputes, orders to move subscribers, and the indexes of the operators' lists. The previous version knows none of
 * these tables, and the indexes are built beside its use. Every statement can be repeated if it was interrupted.
 */
export class MoneyLists0025 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(
      `create table if not exists "disputes" ("id" uuid not null, "payment_id" uuid not null, "provider_dispute_id" varchar(255) not null, "reason" varchar(100) not null, "status" text not null, "is_inquiry" boolean not null default false, "amount" bigint not null, "currency" varchar(3) not null, "due_by" timestamptz(6) null, "has_evidence" boolean not null default false, "opened_at" timestamptz(6) not null, "updated_at" timestamptz(6) not null, primary key ("id"), constraint "disputes_provider_unique" unique ("provider_dispute_id"), constraint "disputes_payment_id_foreign" foreign key ("payment_id") references "payments" ("id") on delete cascade, constraint "disputes_status_check" check ("status" in ('needs_response', 'under_review', 'won', 'lost', 'closed')))`,
    )
    this.addSql(`create index if not exists "disputes_payment" on "disputes" ("payment_id")`)
    this.addSql(`create index if not exists "disputes_opened" on "disputes" ("opened_at", "id")`)
    this.addSql(`create index if not exists "disputes_by_status" on "disputes" ("status", "opened_at", "id")`)
    this.addSql(
      `create index if not exists "disputes_due" on "disputes" ("due_by", "id") where "status" = 'needs_response'`,
    )
    this.addSql(
      `create table if not exists "plan_moves" ("id" uuid not null, "from_plan_id" uuid not null, "price_id" uuid not null, "at" text not null, "unit_price" bigint null, "started_before" timestamptz(6) null, "actor_id" uuid null, "listed_at" timestamptz(6) null, "created_at" timestamptz(6) not null, "finished_at" timestamptz(6) null, "stopped_at" timestamptz(6) null, primary key ("id"), constraint "plan_moves_from_plan_id_foreign" foreign key ("from_plan_id") references "plans" ("id") on delete cascade, constraint "plan_moves_price_id_foreign" foreign key ("price_id") references "plan_prices" ("id") on delete cascade, constraint "plan_moves_at_check" check ("at" in ('now', 'period_end')))`,
    )
    this.addSql(`create index if not exists "plan_moves_from" on "plan_moves" ("from_plan_id", "id")`)
    this.addSql(`create index if not exists "plan_moves_newest" on "plan_moves" ("created_at", "id")`)
    this.addSql(
      `create unique index if not exists "plan_moves_open" on "plan_moves" ("from_plan_id") where "finished_at" is null`,
    )
    this.addSql(
      `create table if not exists "plan_move_items" ("id" uuid not null, "move_id" uuid not null, "subscription_id" uuid not null, "status" text not null default 'waiting', "reason" varchar(64) null, "attempts" int not null default 0, "ended_at" timestamptz(6) null, primary key ("id"), constraint "plan_move_items_once" unique ("move_id", "subscription_id"), constraint "plan_move_items_move_id_foreign" foreign key ("move_id") references "plan_moves" ("id") on delete cascade, constraint "plan_move_items_subscription_id_foreign" foreign key ("subscription_id") references "subscriptions" ("id") on delete cascade, constraint "plan_move_items_status_check" check ("status" in ('waiting', 'done', 'refused')))`,
    )
    this.addSql(`create index if not exists "plan_move_items_status" on "plan_move_items" ("move_id", "status", "id")`)
    this.addSql(`create index if not exists "plan_move_items_subscription" on "plan_move_items" ("subscription_id")`)
    this.build('subscriptions_by_status', `"subscriptions" ("status", "started_at", "id")`)
    this.build('subscriptions_by_plan', `"subscriptions" ("plan_id", "started_at", "id")`)
    this.build(
      'subscriptions_by_end',
      `"subscriptions" ("status", "current_period_end", "id") where "status" != 'canceled'`,
    )
    this.build(
      'subscriptions_paid_prices',
      `"subscriptions" ("plan_id", "currency", "billing_period", "price", "unit_price", "included_seats", "per_seat_cents") where "status" != 'canceled' and "provider" != 'manual'`,
    )
    this.build('payments_by_status', `"payments" ("status", "created_at", "id") where "status" != 'succeeded'`)
    this.build('payments_refunded', `"payments" ("created_at", "id") where "refunded" > 0`)
    this.build('payments_by_amount', `"payments" ("currency", "amount")`)
  }

  private build(name: string, definition: string): void {
    // An earlier attempt that was interrupted has left an invalid index.
    this.addSql(`drop index concurrently if exists "${name}"`)
    this.addSql(`create index concurrently "${name}" on ${definition}`)
  }
}
