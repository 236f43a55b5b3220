import { Migration } from '@mikro-orm/migrations'

export class Initial0001 extends Migration {
  override up(): void {
    this.addSql(
      `create table "audit_entries" ("id" uuid not null, "actor_id" uuid null, "action" varchar(64) not null, "target_type" varchar(32) not null, "target_id" varchar(64) not null, "before" jsonb null, "after" jsonb null, "request_id" varchar(64) null, "ip" varchar(64) null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    )
    this.addSql(`create index "audit_entries_actor" on "audit_entries" ("actor_id", "id");`)
    this.addSql(`create index "audit_entries_target" on "audit_entries" ("target_id", "id");`)
    this.addSql(
      `create table "mails" ("id" uuid not null, "fact" varchar(400) not null, "template" varchar(64) not null, "recipient" varchar(254) not null, "created_at" timestamptz(6) not null, "sent_at" timestamptz(6) null, primary key ("id"));`,
    )
    this.addSql(`alter table "mails" add constraint "mails_fact_unique" unique ("fact");`)
    this.addSql(
      `create table "plans" ("id" uuid not null, "code" varchar(64) not null, "name" varchar(100) not null, "price_cents" int not null, "currency" varchar(3) not null, "billing_period" text not null, "tier" text not null, "trial_days" int not null default 0, "status" text not null default 'draft', "provider_product_id" varchar(255) null, "created_at" timestamptz(6) not null, "updated_at" timestamptz(6) not null, primary key ("id"));`,
    )
    this.addSql(`alter table "plans" add constraint "plans_code_unique" unique ("code");`)
    this.addSql(
      `create table "plan_prices" ("id" uuid not null, "plan_id" uuid not null, "price_cents" int not null, "currency" varchar(3) not null, "billing_period" text not null, "provider_price_id" varchar(255) null, "created_at" timestamptz(6) not null, "archived_at" timestamptz(6) null, primary key ("id"));`,
    )
    this.addSql(
      `alter table "plan_prices" add constraint "plan_prices_provider_price_unique" unique ("provider_price_id");`,
    )
    this.addSql(`create unique index "plan_prices_current" on "plan_prices" ("plan_id") where "archived_at" is null;`)
    this.addSql(
      `create table "provider_events" ("id" uuid not null, "provider" text not null, "provider_event_id" varchar(255) not null, "type" varchar(100) not null, "status" text not null default 'received', "occurred_at" timestamptz(6) not null, "payload" jsonb not null, "received_at" timestamptz(6) not null, "processed_at" timestamptz(6) null, "attempts" int not null default 0, "last_error" text null, primary key ("id"));`,
    )
    this.addSql(
      `alter table "provider_events" add constraint "provider_events_id_unique" unique ("provider", "provider_event_id");`,
    )
    this.addSql(
      `create table "users" ("id" uuid not null, "email" varchar(254) not null, "username" varchar(32) not null, "username_key" varchar(32) not null, "password_hash" text null, "is_verified" boolean not null default false, "is_active" boolean not null default true, "is_admin" boolean not null default false, "provider" text not null default 'local', "created_at" timestamptz(6) not null, "updated_at" timestamptz(6) not null, primary key ("id"));`,
    )
    this.addSql(`alter table "users" add constraint "users_email_unique" unique ("email");`)
    this.addSql(`alter table "users" add constraint "users_username_unique" unique ("username_key");`)
    this.addSql(
      `create table "subscriptions" ("id" uuid not null, "user_id" uuid not null, "plan_id" uuid not null, "provider" text not null, "provider_subscription_id" varchar(255) null, "status" text not null, "price_cents" int not null, "currency" varchar(3) not null, "billing_period" text not null, "started_at" timestamptz(6) not null, "current_period_start" timestamptz(6) not null, "current_period_end" timestamptz(6) not null, "cancel_at_period_end" boolean not null default false, "canceled_at" timestamptz(6) null, "ended_at" timestamptz(6) null, "past_due_since" timestamptz(6) null, "scheduled_plan_id" uuid null, "scheduled_at" timestamptz(6) null, "superseded_at" timestamptz(6) null, "created_at" timestamptz(6) not null, "updated_at" timestamptz(6) not null, primary key ("id"));`,
    )
    this.addSql(
      `alter table "subscriptions" add constraint "subscriptions_provider_unique" unique ("provider_subscription_id");`,
    )
    this.addSql(`create index "subscriptions_user" on "subscriptions" ("user_id", "id");`)
    this.addSql(
      `create index "subscriptions_due" on "subscriptions" ("current_period_end") where "status" != 'canceled';`,
    )
    this.addSql(
      `create unique index "subscriptions_one_live" on "subscriptions" ("user_id") where "status" != 'canceled';`,
    )
    this.addSql(
      `create table "sessions" ("id" uuid not null, "user_id" uuid not null, "ip" varchar(64) not null, "user_agent" varchar(400) not null, "created_at" timestamptz(6) not null, "last_used_at" timestamptz(6) not null, "expires_at" timestamptz(6) not null, "ended_at" timestamptz(6) null, "ended_reason" text null, primary key ("id"));`,
    )
    this.addSql(`create index "sessions_expires_at" on "sessions" ("expires_at");`)
    this.addSql(`create index "sessions_user_live" on "sessions" ("user_id") where "ended_at" is null;`)
    this.addSql(
      `create table "refresh_tokens" ("jti" uuid not null, "session_id" uuid not null, "hash" varchar(64) not null, "key_id" varchar(16) not null, "issued_at" timestamptz(6) not null, "expires_at" timestamptz(6) not null, "rotated_at" timestamptz(6) null, "replaced_by_jti" uuid null, primary key ("jti"));`,
    )
    this.addSql(
      `create unique index "refresh_tokens_newest" on "refresh_tokens" ("session_id") where "rotated_at" is null;`,
    )
    this.addSql(
      `create table "profiles" ("user_id" uuid not null, "first_name" varchar(100) null, "last_name" varchar(100) null, "avatar_url" text null, "updated_at" timestamptz(6) not null, primary key ("user_id"));`,
    )
    this.addSql(
      `create table "payments" ("id" uuid not null, "user_id" uuid not null, "subscription_id" uuid null, "provider" text not null, "provider_invoice_id" varchar(255) not null, "provider_payment_id" varchar(255) null, "amount_cents" int not null, "refunded_cents" int not null default 0, "currency" varchar(3) not null, "status" text not null, "invoice_url" text null, "created_at" timestamptz(6) not null, "updated_at" timestamptz(6) not null, primary key ("id"));`,
    )
    this.addSql(`create index "payments_provider_payment" on "payments" ("provider_payment_id");`)
    this.addSql(`create index "payments_user" on "payments" ("user_id", "created_at", "id");`)
    this.addSql(
      `alter table "payments" add constraint "payments_invoice_unique" unique ("provider", "provider_invoice_id");`,
    )
    this.addSql(
      `create table "one_time_tokens" ("jti" uuid not null, "user_id" uuid not null, "purpose" text not null, "email" varchar(254) not null, "created_at" timestamptz(6) not null, "expires_at" timestamptz(6) not null, "used_at" timestamptz(6) null, primary key ("jti"));`,
    )
    this.addSql(`create index "one_time_tokens_expires_at" on "one_time_tokens" ("expires_at");`)
    this.addSql(`create index "one_time_tokens_user_purpose" on "one_time_tokens" ("user_id", "purpose");`)
    this.addSql(
      `create table "login_codes" ("user_id" uuid not null, "code_hash" text not null, "wrong_tries" int not null default 0, "created_at" timestamptz(6) not null, "expires_at" timestamptz(6) not null, primary key ("user_id"));`,
    )
    this.addSql(`create index "login_codes_expires_at" on "login_codes" ("expires_at");`)
    this.addSql(
      `create table "identities" ("id" uuid not null, "user_id" uuid not null, "provider" text not null, "subject" varchar(255) not null, "email" varchar(254) null, "linked_at" timestamptz(6) not null, primary key ("id"));`,
    )
    this.addSql(`create index "identities_user" on "identities" ("user_id");`)
    this.addSql(`alter table "identities" add constraint "identities_subject_unique" unique ("provider", "subject");`)
    this.addSql(
      `create table "customers" ("id" uuid not null, "user_id" uuid not null, "provider_customer_id" varchar(255) null, "trial_used_at" timestamptz(6) null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    )
    this.addSql(`alter table "customers" add constraint "customers_user_unique" unique ("user_id");`)
    this.addSql(`alter table "customers" add constraint "customers_provider_unique" unique ("provider_customer_id");`)
    this.addSql(
      `create table "checkouts" ("id" uuid not null, "customer_id" uuid not null, "price_id" uuid not null, "trial_days" int not null default 0, "status" text not null default 'open', "provider_session_id" varchar(255) null, "url" text null, "created_at" timestamptz(6) not null, "expires_at" timestamptz(6) not null, primary key ("id"));`,
    )
    this.addSql(
      `alter table "checkouts" add constraint "checkouts_provider_session_unique" unique ("provider_session_id");`,
    )
    this.addSql(
      `create unique index "checkouts_open" on "checkouts" ("customer_id", "price_id") where "status" = 'open';`,
    )
    this.addSql(
      `alter table "plans" add constraint "plans_billing_period_check" check ("billing_period" in ('monthly', 'yearly'));`,
    )
    this.addSql(`alter table "plans" add constraint "plans_tier_check" check ("tier" in ('free', 'pro', 'vip'));`)
    this.addSql(
      `alter table "plans" add constraint "plans_status_check" check ("status" in ('draft', 'active', 'retired'));`,
    )
    this.addSql(
      `alter table "plan_prices" add constraint "plan_prices_plan_id_foreign" foreign key ("plan_id") references "plans" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "plan_prices" add constraint "plan_prices_billing_period_check" check ("billing_period" in ('monthly', 'yearly'));`,
    )
    this.addSql(
      `alter table "provider_events" add constraint "provider_events_provider_check" check ("provider" in ('stripe', 'paymob'));`,
    )
    this.addSql(
      `alter table "provider_events" add constraint "provider_events_status_check" check ("status" in ('received', 'processed', 'ignored', 'failed'));`,
    )
    this.addSql(
      `alter table "users" add constraint "users_provider_check" check ("provider" in ('local', 'google', 'github'));`,
    )
    this.addSql(
      `alter table "subscriptions" add constraint "subscriptions_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "subscriptions" add constraint "subscriptions_plan_id_foreign" foreign key ("plan_id") references "plans" ("id");`,
    )
    this.addSql(
      `alter table "subscriptions" add constraint "subscriptions_scheduled_plan_id_foreign" foreign key ("scheduled_plan_id") references "plans" ("id") on delete set null;`,
    )
    this.addSql(
      `alter table "subscriptions" add constraint "subscriptions_provider_check" check ("provider" in ('stripe', 'manual', 'paymob'));`,
    )
    this.addSql(
      `alter table "subscriptions" add constraint "subscriptions_status_check" check ("status" in ('pending', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled'));`,
    )
    this.addSql(
      `alter table "subscriptions" add constraint "subscriptions_billing_period_check" check ("billing_period" in ('monthly', 'yearly'));`,
    )
    this.addSql(
      `alter table "sessions" add constraint "sessions_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "sessions" add constraint "sessions_ended_reason_check" check ("ended_reason" in ('logged_out', 'replaced', 'revoked', 'reused', 'password_changed', 'email_changed', 'deactivated'));`,
    )
    this.addSql(
      `alter table "refresh_tokens" add constraint "refresh_tokens_session_id_foreign" foreign key ("session_id") references "sessions" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "profiles" add constraint "profiles_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade;`,
    )
    this.addSql(
      `alter table "payments" add constraint "payments_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "payments" add constraint "payments_subscription_id_foreign" foreign key ("subscription_id") references "subscriptions" ("id") on delete set null;`,
    )
    this.addSql(
      `alter table "payments" add constraint "payments_provider_check" check ("provider" in ('stripe', 'manual', 'paymob'));`,
    )
    this.addSql(
      `alter table "payments" add constraint "payments_status_check" check ("status" in ('pending', 'requires_action', 'succeeded', 'failed', 'canceled', 'uncollectible', 'partially_refunded', 'refunded', 'disputed'));`,
    )
    this.addSql(
      `alter table "one_time_tokens" add constraint "one_time_tokens_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "one_time_tokens" add constraint "one_time_tokens_purpose_check" check ("purpose" in ('verify-email', 'reset-password', 'confirm-email'));`,
    )
    this.addSql(
      `alter table "login_codes" add constraint "login_codes_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade;`,
    )
    this.addSql(
      `alter table "identities" add constraint "identities_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "identities" add constraint "identities_provider_check" check ("provider" in ('google', 'github'));`,
    )
    this.addSql(
      `alter table "customers" add constraint "customers_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "checkouts" add constraint "checkouts_customer_id_foreign" foreign key ("customer_id") references "customers" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "checkouts" add constraint "checkouts_price_id_foreign" foreign key ("price_id") references "plan_prices" ("id");`,
    )
    this.addSql(
      `alter table "checkouts" add constraint "checkouts_status_check" check ("status" in ('open', 'complete', 'expired'));`,
    )
  }
}
