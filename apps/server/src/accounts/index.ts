import { Account } from './account.entity.ts'
import { Invitation } from './invitation.entity.ts'
import { Member } from './member.entity.ts'

export const accountsEntities = [Account, Member, Invitation]
