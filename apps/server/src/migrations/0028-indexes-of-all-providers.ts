import { Migration } from '@mikro-orm/migrations'

/**
 * What the reconciler and the recheck read is indexed for all providers, and not for the default one alone. The previous
 * version asks for one provider, which each of these indexes covers as well.
 *
 * Each index is built beside its use, and the one that it replaces goes afterwards. Every statement can be repeated.
 */
export class IndexesOfAllProviders0028 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    for (const [name, { replaces, definition }] of Object.entries(INDEXES)) {
      // An earlier attempt that was interrupted has left an invalid index.
      this.addSql(`drop index concurrently if exists "${name}"`)
      this.addSql(`create index concurrently "${name}" on "subscriptions" ${definition}`)
      this.addSql(`drop index concurrently if exists "${replaces}"`)
    }
  }
}

const INDEXES = {
  subscriptions_billed_due: {
    replaces: 'subscriptions_renewing_due',
    definition: `("current_period_end", "id") where "status" != 'canceled' and "provider" != 'manual'`,
  },
  subscriptions_billed_owing: {
    replaces: 'subscriptions_owing',
    definition: `("id") where "status" in ('pending', 'past_due', 'unpaid') and "provider" != 'manual'`,
  },
  subscriptions_billed_listed: {
    replaces: 'subscriptions_listed',
    definition: `("provider_created_at", "id") where "status" != 'canceled' and "provider" != 'manual'`,
  },
}
