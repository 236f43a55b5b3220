import { Migration } from '@mikro-orm/migrations'

/**
 * The open page of an overdue renewal, so that everyone who asks for it gets the same one, and findings about refunds that
 * a provider refuses. The previous version opens a page for each call, and knows no such findings.
 *
 * Each statement takes a moment, or builds an index beside its use, and can be repeated if it was interrupted.
 */
export class DebtPages0057 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(
      `create table if not exists "debt_pages" ("subscription_id" uuid not null, "returns_to" text check ("returns_to" in ('console', 'link')) not null, "provider_invoice_id" varchar(255) not null, "session_id" varchar(255) not null, "url" text null, "named_at" timestamptz(6) not null, "expires_at" timestamptz(6) not null, primary key ("subscription_id", "returns_to"), constraint "debt_pages_subscription_id_foreign" foreign key ("subscription_id") references "subscriptions" ("id") on delete cascade)`,
    )
    this.addSql(
      `alter table "reconciliation_findings" drop constraint if exists "reconciliation_findings_kind_check", add constraint "reconciliation_findings_kind_check" check ("kind" in ('event_recovered', 'corrected', 'unknown_at_provider', 'against_rules', 'refund_refused')) not valid`,
    )
    this.addSql(`alter table "reconciliation_findings" validate constraint "reconciliation_findings_kind_check"`)
    this.addSql(`drop index concurrently if exists "reconciliation_findings_waiting"`)
    this.addSql(
      `create index concurrently "reconciliation_findings_waiting" on "reconciliation_findings" ("kind", "found_at", "id") where "kind" in ('unknown_at_provider', 'against_rules', 'refund_refused')`,
    )
    this.addSql(`drop index concurrently if exists "reconciliation_findings_open"`)
  }
}
