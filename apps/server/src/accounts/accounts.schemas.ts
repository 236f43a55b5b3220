import { z } from 'zod'
import { EmailAddress } from '../auth/auth.schemas.ts'
import { AccountPublicChange, AccountPublicData } from '../platform/own-data.schemas.ts'
import { isStandInAddress, RESERVED_DOMAIN } from '../platform/reserved-domain.ts'

const accountId = z.uuid('must be an account id').toLowerCase()
const userId = z.uuid('must be a user id').toLowerCase()
const invitationId = z.uuid('must be an invitation id').toLowerCase()
const token = z.string().min(1, 'is missing').max(4096, 'is too long')

const role = z.enum(['owner', 'admin', 'billing', 'member'])

/** Characters that turn the direction of what follows, or begin a line. */
const TURNING = /[\u2028-\u202e\u2066-\u2069]/
/** Letters, digits and signs. A name of spaces and joiners alone would be blank in a mail, although it is not empty. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u
const LINK = /:\/\/|\bwww\./i

/** Emails to strangers have the name in them, so it may not be a link, or change the text around it. */
const name = z
  .string()
  .trim()
  .min(1, 'is missing')
  .max(100, 'must be at most 100 characters long')
  .regex(/^\P{Cc}*$/u, 'contains characters that cannot be shown')
  .refine((text) => text.isWellFormed() && !TURNING.test(text), 'contains characters that cannot be shown')
  .refine((text) => VISIBLE.test(text), 'has nothing that can be seen')
  .refine((text) => !LINK.test(text), 'must not be a link')

export const AccountView = z
  .object({
    id: z.uuid(),
    kind: z.enum(['personal', 'organization']),
    name: z.string().describe('A personal account without a name of its own is called like its user.'),
    role: role.describe("The caller's own role."),
    publicData: AccountPublicData,
    createdAt: z.date(),
  })
  .meta({ id: 'Account', description: 'Who pays: the personal account of a user, or an organization with members.' })
export type AccountView = z.infer<typeof AccountView>
export const AccountList = z.array(AccountView)

export const AccountDetails = AccountView.extend({
  members: z.int().describe('How many members it has.'),
  seats: z
    .object({
      used: z.int(),
      included: z.int().describe("Members that the plan's price covers."),
      max: z.int().nullable().describe('Maximum members; null if there is no maximum.'),
    })
    .nullable()
    .describe('Null if the plan does not count members.'),
}).meta({ id: 'AccountDetails', description: 'An account with its number of members.' })
export type AccountDetails = z.infer<typeof AccountDetails>

export const CreateAccountInput = z.object({ name })
export type CreateAccountInput = z.infer<typeof CreateAccountInput>

export const ByAccount = z.object({ accountId })

export const UpdateAccountInput = z.object({
  accountId,
  name: name.nullable().optional().describe('Null gives a personal account the name of its user again.'),
  publicData: AccountPublicChange.optional(),
})
export type UpdateAccountInput = z.infer<typeof UpdateAccountInput>

const page = {
  cursor: z.string().max(200).nullish().describe('The `nextCursor` of the previous page.'),
  limit: z.int().min(1, 'must be between 1 and 100').max(100, 'must be between 1 and 100').default(20),
}

export const PageOfAccount = z.object({ accountId, ...page })
export type PageOfAccount = z.infer<typeof PageOfAccount>

export const MemberView = z
  .object({
    user: z.object({ id: z.uuid(), username: z.string(), email: z.string() }),
    role,
    joinedAt: z.date(),
  })
  .meta({ id: 'Member', description: 'A user who belongs to an account.' })
export type MemberView = z.infer<typeof MemberView>
export const MemberPage = z.object({ items: z.array(MemberView), nextCursor: z.string().nullable() })

export const SetRoleInput = z.object({ accountId, userId, role })
export type SetRoleInput = z.infer<typeof SetRoleInput>

export const ByMember = z.object({ accountId, userId })
export type ByMember = z.infer<typeof ByMember>

export const InvitationView = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role,
    invitedBy: z.string().nullable().describe('The username of the member who sent it last.'),
    createdAt: z.date(),
    sentAt: z.date().describe('When it was sent last.'),
    expiresAt: z.date(),
    isExpired: z.boolean().describe('An expired invitation can be sent again.'),
  })
  .meta({ id: 'Invitation', description: 'An open invitation to join an account.' })
export type InvitationView = z.infer<typeof InvitationView>
export const InvitationPage = z.object({ items: z.array(InvitationView), nextCursor: z.string().nullable() })

export const InviteInput = z.object({
  accountId,
  email: EmailAddress.refine((address) => !isStandInAddress(address), `addresses at ${RESERVED_DOMAIN} are reserved`),
  role,
})
export type InviteInput = z.infer<typeof InviteInput>
export const InviteResult = z.object({
  invitation: InvitationView,
  price: z
    .object({
      dueNowCents: z
        .int()
        .describe('What is charged at once; usually 0, because the rest of the period is on the next invoice.'),
      nextPaymentCents: z.int().describe('The next payment with one more member, with the rest of this period.'),
      currency: z.string(),
    })
    .nullable()
    .describe('What it costs when the person joins; null if it costs nothing.'),
})
export type InviteResult = z.infer<typeof InviteResult>

export const ByInvitation = z.object({ accountId, invitationId })
export type ByInvitation = z.infer<typeof ByInvitation>

export const ByInvitationToken = z.object({ token })

export const ReceivedInvitation = z
  .object({
    accountName: z.string(),
    role,
    email: z.string().describe('The address that was invited.'),
    invitedBy: z.string().describe('The username of the member who sent it.'),
    expiresAt: z.date(),
  })
  .meta({ id: 'ReceivedInvitation', description: 'An invitation, as the invited person sees it.' })
export type ReceivedInvitation = z.infer<typeof ReceivedInvitation>

export const Nothing = z.object({})
