import { Migration } from '@mikro-orm/migrations'

/** Audit rows can only be added and read. This applies to everyone, including the owner of the table. */
export class AppendOnlyAudit0002 extends Migration {
  override up(): void {
    this.addSql(`
      create function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        raise exception 'audit entries can not be changed or removed';
      end
      $$`)
    this.addSql(`
      create trigger audit_entries_append_only before update or delete on audit_entries
      for each row execute function refuse_audit_change()`)
    this.addSql(`
      create trigger audit_entries_no_truncate before truncate on audit_entries
      for each statement execute function refuse_audit_change()`)
  }
}
