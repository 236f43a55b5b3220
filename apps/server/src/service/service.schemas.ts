import { z } from 'zod'
import { EmailAddress, UserView } from '../auth/auth.schemas.ts'
import { PageInput } from '../billing/billing.schemas.ts'
import { AccountPublicData } from '../platform/own-data.schemas.ts'
import { ServiceScope } from '../platform/service-scopes.schemas.ts'
import { moment, storableText } from '../platform/values.schemas.ts'

export { MemberPage, type MemberView } from '../accounts/accounts.schemas.ts'
export { UserView }
export {
  AccountOwnData,
  ChangeAccountDataInput,
  ChangeUserDataInput,
  UserOwnData,
} from '../platform/own-data.schemas.ts'
export { EntitlementsView } from '../billing/feature.schemas.ts'
export { EventPage, ListEventsInput } from '../events/events.schemas.ts'
export { ConsumeInput, GiveBackInput, SettleInput, UsageView } from '../billing/usage.schemas.ts'

const id = z.uuid('must be an id').toLowerCase()
export const ById = z.object({ id })
export const ByIdInPages = PageInput.extend({ id })
export type ByIdInPages = z.infer<typeof ByIdInPages>

export const ByEmail = z.object({ email: EmailAddress })
export const UserPage = z.object({ items: z.array(UserView), nextCursor: z.string().nullable() })

export const IntrospectInput = z.object({ token: z.string().max(10_000, 'is too long') })
export const Introspection = z
  .object({
    active: z.boolean().describe('Whether the token would be accepted now. If not, the other fields are missing.'),
    user: UserView.optional(),
    sessionId: z.uuid().optional(),
    expiresAt: z.date().optional(),
  })
  .meta({ id: 'Introspection', description: 'What is true of an access token now.' })

export const RevocationsInput = z.object({
  after: z.string().max(8_000, 'is too long').optional().describe('The `cursor` of the last answer.'),
  wait: z
    .number('must be a number of seconds')
    .min(0, 'must be from 0 to 25')
    .max(25, 'must be from 0 to 25')
    .default(0)
    .describe('How many seconds to wait while no session has ended.'),
})
export const Revocations = z
  .object({
    sessions: z.array(z.object({ id: z.uuid(), endedAt: z.date() })),
    cursor: z.string().describe('Where to go on: `after` of the next call.'),
  })
  .meta({ id: 'Revocations', description: 'Sessions that have ended. Their access tokens are no longer valid.' })

export const ServiceKeyView = z.object({
  id: z.uuid(),
  name: z.string(),
  start: z.string(),
  scopes: z.array(ServiceScope),
  createdAt: z.date(),
  expiresAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
  lastUsedAt: z.date().nullable(),
})
export type ServiceKeyView = z.infer<typeof ServiceKeyView>

export const CreatedServiceKey = ServiceKeyView.extend({ key: z.string() })
export type CreatedServiceKey = z.infer<typeof CreatedServiceKey>

export const ServiceKeyPage = z.object({ items: z.array(ServiceKeyView), nextCursor: z.string().nullable() })

export const CreateServiceKeyInput = z.object({
  name: storableText.trim().min(1, 'must not be empty').max(100, 'must have at most 100 characters'),
  scopes: z
    .array(ServiceScope)
    .min(1, 'must name at least one scope')
    .max(20, 'must have at most 20 scopes')
    .transform((scopes) => [...new Set(scopes)]),
  expiresAt: moment.optional(),
})
export type CreateServiceKeyInput = z.infer<typeof CreateServiceKeyInput>

export const ListServiceKeysInput = PageInput
export type ListServiceKeysInput = z.infer<typeof ListServiceKeysInput>

export const AccountFacts = z
  .object({
    id: z.uuid(),
    kind: z.enum(['personal', 'organization']),
    name: z.string(),
    isOpen: z.boolean().describe('False for a deleted organization, and for the account of a disabled user.'),
    members: z.number().int(),
    publicData: AccountPublicData,
    createdAt: z.date(),
  })
  .meta({ id: 'AccountFacts', description: 'An account, as other programs see it.' })
export type AccountFacts = z.infer<typeof AccountFacts>
