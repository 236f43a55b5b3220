import { Migration } from '@mikro-orm/migrations'

/**
 * Users and accounts have fields of the product that runs on this server. The previous version doesn't know them: the
 * columns are nullable, and null is the same as no fields.
 */
export class OwnData0046 extends Migration {
  override up(): void {
    for (const table of ['users', 'accounts']) {
      this.addSql(
        `alter table "${table}" add column if not exists "public_data" jsonb null, add column if not exists "private_data" jsonb null`,
      )
    }
  }
}
