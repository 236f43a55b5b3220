import { Migration } from '@mikro-orm/migrations'

/**
 * A move keeps who is to move from the moment of its order, tries again those last who failed, and a subscription tells
 * the price that is scheduled. The previous version knows none of these columns; they are nullable, so no table is
 * rewritten, and the index is built beside its use. Every statement can be repeated if it was interrupted.
 */
export class ExactMoves0029 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(`alter table "subscriptions" add column if not exists "scheduled_price_id" uuid null`)
    this.addSql(`alter table "plan_moves" add column if not exists "listed" uuid[] null`)
    // An earlier attempt that was interrupted has left an invalid index.
    this.addSql(`drop index concurrently if exists "plan_move_items_next"`)
    this.addSql(
      `create index concurrently "plan_move_items_next" on "plan_move_items" ("move_id", "attempts", "id") where "status" = 'waiting'`,
    )
  }
}
