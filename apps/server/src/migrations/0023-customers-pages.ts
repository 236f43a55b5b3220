import { Migration } from '@mikro-orm/migrations'

/**
 * What customers' pages show of plans and invoices, and where a mailed link leads on to. All new columns may be null or
 * have a constant default, so no table is rewritten, and the previous version inserts rows as before.
 */
export class CustomersPages0023 extends Migration {
  override up(): void {
    this.addSql(
      `alter table "plans" add column if not exists "description" varchar(500) null, add column if not exists "sort_order" int not null default 0, add column if not exists "highlighted" boolean not null default false`,
    )
    this.addSql(
      `alter table "payments" add column if not exists "invoice_pdf_url" text null, add column if not exists "invoice_number" varchar(255) null, add column if not exists "plan_name" varchar(100) null`,
    )
    this.addSql(`alter table "one_time_tokens" add column if not exists "redirect_to" text null`)
  }
}
