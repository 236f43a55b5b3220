import { Migration } from '@mikro-orm/migrations'

/** A change of plan can redeem a promotion code. The previous version knows none: the column is nullable. */
export class PromotedChanges0045 extends Migration {
  override up(): void {
    this.addSql(`alter table "plan_changes" add column "promotion_code" varchar(64) null`)
  }
}
