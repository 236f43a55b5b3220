import { Migration } from '@mikro-orm/migrations'

/**
 * Keeps every state of a subscription that access depends on. There is no backfill: the first change of a subscription
 * records the state that it replaces, too. The previous version's changes are recorded as well, without their cause.
 */
export class AccessHistory0042 extends Migration {
  override up(): void {
    this.addSql(
      `create table if not exists "subscription_states" ("id" uuid not null, "account_id" uuid not null, "subscription_id" uuid not null, "plan_id" uuid not null, "provider" text not null, "status" varchar(20) not null, "started_at" timestamptz(6) not null, "current_period_end" timestamptz(6) not null, "cancel_at_period_end" boolean not null, "cancel_at" timestamptz(6) null, "paused_from" timestamptz(6) null, "past_due_since" timestamptz(6) null, "followed_at" timestamptz(6) null, "recorded_at" timestamptz(6) not null, "billing_at" timestamptz(6) not null, "cause" text null, "is_former" boolean not null, primary key ("id"), constraint "subscription_states_provider_check" check ("provider" in ('stripe', 'manual', 'paymob')))`,
    )
    for (const [name, columns] of Object.entries(INDEXES))
      this.addSql(`create index if not exists "${name}" on "subscription_states" (${columns})`)
    for (const statement of FUNCTIONS) this.addSql(statement)
    // Only a change of what access depends on runs the function. The rest costs a comparison.
    this.addSql(
      `create or replace trigger "subscriptions_note_state_insert" after insert on "subscriptions" for each row execute function note_subscription_state()`,
    )
    this.addSql(
      `create or replace trigger "subscriptions_note_state_update" after update on "subscriptions" for each row when ((${READ.map((column) => `old.${column}`).join(', ')}) is distinct from (${READ.map((column) => `new.${column}`).join(', ')})) execute function note_subscription_state()`,
    )
    this.addSql(
      `create or replace trigger "subscription_states_append_only" before update or delete on "subscription_states" for each row execute function refuse_state_change()`,
    )
    this.addSql(`alter table "subscription_states" enable always trigger "subscription_states_append_only"`)
  }
}

const INDEXES = {
  subscription_states_account: '"account_id", "recorded_at", "id"',
  subscription_states_subscription: '"subscription_id", "recorded_at", "id"',
  subscription_states_oldest: '"recorded_at", "id"',
}

/** What access depends on. */
const READ = [
  ...['status', 'plan_id', 'current_period_end', 'cancel_at_period_end', 'cancel_at'],
  ...['paused_from', 'past_due_since', 'followed_at', 'account_id'],
]

const COLUMNS = [
  ...['account_id', 'plan_id', 'provider', 'status', 'started_at', 'current_period_end', 'cancel_at_period_end'],
  ...['cancel_at', 'paused_from', 'past_due_since', 'followed_at'],
]

const insert = (row: 'old' | 'new', noted: string) =>
  `insert into subscription_states (id, subscription_id, ${COLUMNS.join(', ')}, recorded_at, billing_at, cause, is_former)
   values (gen_random_uuid(), ${row}.id, ${COLUMNS.map((column) => `${row}.${column}`).join(', ')}, ${noted});`

const FUNCTIONS = [
  `create or replace function note_subscription_state() returns trigger language plpgsql as $$
   declare
     moment timestamptz := clock_timestamp();
   begin
     if tg_op = 'UPDATE' and not exists (select 1 from subscription_states where subscription_id = old.id) then
       ${insert('old', 'least(old.updated_at, moment), least(old.updated_at, moment), null, true')}
     end if;
     ${insert(
       'new',
       `moment, coalesce(nullif(current_setting('tollgate.billing_now', true), '')::timestamptz, moment),
        coalesce(case
          when new.superseded_at is not null and old.superseded_at is null then 'upgrade'
          when new.reversed_at is not null and old.reversed_at is null then 'reversal'
          when new.swept_at is not null and old.swept_at is distinct from new.swept_at then 'sweep'
        end, nullif(current_setting('tollgate.cause', true), '')), false`,
     )}
     return null;
   end $$`,

  // The retention deletes what is old. Nothing else may.
  `create or replace function refuse_state_change() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' and current_setting('tollgate.retention', true) = 'on' then
       return old;
     end if;
     raise exception 'the history of access can not be changed or removed';
   end $$`,
]
