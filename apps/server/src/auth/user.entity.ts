import { defineEntity, p } from '@mikro-orm/core'
import { newId } from '../platform/database/ids.ts'

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  indexes: [
    { name: 'users_newest', properties: ['createdAt', 'id'] },
    // The few that an admin looks for among the many; they are counted by these, too.
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
    /** Trimmed, lower-cased, the domain in its ASCII form. */
    email: p.string().length(254).unique('users_email_unique'),
    username: p.string().length(32),
    /** The lower-cased username: names are unique without regard to case. */
    usernameKey: p.string().length(32).unique('users_username_unique'),
    /** A PHC string (Argon2id), or null for an account that never had a password. */
    passwordHash: p.text().nullable(),
    isVerified: p.boolean().default(false),
    isActive: p.boolean().default(true),
    isAdmin: p.boolean().default(false),
    /** How the account came to be; a later link to another provider does not change it. */
    provider: p.enum(['local', 'google', 'github'] as const).default('local'),
    createdAt: p.datetime(6),
    /** Only the unit of work knows whether a row has really changed, and it has no clock. */
    updatedAt: p.datetime(6).onUpdate(() => new Date()),
  },
})

export class User extends UserSchema.class {}
UserSchema.setClass(User)
