import { Migration } from '@mikro-orm/migrations'

/**
 * Facts of record for other programs. Triggers write them in the transaction of the change, so no place in the code can
 * forget one, and changes by the previous version are recorded, too. There is no backfill: an object is recorded with
 * its first change.
 *
 * Each statement takes a moment, and can be repeated if it was interrupted.
 */
export class Events0047 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(
      `create table if not exists "events" ("id" uuid not null, "seq" bigserial not null, "type" text not null, "object_kind" text not null, "object_id" text not null, "version" bigint null, "account_id" uuid null, "data" jsonb not null, "created_at" timestamptz(6) not null, "position" bigint null, "sequenced_at" timestamptz(6) null, primary key ("id"))`,
    )
    this.addSql(
      `create unique index if not exists "events_position" on "events" ("position") where "position" is not null`,
    )
    this.addSql(`create index if not exists "events_waiting" on "events" ("seq") where "position" is null`)
    this.addSql(
      `create table if not exists "event_objects" ("kind" text not null, "id" text not null, "version" bigint not null, "digest" text null, "due_at" timestamptz(6) null, primary key ("kind", "id")) with (fillfactor = 80)`,
    )
    this.addSql(
      `create index if not exists "event_objects_due" on "event_objects" ("due_at") where "due_at" is not null`,
    )
    for (const statement of FUNCTIONS) this.addSql(statement)
    for (const statement of TRIGGERS) this.addSql(statement)
  }
}

/** The columns that each kind's public state is made of. A write that changes none of them records nothing. */
const USER = ['email', 'username', 'is_verified', 'is_active', 'is_admin', 'provider', 'public_data']
const SUBSCRIPTION = [
  ...['account_id', 'plan_id', 'provider', 'status', 'price', 'unit_price', 'quantity', 'discount', 'discounts'],
  ...['currency', 'billing_period', 'interval_unit', 'interval_count', 'started_at', 'current_period_start'],
  ...['current_period_end', 'cancel_at_period_end', 'cancel_at', 'paused_from', 'paused_until', 'canceled_at'],
  ...['ended_at', 'past_due_since', 'followed_at', 'scheduled_plan_id', 'scheduled_billing_period'],
  ...['scheduled_unit_price', 'scheduled_at'],
]
const PAYMENT = [
  ...['account_id', 'subscription_id', 'provider', 'provider_invoice_id', 'amount', 'subtotal', 'discount', 'tax'],
  ...['refunded', 'currency', 'status', 'plan_name', 'invoice_url', 'invoice_pdf_url', 'invoice_number', 'created_at'],
]
/** What an account may use depends on these. */
const ACCESS = [
  ...['account_id', 'plan_id', 'status', 'current_period_start', 'current_period_end', 'cancel_at_period_end'],
  ...['cancel_at', 'paused_from', 'past_due_since', 'followed_at', 'overage'],
]
const PLAN = ['code', 'tier', 'status', 'features', 'price_cents', 'sort_order']

const object = (row: 'old' | 'new', columns: readonly string[]) =>
  `jsonb_build_object(${['id', ...columns].map((column) => `'${column}', ${row}.${column}`).join(', ')})`

const changes = (columns: readonly string[]) =>
  `(${columns.map((column) => `old.${column}`).join(', ')}) is distinct from (${columns.map((column) => `new.${column}`).join(', ')})`

const trigger = (table: string, name: string, when: string, then: string) =>
  `create or replace trigger "${table}_event_${name}" after ${when} execute function ${then}()`

const userObject = (row: 'old' | 'new') => `jsonb_build_object('id', ${row}.id, 'email', ${row}.email,
  'username', ${row}.username, 'isVerified', ${row}.is_verified, 'isActive', ${row}.is_active, 'isAdmin', ${row}.is_admin,
  'provider', ${row}.provider, 'publicData', coalesce(${row}.public_data, '{}'), 'createdAt', ${row}.created_at)`

const accountObject = (row: 'old' | 'new') => `jsonb_build_object('id', ${row}.id, 'kind', ${row}.kind,
  'name', ${row}.name, 'createdAt', ${row}.created_at)`

const memberObject = (
  row: 'old' | 'new',
) => `jsonb_build_object('accountId', ${row}.account_id, 'userId', ${row}.user_id,
  'role', ${row}.role, 'joinedAt', ${row}.joined_at)`

const triggerFunction = (name: string, body: string) =>
  `create or replace function ${name}() returns trigger language plpgsql as $$ begin ${body} return null; end $$`

const FUNCTIONS = [
  // The id is a UUIDv7. The numbers of rows about one object ascend, because the change has locked the object's row.
  `create or replace function add_event(event_type text, kind text, object text, account uuid, state jsonb) returns void
   language plpgsql as $$
   begin
     insert into events (id, type, object_kind, object_id, account_id, data, created_at) values (
       encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing
         substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid,
       event_type, kind, object, account, state, clock_timestamp());
     perform pg_notify('tollgate_events', '');
   end $$`,

  // What it may use is read when the event gets its place in the feed. Here it is only marked.
  `create or replace function mark_entitlements(account uuid) returns void language sql as $$
     select add_event('entitlements.changed', 'entitlements', account::text, account, '{}')
   $$`,

  triggerFunction(
    'note_user_event',
    `if tg_op = 'INSERT' then
       perform add_event('user.created', 'user', new.id::text, null, ${userObject('new')});
     elsif tg_op = 'DELETE' then
       perform add_event('user.deleted', 'user', old.id::text, null, ${userObject('old')});
     else
       perform add_event(case when old.is_active and not new.is_active then 'user.deactivated' else 'user.updated' end,
         'user', new.id::text, null, ${userObject('new')});
       if old.username <> new.username or old.is_active <> new.is_active then
         perform add_event('account.updated', 'account', account.id::text, account.id, jsonb_build_object('id', account.id,
           'kind', account.kind, 'name', account.name, 'createdAt', account.created_at))
         from accounts account where account.id = new.id;
       end if;
       if old.is_active <> new.is_active then
         perform mark_entitlements(new.id);
       end if;
     end if;`,
  ),

  triggerFunction(
    'note_account_event',
    `if tg_op = 'INSERT' then
       perform add_event('account.created', 'account', new.id::text, new.id, ${accountObject('new')});
     elsif tg_op = 'DELETE' then
       perform add_event('account.deleted', 'account', old.id::text, old.id, ${accountObject('old')});
     else
       perform add_event(case when old.closed_at is null and new.closed_at is not null then 'account.deleted'
         else 'account.updated' end, 'account', new.id::text, new.id, ${accountObject('new')});
       if (old.closed_at is null) <> (new.closed_at is null) then
         perform mark_entitlements(new.id);
       end if;
     end if;`,
  ),

  triggerFunction(
    'note_member_event',
    `if tg_op = 'DELETE' then
       perform add_event('member.removed', 'member', old.account_id || ':' || old.user_id, old.account_id, ${memberObject('old')});
     else
       perform add_event(case when tg_op = 'INSERT' then 'member.added' else 'member.changed' end, 'member',
         new.account_id || ':' || new.user_id, new.account_id, ${memberObject('new')});
     end if;`,
  ),

  triggerFunction(
    'note_subscription_event',
    `perform add_event('subscription.changed', 'subscription', new.id::text, new.account_id, ${object('new', SUBSCRIPTION)});`,
  ),

  triggerFunction(
    'note_payment_event',
    `perform add_event('payment.changed', 'payment', new.id::text, new.account_id, ${object('new', PAYMENT)});`,
  ),

  triggerFunction(
    'note_entitlements_of_row',
    `perform mark_entitlements(case when tg_op = 'DELETE' then old.account_id else new.account_id end);`,
  ),

  // The accounts of a plan may be many. They are marked one batch after the other, by the program.
  triggerFunction(
    'note_entitlements_of_plan',
    `perform add_event('entitlements.changed', 'plan', new.id::text, null,
       jsonb_build_object('isFree', new.tier = 'free' or old.tier = 'free'));`,
  ),
]

const TRIGGERS = [
  trigger('users', 'insert', 'insert on "users" for each row', 'note_user_event'),
  trigger('users', 'delete', 'delete on "users" for each row', 'note_user_event'),
  trigger('users', 'update', `update on "users" for each row when (${changes(USER)})`, 'note_user_event'),
  trigger('accounts', 'insert', 'insert on "accounts" for each row', 'note_account_event'),
  trigger('accounts', 'delete', 'delete on "accounts" for each row when (old.closed_at is null)', 'note_account_event'),
  trigger(
    'accounts',
    'update',
    `update on "accounts" for each row when (${changes(['name', 'closed_at', 'public_data'])})`,
    'note_account_event',
  ),
  trigger('members', 'insert', 'insert on "members" for each row', 'note_member_event'),
  trigger('members', 'delete', 'delete on "members" for each row', 'note_member_event'),
  trigger('members', 'update', `update on "members" for each row when (${changes(['role'])})`, 'note_member_event'),
  trigger('subscriptions', 'insert', 'insert on "subscriptions" for each row', 'note_subscription_event'),
  trigger(
    'subscriptions',
    'update',
    `update on "subscriptions" for each row when (${changes(SUBSCRIPTION)})`,
    'note_subscription_event',
  ),
  trigger('payments', 'insert', 'insert on "payments" for each row', 'note_payment_event'),
  trigger('payments', 'update', `update on "payments" for each row when (${changes(PAYMENT)})`, 'note_payment_event'),
  trigger('subscriptions', 'access_insert', 'insert on "subscriptions" for each row', 'note_entitlements_of_row'),
  trigger(
    'subscriptions',
    'access_update',
    `update on "subscriptions" for each row when (${changes(ACCESS)})`,
    'note_entitlements_of_row',
  ),
  trigger(
    'entitlement_overrides',
    'access',
    'insert or update or delete on "entitlement_overrides" for each row',
    'note_entitlements_of_row',
  ),
  trigger(
    'plans',
    'access_insert',
    `insert on "plans" for each row when (new.tier = 'free' and new.status = 'active')`,
    'note_entitlements_of_plan',
  ),
  trigger(
    'plans',
    'access_update',
    `update on "plans" for each row when (${changes(PLAN)})`,
    'note_entitlements_of_plan',
  ),
]
