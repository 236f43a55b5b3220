import { Migration } from '@mikro-orm/migrations'

/**
 * For the recheck of everything, and for deleting what is old. Not one transaction, because an index is created without
 * locking its table. So every statement can be repeated.
 */
export class RecheckAndRetention0016 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(
      `alter table "provider_cursors" add column if not exists "recheck" jsonb null, add column if not exists "recheck_holder" uuid null, add column if not exists "recheck_held_until" timestamptz(6) null;`,
    )
    this.addSql(`alter table "subscriptions" add column if not exists "provider_created_at" timestamptz(6) null;`)
    // An earlier attempt that was interrupted has left an invalid index.
    this.addSql(`drop index concurrently if exists "subscriptions_listed";`)
    this.addSql(
      `create index concurrently "subscriptions_listed" on "subscriptions" ("provider_created_at", "id") where "status" != 'canceled' and "provider" = 'stripe';`,
    )
    // Each deleted session read all tokens, for want of an index that every refresh would have had to keep up.
    this.addSql(`alter table "refresh_tokens" drop constraint if exists "refresh_tokens_session_id_foreign";`)
    this.addSql(`
      create or replace function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          if old.created_at < now() - interval '365 days' and current_setting('tollgate.retention', true) = 'on' then
            return old;
          end if;
        end if;
        raise exception 'audit entries can not be changed or removed';
      end
      $$`)
  }
}
