import { Migration } from '@mikro-orm/migrations'

/**
 * A plan's tier may have any name, with a rank of its own. The application checks the names. The previous version knows
 * only `free`, `pro` and `vip`, so other tiers are defined once all processes have this version.
 */
export class Tiers0040 extends Migration {
  override up(): void {
    this.addSql(`alter table "plans" drop constraint if exists "plans_tier_check"`)
    this.addSql(`alter table "plans" add column if not exists "tier_rank" int null`)
  }
}
