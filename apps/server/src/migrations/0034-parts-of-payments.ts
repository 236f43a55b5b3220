import { Migration } from '@mikro-orm/migrations'

/**
 * A payment has what it is made of: subtotal, discounts and taxes. The previous version knows none of them: the columns
 * are nullable.
 */
export class PartsOfPayments0034 extends Migration {
  override up(): void {
    this.addSql(
      `alter table "payments" add column if not exists "subtotal" bigint null, add column if not exists "discount" bigint null, add column if not exists "tax" bigint null`,
    )
  }
}
