import { defineEntity, p } from '@mikro-orm/core'
import { User } from './user.entity.ts'

/** A user's only valid login code: a newer code replaces it. */
const LoginCodeSchema = defineEntity({
  name: 'LoginCode',
  tableName: 'login_codes',
  properties: {
    user: () => p.oneToOne(User).ref().primary().deleteRule('cascade'),
    /** A PHC string (Argon2id): six digits can be found from a fast hash at once. */
    codeHash: p.text(),
    wrongTries: p.integer().default(0),
    createdAt: p.datetime(6),
    expiresAt: p.datetime(6).index('login_codes_expires_at'),
  },
})

export class LoginCode extends LoginCodeSchema.class {}
LoginCodeSchema.setClass(LoginCode)
