import { Migration } from '@mikro-orm/migrations'

/** The audit's triggers hold also for a session that calls itself a replica, in which triggers sleep. */
export class AuditTriggersAlways0011 extends Migration {
  override up(): void {
    for (const trigger of ['audit_entries_append_only', 'audit_entries_no_truncate'])
      this.addSql(`alter table audit_entries enable always trigger ${trigger}`)
  }
}
