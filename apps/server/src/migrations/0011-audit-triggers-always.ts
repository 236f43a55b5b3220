import { Migration } from '@mikro-orm/migrations'

/**
 * Makes the audit's triggers fire even in a session with `session_replication_role = replica`, which disables others.
 */
export class AuditTriggersAlways0011 extends Migration {
  override up(): void {
    for (const trigger of ['audit_entries_append_only', 'audit_entries_no_truncate'])
      this.addSql(`alter table audit_entries enable always trigger ${trigger}`)
  }
}
