import { Migration } from '@mikro-orm/migrations'

/**
 * Records each end of a session, whatever ends it: this version of the server or the previous one, a cascade, or SQL by
 * hand. Disabling a user counts as the end of their sessions, because their access tokens are refused from then on.
 */
export class SessionEnds0049 extends Migration {
  override up(): void {
    this.addSql(
      `create table if not exists "session_ends" ("seq" bigserial primary key, "session_id" uuid not null, "ended_at" timestamptz(6) not null, "recorded_at" timestamptz(6) not null default clock_timestamp(), "transaction" xid8 not null default pg_current_xact_id());`,
    )
    this.addSql(`create index if not exists "session_ends_transaction" on "session_ends" ("transaction");`)
    this.addSql(`create index if not exists "session_ends_oldest" on "session_ends" ("recorded_at", "seq");`)
    for (const statement of FUNCTIONS) this.addSql(statement)
    for (const [name, definition] of Object.entries(TRIGGERS)) {
      this.addSql(`create or replace trigger "${name}" ${definition}`)
    }
  }
}

const FUNCTIONS = [
  `create or replace function note_session_end() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' then
       insert into session_ends (session_id, ended_at) values (old.id, clock_timestamp());
     else
       insert into session_ends (session_id, ended_at) values (new.id, coalesce(new.ended_at, clock_timestamp()));
     end if;
     return null;
   end $$`,

  `create or replace function note_session_ends_of_user() returns trigger language plpgsql as $$
   begin
     insert into session_ends (session_id, ended_at)
       select id, clock_timestamp() from sessions
       where user_id = new.id and ended_at is null and expires_at > now();
     return null;
   end $$`,

  `create or replace function note_all_session_ends() returns trigger language plpgsql as $$
   begin
     insert into session_ends (session_id, ended_at)
       select id, clock_timestamp() from sessions where ended_at is null and expires_at > now();
     return null;
   end $$`,
]

const TRIGGERS = {
  sessions_note_end: `after update of ended_at, expires_at on sessions for each row
    when ((old.ended_at is null and new.ended_at is not null)
      or (new.expires_at < old.expires_at and new.expires_at <= now()))
    execute function note_session_end()`,
  sessions_note_delete: `after delete on sessions for each row
    when (old.ended_at is null and old.expires_at > now()) execute function note_session_end()`,
  sessions_note_truncate: `before truncate on sessions for each statement execute function note_all_session_ends()`,
  users_note_session_ends: `after update of is_active on users for each row
    when (old.is_active and not new.is_active) execute function note_session_ends_of_user()`,
}
