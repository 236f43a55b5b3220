import { Migration } from '@mikro-orm/migrations'

/** A finding may say that an operator made a subscription which breaks a rule of ours. */
export class OperatorsFindings0013 extends Migration {
  override up(): void {
    this.addSql(
      `alter table "reconciliation_findings" drop constraint "reconciliation_findings_kind_check", add constraint "reconciliation_findings_kind_check" check ("kind" in ('event_recovered', 'corrected', 'unknown_at_provider', 'against_rules'));`,
    )
  }
}
