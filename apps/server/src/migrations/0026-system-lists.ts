import { Migration } from '@mikro-orm/migrations'

/**
 * For the operators' lists of events, mails, findings and the audit log. All new columns may be null, and the previous
 * version ignores them. Each statement takes a moment, or builds an index beside its use, and can be repeated if it was
 * interrupted.
 */
export class SystemLists0026 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(`alter table "provider_events" add column if not exists "changes" jsonb null`)
    this.addSql(
      `alter table "mails" add column if not exists "props" jsonb null, add column if not exists "dropped_at" timestamptz(6) null, add column if not exists "failed_at" timestamptz(6) null, add column if not exists "last_error" text null`,
    )
    this.addSql(
      `alter table "reconciliation_findings" add column if not exists "resolved_at" timestamptz(6) null, add column if not exists "resolved_by" uuid null, add column if not exists "resolution" text null`,
    )
    for (const [name, definition] of Object.entries(INDEXES)) {
      // An earlier attempt that was interrupted has left an invalid index.
      this.addSql(`drop index concurrently if exists "${name}"`)
      this.addSql(`create index concurrently "${name}" on ${definition}`)
    }
  }
}

const INDEXES = {
  // Of any length: PostgreSQL refuses a row whose index entry is too large.
  provider_events_object: `"provider_events" (left("payload" #>> '{data,object,id}', 255), "received_at", "id")`,
  provider_events_type: `"provider_events" ("type", "received_at", "id")`,
  provider_events_ignored: `"provider_events" ("received_at", "id") where "status" = 'ignored'`,
  mails_template: `"mails" ("template", "id")`,
  mails_unsent: `"mails" ("id") where "sent_at" is null and "failed_at" is null`,
  mails_failed: `"mails" ("id") where "failed_at" is not null`,
  audit_entries_target_type: `"audit_entries" ("target_type", "id")`,
}
