import { Migration } from '@mikro-orm/migrations'

/**
 * A plan names its provider, and an account has a customer at each. The rows of before are the default provider's; a
 * constant default rewrites no table.
 *
 * The previous version knows only that provider: it goes on inserting such rows, one per account, and it may not see
 * others. So plans of another provider are created once all processes have this version.
 *
 * Each statement commits for itself, and can be repeated if it was interrupted.
 */
export class Providers0027 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    for (const table of ['plans', 'customers']) {
      const check = `"${table}_provider_check"`
      this.addSql(`alter table "${table}" add column if not exists "provider" text not null default 'stripe'`)
      this.addSql(`alter table "${table}" drop constraint if exists ${check}`)
      this.addSql(`alter table "${table}" add constraint ${check} check ("provider" in ('stripe', 'paymob')) not valid`)
      this.addSql(`alter table "${table}" validate constraint ${check}`)
    }
    // The user's column is unique, so only one customer of a person may have it.
    this.addSql(`
      create or replace function fill_in_customer_payer() returns trigger language plpgsql as $$
      begin
        if new.account_id is null then new.account_id := new.user_id;
        elsif new.user_id is null and new.provider = 'stripe' then
          new.user_id := (select id from users where id = new.account_id);
        end if;
        return new;
      end $$`)
    this.addSql(
      `create or replace trigger "customers_payer" before insert on "customers" for each row execute function fill_in_customer_payer()`,
    )
    // An earlier attempt that was interrupted has left an invalid index.
    this.addSql(`drop index concurrently if exists "customers_of_account"`)
    this.addSql(`create unique index concurrently "customers_of_account" on "customers" ("account_id", "provider")`)
    // The new index does what both did.
    this.addSql(`drop index concurrently if exists "customers_organization"`)
    this.addSql(`drop index concurrently if exists "customers_account"`)
  }
}
