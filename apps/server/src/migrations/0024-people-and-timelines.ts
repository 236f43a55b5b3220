import { Migration } from '@mikro-orm/migrations'

/** For the operators' lists of people and accounts, and for the timeline, which reads each of its sources by an index. */
const INDEXES = [
  `index concurrently "accounts_newest" on "accounts" ("created_at", "id")`,
  `index concurrently "accounts_organizations" on "accounts" ("created_at", "id") where "kind" = 'organization'`,
  `index concurrently "accounts_search" on "accounts" using gin (trigrams(lower("name"))) where "name" is not null`,
  `index concurrently "subscriptions_past_due" on "subscriptions" ("account_id") where "status" in ('past_due', 'unpaid')`,
  `index concurrently "sessions_user_newest" on "sessions" ("user_id", "created_at", "id")`,
  `index concurrently "mails_recipient" on "mails" ("recipient", "created_at", "id")`,
  `index concurrently "mails_account" on "mails" ("account_id", "created_at", "id") where "account_id" is not null`,
  `index concurrently "invitations_email" on "invitations" ("email", "created_at", "id")`,
  `index concurrently "audit_entries_target_newest" on "audit_entries" ("target_id", "created_at", "id")`,
  `index concurrently "audit_entries_actor_newest" on "audit_entries" ("actor_id", "created_at", "id")`,
  `index concurrently "audit_entries_member" on "audit_entries" (coalesce("after" ->> 'userId', "before" ->> 'userId'), "created_at", "id") where "action" like 'member.%'`,
  // An expanded customer is an object of any size, and PostgreSQL refuses a row whose index entry is too large.
  `index concurrently "provider_events_customer" on "provider_events" (left(coalesce("payload" #>> '{data,object,customer}', "payload" #>> '{data,object,id}'), 255), "received_at", "id")`,
]

/**
 * Mails to members of an organization name it, so that they are found by it. Older rows, and those of the previous
 * version, do not: they are found by the recipient only.
 */
export class PeopleAndTimelines0024 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(`alter table "mails" add column if not exists "account_id" uuid null`)
    for (const definition of INDEXES) {
      const name = /"(\w+)"/.exec(definition)?.[1] ?? ''
      // An earlier attempt that was interrupted has left an invalid index.
      this.addSql(`drop index concurrently if exists "${name}"`)
      this.addSql(`create ${definition}`)
    }
  }
}
