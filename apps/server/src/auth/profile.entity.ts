import { defineEntity, p } from '@mikro-orm/core'
import { User } from './user.entity.ts'

const ProfileSchema = defineEntity({
  name: 'Profile',
  tableName: 'profiles',
  properties: {
    user: () => p.oneToOne(User).ref().primary().deleteRule('cascade'),
    firstName: p.string().length(100).nullable(),
    lastName: p.string().length(100).nullable(),
    avatarUrl: p.text().nullable(),
    /** An IANA name that this server knew when it was stored. Null: never chosen. */
    timeZone: p.text().nullable(),
    /** Only the unit of work knows whether a row has really changed, and it has no clock. */
    updatedAt: p.datetime(6).onUpdate(() => new Date()),
  },
})

export class Profile extends ProfileSchema.class {}
ProfileSchema.setClass(Profile)
