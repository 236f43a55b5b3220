import { Migration } from '@mikro-orm/migrations'

/**
 * Rows know the account and mode that the provider's ids belong to. Null means unknown: the rows of before, which are
 * filled in as the provider knows them.
 */
export class ProviderAccounts0012 extends Migration {
  override up(): void {
    for (const table of ['customers', 'plan_prices', 'subscriptions'])
      this.addSql(`alter table "${table}" add "provider_account" varchar(255) null;`)
  }
}
