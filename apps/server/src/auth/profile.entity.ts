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
    updatedAt: p
      .datetime(6)
      .onCreate(() => new Date())
      .onUpdate(() => new Date()),
  },
})

export class Profile extends ProfileSchema.class {}
ProfileSchema.setClass(Profile)
