import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  indexes: [
    { name: 'users_newest', properties: ['createdAt', 'id'] },
    // Partial indexes for the small groups that an admin filters by or counts.
    { name: 'users_admins', properties: ['createdAt', 'id'], where: { isAdmin: true } },
    { name: 'users_inactive', properties: ['createdAt', 'id'], where: { isActive: false } },
    { name: 'users_unverified', properties: ['createdAt', 'id'], where: { isVerified: false } },
    {
      name: 'users_search',
      expression: `create index "users_search" on "users" using gin (trigrams("email" || ' ' || "username_key"));`,
    },
  ],
  properties: {
    id: p.uuid().primary().onCreate(newId),
    /** Trimmed and lowercased, with the domain in ASCII form. */
    email: p.string().length(254).unique('users_email_unique'),
    username: p.string().length(32),
    /** The lowercased username: usernames are unique regardless of case. */
    usernameKey: p.string().length(32).unique('users_username_unique'),
    /** A PHC string (Argon2id); null for an account without a password. */
    passwordHash: p.text().nullable(),
    isVerified: p.boolean().default(false),
    isActive: p.boolean().default(true),
    isAdmin: p.boolean().default(false),
    /** How the account was opened. Linking another provider later doesn't change it. */
    provider: p.enum(['local', 'google', 'github'] as const).default('local'),
    /** Fields of the product on this server, which the user may read; null is none. */
    publicData: p.json<Record<string, unknown>>().nullable(),
    /** Fields that only operators and service keys may read; null is none. */
    privateData: p.json<Record<string, unknown>>().lazy().nullable(),
    createdAt: p.datetime(6),
    /** Only the unit of work knows whether a row has really changed, and it has no clock. */
    updatedAt: p.datetime(6).onUpdate(() => new Date()),
  },
})

export class User extends UserSchema.class {}
UserSchema.setClass(User)
