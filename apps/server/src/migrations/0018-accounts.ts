import { Migration } from '@mikro-orm/migrations'

/** How many users one transaction gives an account. */
const ROWS = 5_000

/**
 * Gives every user a personal account, which has the user's id.
 *
 * A trigger does it for new users, in the statement that inserts them. So it holds for every way to sign up, and for
 * sign-ups at processes of the previous version.
 *
 * `users` is never locked for longer than a moment, and each statement can be repeated if it was interrupted.
 */
export class Accounts0018 extends Migration {
  override isTransactional(): boolean {
    return false
  }

  override up(): void {
    this.addSql(
      `create table if not exists "accounts" ("id" uuid not null, "kind" text not null, "name" varchar(100) null, "created_at" timestamptz(6) not null, "closed_at" timestamptz(6) null, primary key ("id"), constraint "accounts_kind_check" check ("kind" in ('personal', 'organization')))`,
    )
    this.addSql(
      `create table if not exists "members" ("account_id" uuid not null, "user_id" uuid not null, "role" text not null, "joined_at" timestamptz(6) not null, primary key ("account_id", "user_id"), constraint "members_role_check" check ("role" in ('owner', 'admin', 'billing', 'member')), constraint "members_account_id_foreign" foreign key ("account_id") references "accounts" ("id") on update cascade on delete cascade, constraint "members_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade)`,
    )
    this.addSql(`create index if not exists "members_user" on "members" ("user_id")`)
    this.addSql(
      `create table if not exists "invitations" ("id" uuid not null, "account_id" uuid not null, "email" varchar(254) not null, "role" text not null, "invited_by_id" uuid null, "status" text not null default 'open', "created_at" timestamptz(6) not null, "sent_at" timestamptz(6) not null, "expires_at" timestamptz(6) not null, "ended_at" timestamptz(6) null, primary key ("id"), constraint "invitations_role_check" check ("role" in ('owner', 'admin', 'billing', 'member')), constraint "invitations_status_check" check ("status" in ('open', 'accepted', 'revoked')), constraint "invitations_account_id_foreign" foreign key ("account_id") references "accounts" ("id") on delete cascade, constraint "invitations_invited_by_id_foreign" foreign key ("invited_by_id") references "users" ("id") on delete set null)`,
    )
    this.addSql(
      `create unique index if not exists "invitations_open" on "invitations" ("account_id", "email") where "status" = 'open'`,
    )
    this.addSql(`create index if not exists "invitations_account" on "invitations" ("account_id", "created_at", "id")`)
    this.addSql(`
      create or replace function add_personal_account() returns trigger language plpgsql as $$
      begin
        insert into accounts (id, kind, created_at) values (new.id, 'personal', new.created_at) on conflict do nothing;
        insert into members (account_id, user_id, role, joined_at)
          values (new.id, new.id, 'owner', new.created_at) on conflict do nothing;
        return null;
      end $$`)
    this.addSql(
      `create or replace trigger "users_personal_account" after insert on "users" for each row execute function add_personal_account()`,
    )
    this.addSql(`
      create or replace function remove_personal_account() returns trigger language plpgsql as $$
      begin
        delete from accounts where id = old.id;
        return null;
      end $$`)
    this.addSql(
      `create or replace trigger "users_without_account" after delete on "users" for each row execute function remove_personal_account()`,
    )
    this.addSql(`
      do $$
      declare
        done uuid := '00000000-0000-0000-0000-000000000000';
        range_end uuid;
      begin
        loop
          select id into range_end from users where id > done order by id offset ${ROWS - 1} limit 1;
          with old_users as (
            select id, created_at from users where id > done and (range_end is null or id <= range_end)
          ), added as (
            insert into accounts (id, kind, created_at) select id, 'personal', created_at from old_users
            on conflict do nothing
          )
          insert into members (account_id, user_id, role, joined_at) select id, id, 'owner', created_at from old_users
          on conflict do nothing;
          commit;
          exit when range_end is null;
          done := range_end;
        end loop;
      end $$`)
  }
}
