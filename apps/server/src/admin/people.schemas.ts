import { z } from 'zod'
import { UserView } from '../auth/auth.schemas.ts'
import { IdentityList } from '../auth/identity.schemas.ts'
import { ProfileView } from '../auth/profile.schemas.ts'
import { SubscriptionView } from '../billing/billing.schemas.ts'
import { pageOf } from './admin.schemas.ts'

export { ListAccountsInput as ListUsersInput, UpdateAccountInput as UpdateUserInput } from '../auth/account.schemas.ts'
export { UserView } from '../auth/auth.schemas.ts'

export const UserPage = pageOf(UserView)
export const UserDetails = UserView.extend({
  profile: ProfileView,
  identities: IdentityList,
  subscriptions: z.array(SubscriptionView),
  stripeCustomerId: z.string().nullable(),
})
export type UserDetails = z.infer<typeof UserDetails>
