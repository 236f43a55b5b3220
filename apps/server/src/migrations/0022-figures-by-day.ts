import { Migration } from '@mikro-orm/migrations'

/** How many subscriptions one transaction counts. */
const ROWS = 5_000

const INDEXES = [
  `"mrr_changes_day" on "mrr_changes" ("day", "id")`,
  `"mrr_changes_kind" on "mrr_changes" ("kind", "day", "id")`,
  `"stale_days_source" on "stale_days" ("source", "day")`,
  `"subscriptions_trial_start" on "subscriptions" ("trial_start", "id") where "trial_start" is not null and "reversed_at" is null`,
  `"subscriptions_trial_end" on "subscriptions" ("trial_end", "id", "converted_at") where "trial_end" is not null and "reversed_at" is null`,
  `"payments_by_day" on "payments" ("created_at", "currency", "status", "amount", "refunded")`,
  `"payments_recovered" on "payments" ("recovered_at", "id") where "recovered_at" is not null`,
  `"subscriptions_overdue" on "subscriptions" ("status", "past_due_since", "id") where "status" in ('past_due', 'unpaid')`,
  `"reconciliation_findings_open" on "reconciliation_findings" ("kind", "found_at", "id") where "kind" in ('unknown_at_provider', 'against_rules')`,
  `"mails_sent" on "mails" ("sent_at") where "sent_at" is not null`,
]

/**
 * MRR and its changes, and what other figures by day are counted from.
 *
 * Triggers write the changes. So they hold for every way to change a subscription, also by the previous version.
 * The earlier subscriptions are counted in ranges, each in a transaction of its own. A row without `yearly` was not
 * counted yet, so none counts twice, whatever changes meanwhile.
 *
 * Each statement takes a moment, or works beside the tables' use, and can be repeated if it was interrupted.
 */
export class FiguresByDay0022 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(
      `create table if not exists "mrr_changes" ("id" uuid not null, "account_id" uuid not null, "currency" varchar(3) not null, "day" date not null, "kind" text not null, "opened" numeric(24,6) not null, "closed" numeric(24,6) not null, "had_before" boolean not null, "changed_at" timestamptz(6) not null, primary key ("id"), constraint "mrr_changes_kind_check" check ("kind" in ('new', 'expansion', 'contraction', 'churn', 'reactivation', 'none')), constraint "mrr_changes_account_day" unique ("account_id", "currency", "day"))`,
    )
    this.addSql(
      `create table if not exists "day_figures" ("source" text not null, "day" date not null, "figure" varchar(32) not null, "currency" varchar(3) not null, "count" bigint not null, "amount" numeric(30,6) not null, primary key ("source", "day", "figure", "currency"), constraint "day_figures_source_check" check ("source" in ('mrr', 'payments', 'users')))`,
    )
    this.addSql(
      `create table if not exists "counted_days" ("source" text not null, "day" date not null, "counted_at" timestamptz(6) not null, primary key ("source", "day"), constraint "counted_days_source_check" check ("source" in ('mrr', 'payments', 'users')))`,
    )
    this.addSql(
      `create table if not exists "stale_days" ("id" bigserial primary key, "source" text not null, "day" date not null, constraint "stale_days_source_check" check ("source" in ('mrr', 'payments', 'users')))`,
    )
    this.addSql(
      `alter table "subscriptions" add column if not exists "yearly" numeric(24,6) null, add column if not exists "trial_start" timestamptz(6) null, add column if not exists "trial_end" timestamptz(6) null, add column if not exists "converted_at" timestamptz(6) null`,
    )
    this.addSql(`alter table "payments" add column if not exists "recovered_at" timestamptz(6) null`)
    for (const statement of FUNCTIONS) this.addSql(statement)
    this.addTriggers()
    for (const index of INDEXES) {
      const name = /"(\w+)"/.exec(index)?.[1] ?? ''
      // An earlier attempt that was interrupted has left an invalid index.
      this.addSql(`drop index concurrently if exists "${name}"`)
      this.addSql(`create index concurrently ${index}`)
    }
    // The triggers count each of these rows. A trial of before that has ended is not known.
    this.addSql(`
      do $$
      declare
        done uuid := '00000000-0000-0000-0000-000000000000';
        range_end uuid;
      begin
        loop
          select id into range_end from subscriptions where id > done order by id offset ${ROWS - 1} limit 1;
          update subscriptions set yearly = 0,
              trial_start = case status when 'trialing' then started_at end,
              trial_end = case status when 'trialing' then current_period_end end
            where id > done and (range_end is null or id <= range_end) and yearly is null;
          commit;
          exit when range_end is null;
          done := range_end;
        end loop;
      end $$`)
  }

  private addTriggers(): void {
    this.addSql(
      `create or replace trigger "subscriptions_yearly" before insert or update on "subscriptions" for each row execute function subscriptions_yearly()`,
    )
    const noted = [
      { table: 'subscriptions', run: 'note_mrr_changes', on: ['insert', 'update', 'delete'] },
      { table: 'payments', run: 'note_stale_payments', on: ['insert', 'update', 'delete'] },
      { table: 'users', run: 'note_stale_users', on: ['insert', 'delete'] },
    ]
    for (const { table, run, on } of noted) {
      for (const event of on) {
        const old = event === 'insert' ? '' : 'old table as old_rows'
        const added = event === 'delete' ? '' : 'new table as new_rows'
        this.addSql(
          `create or replace trigger "${table}_${run}_${event}" after ${event} on "${table}" referencing ${old} ${added} for each statement execute function ${run}()`,
        )
      }
    }
  }
}

const FUNCTIONS = [
  // What a subscription adds to MRR, times 12. It counts as decision 0013 says.
  `create or replace function yearly_revenue(status text, price bigint, billing_period text, interval_unit text, interval_count int)
   returns numeric language sql immutable parallel safe as $$
     select case when status in ('active', 'past_due') then
       round(price * (case when interval_unit is null or interval_count is null then
           case billing_period when 'yearly' then 1 else 12 end
         else case interval_unit when 'day' then 365 when 'week' then 52 when 'month' then 12 else 1 end::numeric / interval_count
         end), 6)
     else 0 end
   $$`,

  // The name puts it behind the trigger that fills in the price.
  `create or replace function subscriptions_yearly() returns trigger language plpgsql as $$
   begin
     new.yearly := yearly_revenue(new.status, new.price, new.billing_period, new.interval_unit, new.interval_count);
     return new;
   end $$`,

  `create or replace function mrr_kind(opened numeric, closed numeric, had_before boolean)
   returns text language sql immutable parallel safe as $$
     select case
       when closed = opened then 'none'
       when opened <= 0 then case when had_before then 'reactivation' else 'new' end
       when closed <= 0 then 'churn'
       when closed > opened then 'expansion'
       else 'contraction' end
   $$`,

  // One row for each account, currency and day: from what it paid that morning to what it pays now. What is late, or
  // was written under an older billing time, joins the account's latest day, so that each row opens as the last one closed.
  `create or replace function add_mrr_changes(accounts uuid[], currencies text[], amounts numeric[], moments timestamptz[])
   returns void language sql as $$
     with change as (
       select account_id, currency, sum(amount) as amount, max(moment) as moment,
         (max(moment) at time zone 'UTC')::date as day
       from unnest(accounts, currencies, amounts, moments) as change (account_id, currency, amount, moment)
       group by account_id, currency having sum(amount) <> 0
     ), placed as (
       select change.account_id, change.currency, change.amount, change.moment,
         greatest(change.day, latest.day) as day, coalesce(latest.closed, 0) as opened,
         coalesce(latest.had_before or latest.opened > 0 or latest.closed > 0, false) as had_before
       from change left join lateral (
         select day, opened, closed, had_before from mrr_changes known
         where known.account_id = change.account_id and known.currency = change.currency
         order by known.day desc limit 1
       ) latest on true
     ), written as (
       insert into mrr_changes as known
         (id, account_id, currency, day, kind, opened, closed, had_before, changed_at)
       select gen_random_uuid(), account_id, currency, day, mrr_kind(opened, opened + amount, had_before),
         opened, opened + amount, had_before, moment
       from placed order by account_id, currency
       on conflict (account_id, currency, day) do update set
         kind = mrr_kind(known.opened, known.closed + excluded.closed - excluded.opened, known.had_before),
         closed = known.closed + excluded.closed - excluded.opened,
         changed_at = greatest(known.changed_at, excluded.changed_at)
       returning day
     )
     insert into stale_days (source, day) select distinct 'mrr', day from written
   $$`,

  // The day is that of billing time, if the transaction says what it is: in a sandbox it is not wall time.
  `create or replace function note_mrr_changes() returns trigger language plpgsql as $$
   declare
     moment timestamptz := coalesce(nullif(current_setting('tollgate.billing_now', true), '')::timestamptz, now());
   begin
     if tg_op = 'INSERT' then
       perform add_mrr_changes(array_agg(account_id), array_agg(currency::text), array_agg(yearly), array_agg(moment))
       from new_rows where yearly <> 0 having count(*) > 0;
     elsif tg_op = 'DELETE' then
       perform add_mrr_changes(array_agg(account_id), array_agg(currency::text), array_agg(-yearly), array_agg(moment))
       from old_rows where yearly <> 0 having count(*) > 0;
     else
       -- Rows of before this trigger count from the day on which they started.
       perform add_mrr_changes(array_agg(account_id), array_agg(currency::text), array_agg(amount), array_agg(started_at))
       from (select account_id, currency, started_at,
               yearly_revenue(status, price, billing_period, interval_unit, interval_count) as amount
             from old_rows where yearly is null) uncounted
       where amount <> 0 having count(*) > 0;
       perform add_mrr_changes(array_agg(account_id), array_agg(currency::text), array_agg(amount), array_agg(moment))
       from (select account_id, currency, sum(amount) as amount
             from (select id, account_id, currency,
                     -coalesce(yearly, yearly_revenue(status, price, billing_period, interval_unit, interval_count)) as amount
                   from old_rows
                   union all select id, account_id, currency, yearly from new_rows) rows
             group by account_id, currency having sum(amount) <> 0) changed
       having count(*) > 0;
     end if;
     return null;
   end $$`,

  `create or replace function note_stale_payments() returns trigger language plpgsql as $$
   begin
     if tg_op = 'INSERT' then
       insert into stale_days (source, day)
       select distinct 'payments', (created_at at time zone 'UTC')::date from new_rows where status in ${counted()};
     elsif tg_op = 'DELETE' then
       insert into stale_days (source, day)
       select distinct 'payments', (created_at at time zone 'UTC')::date from old_rows where status in ${counted()};
     else
       insert into stale_days (source, day)
       select distinct 'payments', (changed.created_at at time zone 'UTC')::date
       from old_rows join new_rows using (id), lateral (values (old_rows.created_at), (new_rows.created_at)) changed (created_at)
       where (old_rows.status in ${counted()} or new_rows.status in ${counted()})
         and (old_rows.created_at, old_rows.status, old_rows.amount, old_rows.refunded, old_rows.currency)
           is distinct from (new_rows.created_at, new_rows.status, new_rows.amount, new_rows.refunded, new_rows.currency);
     end if;
     return null;
   end $$`,

  `create or replace function note_stale_users() returns trigger language plpgsql as $$
   begin
     if tg_op = 'INSERT' then
       insert into stale_days (source, day) select distinct 'users', (created_at at time zone 'UTC')::date from new_rows;
     else
       insert into stale_days (source, day) select distinct 'users', (created_at at time zone 'UTC')::date from old_rows;
     end if;
     return null;
   end $$`,
]

/** The statuses of payments that revenue and refunds count. */
function counted(): string {
  return `('succeeded', 'partially_refunded', 'refunded')`
}
