import type { EntityManager } from '@mikro-orm/postgresql'
import { inBatchesByTick } from '../../platform/database/batches.ts'
import { runPrepared } from '../../platform/database/prepared.ts'
import type { RefreshClaims } from './tokens.ts'
import { USER_COLUMNS, type UserRow } from './user-view.ts'

/** A presented refresh token and its successor. */
export interface Rotation {
  readonly old: RefreshClaims
  /** The hashes under which the presented token may be stored. */
  readonly oldHashes: readonly string[]
  readonly next: RefreshClaims & { readonly hash: string; readonly keyId: string }
}

/** @returns the token's user; undefined when the token is not the newest of an open session: then nothing was done. */
export type RotateRefreshToken = (rotation: Rotation) => Promise<UserRow | undefined>

/**
 * Rows are locked in one order, so that two statements with the same tokens can't deadlock. After waiting for a lock,
 * PostgreSQL checks the committed row again: of two statements that rotate one token, the second does nothing.
 */
const ROTATE = {
  name: 'rotate-refresh-tokens',
  text: `with asked as (
       select * from jsonb_to_recordset($1) as asked (
         place int, jti uuid, session_id uuid, user_id uuid, hashes text[],
         next_jti uuid, next_hash text, next_key_id text, at timestamptz, next_expires_at timestamptz)
     ), valid as (
       select asked.*, ${USER_COLUMNS}
       from asked
         join refresh_tokens r on r.jti = asked.jti and r.session_id = asked.session_id
         join sessions s on s.id = r.session_id and s.user_id = asked.user_id
         join users u on u.id = s.user_id
       where r.rotated_at is null and r.expires_at > asked.at and r.hash = any(asked.hashes)
         and s.ended_at is null and s.expires_at > asked.at and u.is_active
       order by r.jti for no key update of r
     ), rotated as (
       update refresh_tokens r set rotated_at = valid.at, replaced_by_jti = valid.next_jti
       from valid where r.jti = valid.jti
       returning valid.*
     ), successors as (
       insert into refresh_tokens (jti, session_id, hash, key_id, issued_at, expires_at)
       select next_jti, session_id, next_hash, next_key_id, at, next_expires_at from rotated
     )
     select * from rotated`,
}

interface RotatedRow extends UserRow {
  place: number
}

/**
 * Creates the function that rotates refresh tokens: it revokes the old token and links it to its successor.
 *
 * Every client calls this every few minutes, so one statement serves all requests that arrive together. For each token
 * it checks, revokes, and inserts, or does nothing.
 *
 * @param em provides the connections only.
 * @see docs/decisions/0006-refresh-families.md
 */
export function createRefreshTokenRotation(em: EntityManager): RotateRefreshToken {
  return inBatchesByTick(async (rotations: readonly Rotation[]) => {
    const byToken = new Map(rotations.map((rotation) => [rotation.old.jti, rotation]))
    const asked = [...byToken.values()] // a token that arrives twice is rotated once
    const rows = await runPrepared<RotatedRow>(em, ROTATE, [JSON.stringify(asked.map(rowOf))])
    const done = new Map(rows.map((row) => [asked[row.place], row]))
    return rotations.map((rotation) => done.get(rotation))
  })
}

function rowOf({ old, oldHashes, next }: Rotation, place: number) {
  return {
    ...{ place, jti: old.jti, session_id: old.sessionId, user_id: old.userId, hashes: oldHashes },
    ...{ next_jti: next.jti, next_hash: next.hash, next_key_id: next.keyId },
    ...{ at: next.issuedAt, next_expires_at: next.expiresAt },
  }
}
