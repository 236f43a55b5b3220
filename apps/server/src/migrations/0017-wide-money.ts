import { Migration } from '@mikro-orm/migrations'

/** The new columns of amounts, by table: the old column's name, the new one's, and whether it must have a value. */
const AMOUNTS = {
  subscriptions: [{ old: 'price_cents', wide: 'price', isRequired: true }],
  payments: [
    { old: 'amount_cents', wide: 'amount', isRequired: true },
    { old: 'refunded_cents', wide: 'refunded', isRequired: true },
  ],
  refunds: [{ old: 'amount_cents', wide: 'amount', isRequired: true }],
  plan_changes: [
    { old: 'due_now_cents', wide: 'due_now', isRequired: false },
    { old: 'credit_cents', wide: 'credit', isRequired: false },
  ],
}

/** How many rows one transaction fills in. */
const ROWS = 5_000

/**
 * Gives amounts 64 bits. 25 million Indonesian rupiah are 2,500,000,000 in the smallest unit, and do not fit into 32.
 *
 * The previous version goes on reading and writing the old columns, so they stay. A trigger keeps both the same; an
 * amount that does not fit is cut off in the old column. A later version drops the old columns and the triggers.
 *
 * No table is rewritten under a lock. Each statement commits for itself, and can be repeated if it was interrupted:
 * 1. Add the columns, empty, and the trigger. That takes a moment.
 * 2. Fill in the rows of before, in ranges.
 * 3. Check that nothing is empty. This blocks no reads and writes. Only then the columns are required.
 * 4. Build the indexes beside their use.
 */
export class WideMoney0017 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    for (const [table, columns] of Object.entries(AMOUNTS)) {
      const added = columns.map(({ wide }) => `add column if not exists "${wide}" bigint null`)
      const defaults = columns
        .filter(({ isRequired }) => isRequired)
        .map(({ old }) => `alter column "${old}" set default 0`)
      this.addSql(`alter table "${table}" ${[...added, ...defaults].join(', ')}`)
      this.addSql(triggerOf(table, columns))
      this.addSql(
        `create or replace trigger "${table}_amounts" before insert or update on "${table}" for each row execute function ${table}_amounts()`,
      )
      this.addSql(fillOf(table, columns))
      for (const { wide, isRequired } of columns) if (isRequired) this.require(table, wide)
    }
    // No version that reads it was released. The next convergence of a subscription fills it in.
    this.addSql(
      `alter table "subscriptions" add column if not exists "unit_price" bigint null, drop column if exists "unit_price_cents"`,
    )
    this.reindex('subscriptions_figures', '("status", "plan_id", "currency", "billing_period", "price")')
    this.reindex(
      'subscriptions_odd_interval',
      '("status", "currency", "billing_period", "interval_unit", "interval_count", "price") where "interval_unit" is not null',
    )
  }

  private require(table: string, column: string): void {
    const check = `"${table}_${column}_filled"`
    this.addSql(`alter table "${table}" drop constraint if exists ${check}`)
    this.addSql(`alter table "${table}" add constraint ${check} check ("${column}" is not null) not valid`)
    this.addSql(`alter table "${table}" validate constraint ${check}`)
    // The valid check spares the scan under the lock.
    this.addSql(`alter table "${table}" alter column "${column}" set not null, drop constraint ${check}`)
  }

  private reindex(name: string, definition: string): void {
    this.addSql(`drop index if exists "${name}_wide"`)
    this.addSql(`create index concurrently "${name}_wide" on "subscriptions" ${definition}`)
    this.addSql(`drop index if exists "${name}"`)
    this.addSql(`alter index "${name}_wide" rename to "${name}"`)
  }
}

interface Column {
  old: string
  wide: string
}

function triggerOf(table: string, columns: readonly Column[]): string {
  const onInsert = columns.map(
    ({ old, wide }) => `
        if new.${wide} is null then new.${wide} := new.${old};
        else new.${old} := least(new.${wide}, 2147483647);
        end if;`,
  )
  const onUpdate = columns.map(
    ({ old, wide }) => `
        if new.${wide} is distinct from old.${wide} then new.${old} := least(new.${wide}, 2147483647);
        elsif new.${old} is distinct from old.${old} then new.${wide} := new.${old};
        end if;`,
  )
  return `
    create or replace function ${table}_amounts() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' then${onInsert.join('')}
      else${onUpdate.join('')}
      end if;
      return new;
    end $$`
}

function fillOf(table: string, columns: readonly Column[]): string {
  const values = columns.map(({ old, wide }) => `${wide} = ${old}`).join(', ')
  const empty = columns.map(({ old, wide }) => `(${wide} is null and ${old} is not null)`).join(' or ')
  return `
    do $$
    declare
      done uuid := '00000000-0000-0000-0000-000000000000';
      range_end uuid;
    begin
      loop
        select id into range_end from ${table} where id > done order by id offset ${ROWS - 1} limit 1;
        update ${table} set ${values} where id > done and (range_end is null or id <= range_end) and (${empty});
        commit;
        exit when range_end is null;
        done := range_end;
      end loop;
    end $$`
}
