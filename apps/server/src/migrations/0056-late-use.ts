import { Migration } from '@mikro-orm/migrations'

/**
 * Use that is settled after its subscription has been replaced is billed on an invoice of the one that took its place.
 * The previous version leaves the column empty: it reports such use to the meter, where no invoice adds it up.
 */
export class LateUse0056 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(`alter table "overage_reports" add column if not exists "invoiced_on" varchar(255) null`)
  }
}
