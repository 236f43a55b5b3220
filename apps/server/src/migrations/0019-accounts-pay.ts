import { Migration } from '@mikro-orm/migrations'

/** Tables whose rows belonged to a user and now belong to an account. */
const TABLES = [
  { table: 'customers', isRequired: true },
  { table: 'subscriptions', isRequired: true },
  { table: 'payments', isRequired: true },
  { table: 'reconciliation_findings', isRequired: false },
]

const INDEXES = [
  `index concurrently "customers_account" on "customers" ("account_id")`,
  // Not for all accounts: what inserts a personal account's customer at once with another relies on the unique user.
  `unique index concurrently "customers_organization" on "customers" ("account_id") where "user_id" is null`,
  `unique index concurrently "subscriptions_one_live_of_account" on "subscriptions" ("account_id") where "status" != 'canceled'`,
  `index concurrently "subscriptions_account" on "subscriptions" ("account_id", "id")`,
  `index concurrently "payments_account" on "payments" ("account_id", "created_at", "id")`,
]

/** How many rows one transaction fills in. */
const ROWS = 5_000

/**
 * Billing's rows belong to accounts. A personal account has its user's id, so each row gets the value it has already.
 *
 * The previous version goes on reading and writing `user_id`, so it stays. A trigger fills in the column that a version
 * does not know; rows of organizations have no user. A later version drops `user_id`, its indexes and the triggers.
 *
 * No table is rewritten under a lock. Each statement commits for itself, and can be repeated if it was interrupted.
 */
export class AccountsPay0019 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(`
      create or replace function fill_in_payer() returns trigger language plpgsql as $$
      begin
        if new.account_id is null then new.account_id := new.user_id;
        elsif new.user_id is null then new.user_id := (select id from users where id = new.account_id);
        end if;
        return new;
      end $$`)
    for (const { table } of TABLES) {
      this.addSql(
        `alter table "${table}" add column if not exists "account_id" uuid null, alter column "user_id" drop not null`,
      )
      this.addSql(
        `create or replace trigger "${table}_payer" before insert on "${table}" for each row execute function fill_in_payer()`,
      )
    }
    for (const { table, isRequired } of TABLES) {
      this.addSql(fillIn(table))
      if (isRequired) this.require(table)
      this.refer(table)
    }
    for (const definition of INDEXES) {
      const name = /"(\w+)"/.exec(definition)?.[1] ?? ''
      // An earlier attempt that was interrupted has left an invalid index.
      this.addSql(`drop index concurrently if exists "${name}"`)
      this.addSql(`create ${definition}`)
    }
  }

  private require(table: string): void {
    const check = `"${table}_account_filled"`
    this.addSql(`alter table "${table}" drop constraint if exists ${check}`)
    this.addSql(`alter table "${table}" add constraint ${check} check ("account_id" is not null) not valid`)
    this.addSql(`alter table "${table}" validate constraint ${check}`)
    // The valid check spares the scan under the lock.
    this.addSql(`alter table "${table}" alter column "account_id" set not null, drop constraint ${check}`)
  }

  private refer(table: string): void {
    const name = `"${table}_account_id_foreign"`
    this.addSql(`alter table "${table}" drop constraint if exists ${name}`)
    this.addSql(
      `alter table "${table}" add constraint ${name} foreign key ("account_id") references "accounts" ("id") on delete cascade not valid`,
    )
    this.addSql(`alter table "${table}" validate constraint ${name}`)
  }
}

function fillIn(table: string): string {
  return `
    do $$
    declare
      done uuid := '00000000-0000-0000-0000-000000000000';
      range_end uuid;
    begin
      loop
        select id into range_end from ${table} where id > done order by id offset ${ROWS - 1} limit 1;
        update ${table} set account_id = user_id
          where id > done and (range_end is null or id <= range_end) and account_id is null and user_id is not null;
        commit;
        exit when range_end is null;
        done := range_end;
      end loop;
    end $$`
}
