import { Migration } from '@mikro-orm/migrations'

/**
 * Removes the time of a session's last use: its newest refresh token already has it. Writing it again cost every
 * refresh an update and a lock on the session.
 */
export class SessionWithoutLastUse0010 extends Migration {
  override up(): void {
    this.addSql(`
      create or replace function open_session(
        of_user uuid, with_hash text, new_hash text, ends_others boolean, opened_at timestamptz,
        new_session uuid, from_ip text, from_user_agent text, session_ends_at timestamptz,
        new_jti uuid, token_hash text, token_key text, token_ends_at timestamptz
      ) returns setof users language plpgsql as $$
      declare
        owner users;
      begin
        select * into owner from users
        where id = of_user and (with_hash is null or password_hash = with_hash) for update;
        if not found then return; end if;
        if owner.is_active then
          if new_hash is not null then
            update users set password_hash = new_hash, updated_at = opened_at where id = of_user;
          end if;
          if ends_others then
            update sessions set ended_at = opened_at, ended_reason = 'replaced'
            where user_id = of_user and ended_at is null;
          end if;
          insert into sessions (id, user_id, ip, user_agent, created_at, expires_at)
          values (new_session, of_user, from_ip, from_user_agent, opened_at, session_ends_at);
          insert into refresh_tokens (jti, session_id, hash, key_id, issued_at, expires_at)
          values (new_jti, new_session, token_hash, token_key, opened_at, token_ends_at);
        end if;
        return next owner;
      end $$`)
    this.addSql('alter table "sessions" drop column "last_used_at";')
  }
}
